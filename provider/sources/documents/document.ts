// Pure: turns the bytes of a file or of a command's output into values. Strict everywhere: a half-read document is a deletion.

import type { TextFormat } from "../../../schema/index.js";
import { isSecretSyncError, type Problem, SecretSyncError } from "../../errors.js";
import { redact, type Redacted } from "../../redacted.js";
import { type Content, mapContent, takeFrom } from "./content.js";
import type { DotenvOptions } from "./dotenv.js";
import { checkEncryptedBytes, type Encryption, findEncryption } from "./encryption.js";
import { flattenPlain, readManifest } from "./kubernetes.js";
import { failParsing } from "./tree.js";

/** Orders of magnitude more than a platform takes; anything larger is not a list of secrets. */
export const maxBytes = 10 * 1024 * 1024;

export interface DocumentRequest extends DotenvOptions {
  readonly bytes: Uint8Array;
  readonly format: TextFormat;
  /** Joins nested keys; `_` when absent. */
  readonly separator: string | undefined;
  /** What the bytes are, for messages: `file source "secrets.env"`. */
  readonly origin: string;
  /** The file's own name, for commands in messages. */
  readonly name?: string | undefined;
}

/** Everything that a document holds. The parsers load on first use. */
export async function readDocument(request: DocumentRequest): Promise<Content<Redacted>> {
  const { origin } = request;
  checkDotenvOptions(request);
  checkEncryptedBytes(request.bytes, request);
  const text = decode(request.bytes, origin);
  // An interrupted write and a broken pipe leave nothing; taking that for "no keys" would delete all of them.
  if (text.trim() === "") throw failParsing(origin, `is empty; write ${emptyForms[request.format]} if no key is meant`);
  const encryption = findEncryption(text, request);
  const fail = (problem: Problem) => new SecretSyncError(problem);
  if (encryption !== undefined && encryption.values === undefined) throw fail(encryption.problem);
  const content = await parseText(text, request).catch((error: unknown) => {
    if (encryption !== undefined) throw fail(encryption.problem);
    if (isSecretSyncError(error)) throw error;
    // A stack that overflowed on deep nesting or one huge value. A parser's own message may quote the text.
    throw failParsing(origin, `could not be parsed as ${request.format}; simplify it, or give another \`format\``);
  });
  const { values, faults } = encryption === undefined ? content : blameEncrypted(content, encryption, request);
  return mapContent({ values, faults }, redact);
}

/** Decodes, parses and flattens; every key of the document has to be a value. */
export async function parseDocument(request: DocumentRequest): Promise<Map<string, Redacted>> {
  return takeFrom(await readDocument(request));
}

const emptyForms = {
  json: "{}",
  yaml: "{}",
  dotenv: "a comment",
  kubernetes: "a Secret without data",
} as const satisfies Record<TextFormat, string>;

async function parseText(text: string, request: DocumentRequest): Promise<Content<string>> {
  const { origin, separator = "_" } = request;
  switch (request.format) {
    case "dotenv":
      return (await import("./dotenv.js")).parseDotenv(text, request);
    case "json":
      return flattenPlain((await import("./json.js")).parseJson(text, origin), { separator, origin });
    case "yaml":
      return flattenPlain((await import("./yaml.js")).parseYaml(text, origin), { separator, origin });
    case "kubernetes": {
      const isJson = text.trimStart().startsWith("{");
      const tree = isJson
        ? (await import("./json.js")).parseJson(text, origin)
        : (await import("./yaml.js")).parseYaml(text, origin);
      return readManifest(tree, { separator, origin });
    }
  }
}

/** An option that has no effect would be a reader's mistake. */
export function checkDotenvOptions({
  format,
  dialect,
  expand,
  origin,
}: Omit<DocumentRequest, "bytes" | "separator">): void {
  if (format === "dotenv" || (dialect === undefined && expand === undefined)) return;
  throw new SecretSyncError({
    code: "argument.invalid",
    message: `${origin} is read as ${format}, and \`dialect\` and \`expand\` are about dotenv; remove them, or set \`format\` to "dotenv"`,
  });
}

/** The text of a document, without its BOM. */
export function decode(bytes: Uint8Array, origin: string): string {
  try {
    // Drops the BOM, too.
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    // UTF-16 without a BOM is legal UTF-8 as long as it is English.
    if (!text.includes("\0")) return text;
  } catch {
    // The same failure.
  }
  throw failParsing(origin, "is not UTF-8 text; save it as UTF-8");
}

/** What is not encrypted in a file can be taken by itself. What the tool added counts as encrypted. */
function blameEncrypted(
  { values, faults }: Content<string>,
  { problem, values: pattern, group }: Encryption,
  { separator = "_" }: DocumentRequest,
): Content<string> {
  const isAdded = (key: string) => group !== undefined && (key === group || key.startsWith(`${group}${separator}`));
  const encrypted = [...values].filter(([key, value]) => isAdded(key) || pattern?.test(value)).map(([key]) => key);
  const added = faults.flatMap(({ keys }) => keys.filter(isAdded));
  const told = new Set([...encrypted, ...added]);
  // The fault of a ciphertext is that it is one.
  const others = faults.filter(({ keys }) => !keys.every((key) => told.has(key)));
  return { values, faults: [{ keys: [...told], tell: () => problem }, ...others] };
}
