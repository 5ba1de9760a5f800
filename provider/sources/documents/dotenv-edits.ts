// Pure: values written into dotenv text. Comments, order and every other line stay as they are.

import { type Problem, SecretSyncError } from "../../errors.js";
import { listStatements } from "./dotenv.js";
import { quoteDotenv } from "./dotenv-quoting.js";
import { failPlacing, type TextEditing } from "./edit.js";

/** Replaces values where they stand and appends new keys at the end. */
export function editDotenv(text: string, { edits, origin }: TextEditing): string {
  const crlf = text.includes("\r");
  if (crlf && text.replaceAll("\r\n", "").includes("\r")) throw mixed(edits, origin);
  if (crlf && text.replaceAll("\r\n", "").includes("\n")) throw mixed(edits, origin);
  const plain = text.replaceAll("\r\n", "\n");
  const statements = new Map(listStatements(plain).map((statement) => [statement.key, statement]));
  const problems: Problem[] = [];
  const replacements: Array<{ from: number; to: number; text: string }> = [];
  const added: string[] = [];
  for (const { key, value } of edits) {
    const quoted = quoteDotenv(key, value.reveal());
    const statement = statements.get(key);
    if (quoted === undefined) problems.push(failPlacing(origin, key, "dotenv cannot represent its name or value"));
    else if (statement === undefined) added.push(`${key}=${quoted}\n`);
    else {
      // An empty value may end where its comment begins.
      const gap = plain.charAt(statement.to) === "#" ? " " : "";
      replacements.push({ from: statement.from, to: statement.to, text: quoted + gap });
    }
  }
  if (problems.length > 0) throw new SecretSyncError(problems);
  const replaced = replacements
    .sort((a, b) => b.from - a.from)
    .reduce((done, { from, to, text: value }) => done.slice(0, from) + value + done.slice(to), plain);
  const gap = added.length > 0 && replaced !== "" && !replaced.endsWith("\n") ? "\n" : "";
  const edited = replaced + gap + added.join("");
  return crlf ? edited.replaceAll("\n", "\r\n") : edited;
}

/** With mixed line ends nobody can say what a foreign line's end was. */
function mixed(edits: TextEditing["edits"], origin: string): SecretSyncError {
  return new SecretSyncError(
    edits.map(({ key }) => failPlacing(origin, key, "the file mixes two kinds of line endings; save it with one")),
  );
}
