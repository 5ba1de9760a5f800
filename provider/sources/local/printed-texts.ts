// Pure: the pieces of what a command has printed that its standard error may repeat.

import { stripVTControlCharacters } from "node:util";

/** Its lines and words, as written and with their escapes resolved: a document that was cut off, or is none, cannot be parsed. */
export function listPrinted(output: string): string[] {
  const plain = stripVTControlCharacters(output);
  const pieces = [plain, resolveEscapes(plain)].flatMap((text) => [
    ...text.split(/\r?\n/),
    ...text.split(/[\s"'`=:,;{}[\]]+/),
  ]);
  return [...new Set(pieces)];
}

const controls: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

/** As JSON writes them, and double quotes of YAML and dotenv. */
function resolveEscapes(text: string): string {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|([^]))/g, (_, code: string | undefined, sign: string = "") =>
    code === undefined ? (controls[sign] ?? sign) : String.fromCharCode(Number.parseInt(code, 16)),
  );
}
