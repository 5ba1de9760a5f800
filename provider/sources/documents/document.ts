// Pure: the bytes of a file or of a command's output become values. Strict everywhere: a half-read document is a deletion.

import type { TextFormat } from "../../../schema/index.js";
import { isSecretSyncError, SecretSyncError } from "../../errors.js";
import { redact, type Redacted } from "../../redacted.js";
import { failParsing, flattenTree } from "./tree.js";

/** More than a platform takes by orders of magnitude; what is larger is not a list of secrets. */
export const maxBytes = 10 * 1024 * 1024;

export interface DocumentRequest {
  readonly bytes: Uint8Array;
  readonly format: TextFormat;
  /** Joins nested keys; `_` when absent. */
  readonly separator: string | undefined;
  /** What the bytes are, for messages: `file source "secrets.env"`. */
  readonly origin: string;
}

/** Decodes, parses and flattens. The parsers load on first use. */
export async function parseDocument(request: DocumentRequest): Promise<Map<string, Redacted>> {
  const { origin } = request;
  const text = decode(request.bytes, origin);
  // An interrupted write and a broken pipe leave nothing behind; taking that for "no keys" would delete all of them.
  if (text.trim() === "") throw failParsing(origin, `is empty; write ${emptyForms[request.format]} if no key is meant`);
  checkEncryption(text, origin);
  const values = await parseText(text, request).catch((error: unknown) => {
    if (isSecretSyncError(error)) throw error;
    // A stack that overflowed on deep nesting or one huge value. A parser's own message may quote the text.
    throw failParsing(origin, `could not be parsed as ${request.format}; simplify it, or give another \`format\``);
  });
  checkCharacters(values, origin);
  return new Map([...values].map(([key, value]) => [key, redact(value)]));
}

const emptyForms = { json: "{}", yaml: "{}", dotenv: "a comment" } as const satisfies Record<TextFormat, string>;

async function parseText(text: string, request: DocumentRequest): Promise<Map<string, string>> {
  const { origin, separator = "_" } = request;
  switch (request.format) {
    case "dotenv":
      return (await import("./dotenv.js")).parseDotenv(text, origin);
    case "json":
      return flattenTree((await import("./json.js")).parseJson(text, origin), { separator, origin });
    case "yaml":
      return flattenTree((await import("./yaml.js")).parseYaml(text, origin), { separator, origin });
  }
}

/** Escapes in JSON and YAML can write what no variable can hold. */
export function checkCharacters(values: ReadonlyMap<string, string>, origin: string): void {
  const broken = [...values].filter((pair) => pair.some((text) => !text.isWellFormed() || text.includes("\0")));
  if (broken.length === 0) return;
  const keys = broken.map(([key]) => JSON.stringify(key)).join(", ");
  throw failParsing(origin, `holds a NUL character or half of a surrogate pair in ${keys}; correct the escape`);
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

/** A file that is still encrypted parses well: its ciphertext would be sent as the values. */
function checkEncryption(text: string, origin: string): void {
  const [, tool] = encryptions.find(([pattern]) => pattern.test(text)) ?? [];
  if (tool === undefined) return;
  throw new SecretSyncError({
    code: "source.encrypted",
    message: `${origin} is encrypted by ${tool.name}; use an exec source with command ${JSON.stringify(tool.command)}`,
  });
}

const encryptions = [
  [/ENC\[AES256_GCM,/, { name: "sops", command: ["sops", "decrypt", "--output-type", "json", "<file>"] }],
  [/^[\w.-]+\s*=\s*["']?encrypted:/m, { name: "dotenvx", command: ["dotenvx", "get", "-f", "<file>"] }],
  [/^-----BEGIN AGE ENCRYPTED FILE-----/, { name: "age", command: ["age", "--decrypt", "-i", "<identity>", "<file>"] }],
  [/^\$ANSIBLE_VAULT;/, { name: "ansible-vault", command: ["ansible-vault", "view", "<file>"] }],
] as const;
