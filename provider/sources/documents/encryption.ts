// Pure: files that are still encrypted as a whole, recognised by their beginning or their metadata, with the command that decrypts each.
// Such a file often parses: its ciphertext would be sent as the values.

import { type Problem, SecretSyncError } from "../../errors.js";
import type { TextFormat } from "../../../schema/index.js";

export interface Encrypted {
  readonly origin: string;
  /** The format of the decrypted text. */
  readonly format: TextFormat;
  /** The file's own name; undefined for the output of a command. */
  readonly name?: string | undefined;
}

/** @throws SecretSyncError `source.encrypted` for bytes that are not text until decrypted */
export function checkEncryptedBytes(bytes: Uint8Array, encrypted: Encrypted): void {
  const start = Buffer.from(bytes.subarray(0, 32)).toString("latin1");
  // https://github.com/AGWA/git-crypt: every encrypted file begins this way.
  if (start.startsWith("\0GITCRYPT\0")) throw new SecretSyncError(describe(encrypted, "git-crypt", unlock(encrypted)));
  // https://age-encryption.org/v1: the binary form.
  if (start.startsWith("age-encryption.org/")) throw new SecretSyncError(describe(encrypted, "age", useAge(encrypted)));
}

/** What is encrypted of a text, and what to do. */
export interface Encryption {
  readonly problem: Problem;
  /** The form of an encrypted value; undefined if the whole text is encrypted. */
  readonly values?: RegExp;
  /** The group of keys that the tool adds to what it encrypts. */
  readonly group?: string;
}

/** Undefined for a text that none of these tools has encrypted. */
export function findEncryption(text: string, encrypted: Encrypted): Encryption | undefined {
  const { name = "<file>", format } = encrypted;
  const whole = (tool: string, remedy: string) => ({ problem: describe(encrypted, tool, remedy) });
  const sops = /ENC\[AES256_GCM,/;
  if (sops.test(text)) return { ...whole("sops", useSops(text, encrypted)), values: sops, group: "sops" };
  if (/^[\w.-]+\s*=\s*["']?encrypted:/m.test(text)) {
    return { ...whole("dotenvx", useCommand(["dotenvx", "get", "-f", name], "json")), values: /^encrypted:/ };
  }
  if (text.startsWith("-----BEGIN AGE ENCRYPTED FILE-----")) return whole("age", useAge(encrypted));
  if (text.startsWith("$ANSIBLE_VAULT;"))
    return whole("ansible-vault", useCommand(["ansible-vault", "view", name], format));
  if (text.startsWith("-----BEGIN PGP MESSAGE-----"))
    return whole("gpg", useCommand(["gpg", "--quiet", "--decrypt", name], format));
  return undefined;
}

function describe({ origin }: Encrypted, tool: string, remedy: string): Problem {
  return { code: "source.encrypted", message: `${origin} is encrypted by ${tool}; ${remedy}` };
}

function useCommand(command: readonly string[], format: TextFormat): string {
  return `use an exec source with command ${JSON.stringify(command)} and format ${JSON.stringify(format)}`;
}

function useAge({ name = "<file>", format }: Encrypted): string {
  return useCommand(["age", "--decrypt", "-i", "<identity>", name], format);
}

/** git-crypt decrypts a whole checkout, and has no command for one file. */
function unlock({ format }: Encrypted): string {
  return `run ["git-crypt", "unlock"] in its repository; the file is then read as format ${JSON.stringify(format)}`;
}

/** A file that sops encrypted, by the form of its metadata. */
type SopsType = "dotenv" | "json" | "yaml" | "ini" | "binary";

const sopsExtensions: Readonly<Record<SopsType, RegExp>> = {
  dotenv: /\.env$/,
  json: /\.json$/,
  yaml: /\.ya?ml$/,
  ini: /\.ini$/,
  binary: /\.binary$/,
};

/**
 * The output keeps the type of the file: converted to another one, a dotenv file would keep its quotes, comments and `export` in
 * names and values. Only INI, which no source reads, has to be converted.
 */
function useSops(text: string, { name = "<file>", format }: Encrypted): string {
  const type = readSopsType(text, format);
  const input = sopsExtensions[type].test(name) ? [] : ["--input-type", type];
  const output = type === "ini" ? "json" : type;
  const command = ["sops", "decrypt", ...input, "--output-type", output, name];
  return useCommand(command, output === "binary" || format === "kubernetes" ? format : output);
}

function readSopsType(text: string, format: TextFormat): SopsType {
  if (/^\s*\{/.test(text)) return isSopsBinary(text) ? "binary" : "json";
  if (/^sops_\w+=/m.test(text)) return "dotenv";
  if (/^\[sops\]/m.test(text)) return "ini";
  return /^sops:/m.test(text) || format === "kubernetes" ? "yaml" : format;
}

/** What sops cannot parse becomes one value called `data`. */
function isSopsBinary(text: string): boolean {
  return /^\s*\{\s*"data":\s*"ENC\[[^"]*"\s*,\s*"sops":/.test(text);
}
