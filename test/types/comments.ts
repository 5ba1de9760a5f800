// What the source says about itself: doc comments of the public arguments, and the error codes it can throw.

import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import ts from "typescript";

export const repository = resolve(__dirname, "../..");

/** Every source file of the shipped code, parsed. */
export function parseProvider(folder = "provider"): ts.SourceFile[] {
  return readdirSync(join(repository, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => join(repository, folder, file))
    .map((file) => ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2023, true));
}

/** Literals of the same form that are no codes: paths of a document, names of files, options of a library. */
const others = new Set([
  "destination.connection",
  "grpc.max_receive_message_length",
  "grpc.max_send_message_length",
  "index.ts",
  "package.json",
  "pulumi.json",
  "spec.envs",
  "tsconfig.json",
]);

/** Stable dotted codes: literals that are one, or texts that begin with one and a colon. */
export function listCodes(files: readonly ts.SourceFile[]): string[] {
  const codes = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node)) {
      for (const [, code] of node.text.matchAll(/(?:^|")([a-z]+\.[a-z_]+)(?:$|: )/g))
        if (code && !others.has(code)) codes.add(code);
    }
    node.forEachChild(visit);
  };
  files.forEach(visit);
  return [...codes].sort();
}

/** Codes that doc comments promise: `Errors: ` and the names in backticks after it. */
export function listPromisedCodes(files: readonly ts.SourceFile[]): string[] {
  const promises = files.flatMap((file) => file.text.match(/Errors: [^/]*?(?=\*\/|\n)/g) ?? []);
  return promises.flatMap((line) => [...line.matchAll(/`([a-z]+\.[a-z_]+)`/g)].map(([, code]) => code ?? ""));
}

/** Members of the public arguments that say nothing about themselves, as `Interface.member`. */
export function listSilentMembers(files: readonly ts.SourceFile[]): string[] {
  const interfaces = files
    .flatMap((file) => file.statements.filter(ts.isInterfaceDeclaration))
    .filter(({ name }) => name.text.endsWith("Args"));
  const documented = new Set(
    files
      .flatMap((file) => [...file.statements])
      .filter(hasComment)
      .map(nameOf),
  );
  return interfaces.flatMap(({ name, members }) =>
    members.filter((member) => !speaks(member, documented)).map((member) => `${name.text}.${nameOf(member)}`),
  );
}

/**
 * A comment of its own; or a literal that tells kinds apart; or a type of ours that is documented itself, or spelled out with
 * every member documented. A comment that restates a name is not asked for.
 */
function speaks(member: ts.TypeElement, documented: ReadonlySet<string>): boolean {
  if (hasComment(member)) return true;
  const type = ts.isPropertySignature(member) ? member.type : undefined;
  if (!type) return false;
  if (ts.isLiteralTypeNode(type)) return true;
  if (ts.isTypeLiteralNode(type)) return type.members.every((inner) => speaks(inner, documented));
  return [...type.getText().matchAll(/\w+Args\b/g)].some(([name]) => documented.has(name));
}

function hasComment(node: ts.Node): boolean {
  return ts.getJSDocCommentsAndTags(node).length > 0;
}

function nameOf(node: ts.Node): string {
  return ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node) || ts.isPropertySignature(node)
    ? node.name.getText()
    : "";
}
