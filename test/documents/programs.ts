// Programs that documents show: one TypeScript program over all of them, against the types of the package.

import { join } from "node:path";
import ts from "typescript";
import { type Block, repository } from "./markdown.js";

/** What stands before the examples of the reference, which are made of comments and say only what is new. */
const given: Readonly<Record<string, string>> = {
  "docs/reference.md": `import * as digitalocean from "@pulumi/digitalocean";
    import { ignoreEnvChanges, registerAs } from "pulumi-secret-sync";
    const spec = { name: "web", services: [{ name: "web" }] };\n`,
};

/** @returns what the compiler says, as `README.md:12: …` */
export function compileBlocks(blocks: readonly Block[]): string[] {
  const programs = new Map(
    blocks.map((block, index) => [
      join(repository, "docs", `block-${index}.ts`),
      { ...block, source: `${given[block.file] ?? ""}${block.text}\nexport {};\n` },
    ]),
  );
  const options = readOptions();
  const disk = ts.createCompilerHost(options);
  const host: ts.CompilerHost = {
    ...disk,
    fileExists: (file) => programs.has(file) || disk.fileExists(file),
    readFile: (file) => programs.get(file)?.source ?? disk.readFile(file),
    getSourceFile: (file, language, onError) => {
      const source = programs.get(file)?.source;
      return source === undefined
        ? disk.getSourceFile(file, language, onError)
        : ts.createSourceFile(file, source, language);
    },
  };
  const program = ts.createProgram([...programs.keys()], options, host);
  // Only the blocks are judged; the package's own sources have a step of the gate to themselves.
  return [...programs].flatMap(([file, { where }]) => {
    const source = program.getSourceFile(file);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      ({ messageText }) => `${where}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`,
    );
  });
}

/** The package by its name is the source beside it, so that nothing has to be built and nothing is out of date. */
function readOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(repository, "tsconfig.json"), (file) => ts.sys.readFile(file));
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, repository);
  const paths = { "pulumi-secret-sync": [join(repository, "provider/index.ts")] };
  return { ...options, noEmit: true, declaration: false, paths };
}
