// Pure: writes values into dotenv text. Comments, order and every other line stay as they are.

import { type Problem, SecretSyncError } from "../../errors.js";
import { listStatements } from "./dotenv.js";
import { quoteDotenv } from "./dotenv-quoting.js";
import { failPlacing, type TextEditing } from "./edit.js";

const unwritable = "dotenv has no spelling of its name or value that all readers read the same";

/** Replaces values in place and appends new keys at the end. */
export function editDotenv(text: string, editing: TextEditing): string {
  const crlf = text.includes("\r");
  const rest = text.replaceAll("\r\n", "");
  if (crlf && /[\r\n]/.test(rest)) throw mixed(editing);
  const plain = text.replaceAll("\r\n", "\n");
  const { added, replacements } = placeEdits(plain, editing);
  const replaced = replacements
    .sort((a, b) => b.from - a.from)
    .reduce((done, { from, to, text: value }) => done.slice(0, from) + value + done.slice(to), plain);
  const gap = added.length > 0 && !replaced.endsWith("\n") ? "\n" : "";
  const edited = replaced + gap + added.join("");
  return crlf ? edited.replaceAll("\n", "\r\n") : edited;
}

interface Replacement {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

interface Placed {
  readonly replacements: Replacement[];
  /** Whole lines. */
  readonly added: string[];
}

/** @throws SecretSyncError `import.unplaceable` for every value without a spelling */
function placeEdits(plain: string, { edits, origin, dialect, expand }: TextEditing): Placed {
  // A key may have two equal lines.
  const statements = Map.groupBy(listStatements(plain, { dialect }), ({ key }) => key);
  const problems: Problem[] = [];
  const placed: Placed = { replacements: [], added: [] };
  for (const { key, value } of edits) {
    const quoted = quoteDotenv(key, value.reveal(), { dialect, expand });
    const own = statements.get(key);
    if (quoted === undefined) problems.push(failPlacing(origin, key, unwritable));
    else if (own === undefined) placed.added.push(`${key}=${quoted}\n`);
    else {
      for (const { from, to } of own) {
        // A comment may begin right where the value ends.
        const gap = plain.charAt(to) === "#" ? " " : "";
        placed.replacements.push({ from, to, text: quoted + gap });
      }
    }
  }
  if (problems.length > 0) throw new SecretSyncError(problems);
  return placed;
}

/** With mixed line ends, the original end of another line is unknown. */
function mixed({ edits, origin }: Pick<TextEditing, "edits" | "origin">): SecretSyncError {
  return new SecretSyncError(
    edits.map(({ key }) => failPlacing(origin, key, "the file mixes two kinds of line endings; save it with one")),
  );
}
