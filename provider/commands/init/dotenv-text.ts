// Pure: values as a dotenv text that the file source reads back byte for byte. Its own parser is the judge of every line.

import type { Redacted } from "../../redacted.js";
import { parseDocument } from "../../sources/documents/document.js";
import { quoteDotenv } from "../../sources/documents/dotenv-quoting.js";
import type { DraftSync, Left } from "./draft.js";

export interface DotenvText {
  readonly text: string;
  /** What dotenv cannot hold: for example every kind of quote in one value. */
  readonly left: readonly Left[];
}

export async function renderDotenv({ title, values, missing }: DraftSync): Promise<DotenvText> {
  let text = `# ${comment(title)}\n`;
  const written = new Map<string, string>();
  const left: Left[] = [];
  for (const [key, value] of [...values].sort(([a], [b]) => (a < b ? -1 : 1))) {
    written.set(key, value.reveal());
    const longer = await addAssignment(text, { key, value }, written);
    if (longer !== undefined) text = longer;
    else {
      written.delete(key);
      left.push({ key, title, reason: "a dotenv file cannot hold its value; give it by another source" });
    }
  }
  if (missing.length > 0) {
    text += "\n# The platform does not show these. Give each its value, in quotes, and take the # away.\n";
    for (const key of [...missing].sort()) text += `# ${comment(key)}=\n`;
  }
  return { text, left };
}

/** Names are other people's texts: whatever ends a line, in whichever reader, would turn the rest of one into an assignment. */
function comment(text: string): string {
  return text.replaceAll(/[\p{C}\s]+/gu, " ");
}

/** The text with one more assignment; undefined when it would not read back. */
async function addAssignment(
  text: string,
  { key, value }: { key: string; value: Redacted },
  expected: ReadonlyMap<string, string>,
): Promise<string | undefined> {
  const quoted = quoteDotenv(key, value.reveal());
  const longer = `${text}${key}=${quoted ?? ""}\n`;
  return quoted !== undefined && (await readsBack(longer, expected)) ? longer : undefined;
}

async function readsBack(text: string, expected: ReadonlyMap<string, string>): Promise<boolean> {
  const bytes = new TextEncoder().encode(text);
  try {
    const read = await parseDocument({ bytes, format: "dotenv", separator: undefined, origin: "a draft" });
    return read.size === expected.size && [...read].every(([key, value]) => expected.get(key) === value.reveal());
  } catch {
    // Told as a value that dotenv cannot hold.
    return false;
  }
}
