// Pure: values as a dotenv text that the file source reads back byte for byte. Its own parser checks every line.

import type { Redacted } from "../../redacted.js";
import { parseDocument } from "../../sources/documents/document.js";
import { quoteDotenv } from "../../sources/documents/dotenv-quoting.js";
import type { DraftSync, Left } from "./draft.js";

export interface DotenvText {
  readonly text: string;
  /** Set if a value needs escapes, on which readers disagree. */
  readonly dialect?: "compose";
  /** What dotenv cannot hold: for example half of a surrogate pair. */
  readonly left: readonly Left[];
}

/** Without a dialect if that holds every value, else in the one that holds the most. */
export async function renderDotenv(sync: DraftSync): Promise<DotenvText> {
  const common = await render(sync, undefined);
  if (common.left.length === 0) return common;
  const escaped = await render(sync, "compose");
  return escaped.left.length < common.left.length ? { ...escaped, dialect: "compose" } : common;
}

type Dialect = DotenvText["dialect"];

async function render({ title, values, missing }: DraftSync, dialect: Dialect): Promise<Omit<DotenvText, "dialect">> {
  let text = `# ${comment(title)}\n`;
  const written = new Map<string, string>();
  const left: Left[] = [];
  for (const [key, value] of [...values].sort(([a], [b]) => (a < b ? -1 : 1))) {
    written.set(key, value.reveal());
    const longer = await addAssignment({ text, dialect, expected: written }, key, value);
    if (longer !== undefined) text = longer;
    else {
      written.delete(key);
      left.push({ key, title, reason: "a dotenv file cannot hold its value; use another source for it" });
    }
  }
  if (missing.length > 0) {
    text +=
      "\n# The platform does not show these. Enter each value in single quotes, and remove the # in front of it.\n";
    for (const key of [...missing].sort()) text += `# ${comment(key)}=\n`;
  }
  return { text, left };
}

/** Names are other people's texts: whatever ends a line, in whichever reader, would turn the rest of one into an assignment. */
function comment(text: string): string {
  return text.replaceAll(/[\p{C}\s]+/gu, " ");
}

interface Draft {
  readonly text: string;
  readonly dialect: Dialect;
  readonly expected: ReadonlyMap<string, string>;
}

/** The text with one more assignment; undefined when it would not read back. */
async function addAssignment(draft: Draft, key: string, value: Redacted): Promise<string | undefined> {
  const quoted = quoteDotenv(key, value.reveal(), { dialect: draft.dialect });
  if (quoted === undefined) return undefined;
  const longer = { ...draft, text: `${draft.text}${key}=${quoted}\n` };
  return (await readsBack(longer)) ? longer.text : undefined;
}

async function readsBack({ text, dialect, expected }: Draft): Promise<boolean> {
  const bytes = new TextEncoder().encode(text);
  try {
    const read = await parseDocument({ bytes, format: "dotenv", dialect, separator: undefined, origin: "a draft" });
    return read.size === expected.size && [...read].every(([key, value]) => expected.get(key) === value.reveal());
  } catch {
    // Reported as a value that dotenv cannot hold.
    return false;
  }
}
