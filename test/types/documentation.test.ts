// The documents say what the source says: argument comments, the table of error codes, and programs that compile.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { errorCodes } from "../../provider/error-codes.js";
import { listCodes, listPromisedCodes, listSilentMembers, parseProvider, repository } from "./comments.js";

const read = (file: string) => readFileSync(join(repository, file), "utf8");
const provider = parseProvider();
const codes = listCodes(provider.filter(({ fileName }) => !fileName.endsWith("provider/error-codes.ts")));

describe("the public arguments", () => {
  it("have a comment on every member that does not explain itself", () => {
    expect(listSilentMembers(parseProvider("provider/resources"))).toEqual([]);
  });

  it("promise only error codes that exist", () => {
    expect(listPromisedCodes(provider).length).toBeGreaterThan(10);
    expect(listPromisedCodes(provider).filter((code) => !codes.includes(code))).toEqual([]);
  });
});

describe("the table of error codes", () => {
  it("has every code that the source uses, and no other", () => {
    expect(Object.keys(errorCodes).sort()).toEqual(codes);
  });

  it("is sorted, so that a code is found", () => {
    expect(Object.keys(errorCodes)).toEqual(Object.keys(errorCodes).toSorted());
  });

  it("says everything in one sentence each", () => {
    const sentences = Object.values(errorCodes).flatMap(({ meaning, remedy }) => [meaning, remedy]);
    expect(sentences.filter((text) => !/^[A-Z`][^|\n]*[^.]\.$/.test(text) || /\. [A-Z]/.test(text))).toEqual([]);
  });

  it("is the page docs/errors.md", () => {
    const rows = [...read("docs/errors.md").matchAll(/^\| `(.+?)` \| (.+?) \| (.+?) \| (yes|no) \|$/gm)];
    const listed = rows.map(([, code, meaning, remedy, retry]) => [
      code,
      { meaning, remedy, retryable: retry === "yes" },
    ]);
    expect(Object.fromEntries(listed)).toEqual(errorCodes);
  });

  it("alone decides whether a retry helps", () => {
    const deciding = provider
      .filter(({ fileName }) => !/provider\/error(?:s|-codes)\.ts$/.test(fileName))
      .filter(({ text }) => /\bretryable:/.test(text));
    expect(deciding.map(({ fileName }) => fileName)).toEqual([]);
  });
});

describe("the README", () => {
  it("names only npm scripts that exist", () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    const named = documents().flatMap((file) =>
      [...read(file).matchAll(/npm (?:run )?(test|(?<=run )[a-z]+)\b/g)].map(([, script]) => script ?? ""),
    );
    expect(named.length).toBeGreaterThan(3);
    expect(named.filter((script) => !(script in scripts))).toEqual([]);
  });

  it("links only to files that exist", () => {
    const broken = documents().flatMap((file) =>
      [...read(file).matchAll(/\]\((?!https?:|#)([^)#]+)/g)]
        .map(([, target]) => join(dirname(file), target ?? ""))
        .filter((target) => !existsSync(join(repository, target))),
    );
    expect(broken).toEqual([]);
  });
});

describe("programs in documents", () => {
  it("compile against the built package", () => {
    const programs = listPrograms();
    expect(programs.size).toBeGreaterThan(0);
    expect(compile(programs)).toEqual([]);
  });
});

function documents(): string[] {
  const examples = readdirSync(join(repository, "examples")).map((name) => `examples/${name}/README.md`);
  return [
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "SECURITY.md",
    "docs/errors.md",
    "provider/README.md",
    "test/README.md",
    ...examples,
  ].filter((file) => existsSync(join(repository, file)));
}

/** Blocks of TypeScript with an import are programs; they lie, for the compiler, beside the examples. */
function listPrograms(): Map<string, string> {
  const blocks = documents().flatMap((file) =>
    [...read(file).matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, text]) => ({ file, text: text ?? "" })),
  );
  const programs = blocks.filter(({ text }) => text.includes("import "));
  return new Map(
    programs.map(({ file, text }, index) => [
      join(repository, "examples/quickstart", `${file.replaceAll(/\W/g, "-")}-${index}.ts`),
      `${text}\nexport {};\n`,
    ]),
  );
}

function compile(programs: ReadonlyMap<string, string>): string[] {
  const configFile = join(repository, "examples/quickstart/tsconfig.json");
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(configFile, (file) => readFileSync(file, "utf8")).config,
    ts.sys,
    dirname(configFile),
  );
  const disk = ts.createCompilerHost(options);
  const host: ts.CompilerHost = {
    ...disk,
    fileExists: (file) => programs.has(file) || disk.fileExists(file),
    readFile: (file) => programs.get(file) ?? disk.readFile(file),
    getSourceFile: (file, language, onError) => {
      const text = programs.get(file);
      return text === undefined
        ? disk.getSourceFile(file, language, onError)
        : ts.createSourceFile(file, text, language);
    },
  };
  const diagnostics = ts.getPreEmitDiagnostics(ts.createProgram([...programs.keys()], options, host));
  return diagnostics.map(
    ({ file, messageText }) => `${file?.fileName ?? ""}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`,
  );
}
