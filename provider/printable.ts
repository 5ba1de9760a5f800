// Leaf: foreign text as one line that a terminal, a log and a CI runner treat only as text.

/**
 * Control characters and line ends, whatever turns or hides text (bidirectional controls, zero-width characters, fillers), halves of
 * pairs, and what no font shows.
 */
const unprintable = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

const shortEscapes: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/**
 * Names and messages come from programs, platforms and people. What acts on a terminal, line breaks included, is shown as an escape, and
 * what a CI runner would obey is broken up. Applying it twice changes nothing more.
 */
export function printable(text: string): string {
  return breakCommands(text.replace(unprintable, (sign) => shortEscapes[sign] ?? escapeSign(sign)));
}

/** Lines of ours, each of which may hold foreign text. The only way to a text of several lines. */
export function joinLines(lines: readonly string[]): string {
  return lines.map(printable).join("\n");
}

/** A text whose line breaks are ours. */
export function printableLines(text: string): string {
  return joinLines(text.split("\n"));
}

/** JSON that is the same to a parser and harmless to a terminal. */
export function printableJson(value: unknown, indent?: number): string {
  const lines = JSON.stringify(value, null, indent).split("\n");
  const units = (sign: string) => sign.replaceAll(/[^]/g, (unit) => `\\u${hex(unit.charCodeAt(0))}`);
  // Between the quotes only: what JSON itself writes is neither invisible nor a number sign.
  return lines.map((line) => line.replace(unprintable, units).replaceAll("##", "#\\u0023")).join("\n");
}

/** For text that is read rather than quoted: without invisible characters, and with spaces for control characters. */
export function plainText(text: string): string {
  return (
    text
      // oxlint-disable-next-line no-control-regex -- terminal escapes are what this removes
      .replaceAll(/\u001b\[[0-9;?]*[A-Za-z]/g, " ")
      .replaceAll(/\p{Default_Ignorable_Code_Point}/gu, "")
      .replace(unprintable, " ")
      .replaceAll(/ {2,}/g, " ")
      .trim()
  );
}

/**
 * GitHub obeys `::command::` at the beginning of a line, after white space, and `##[command]` anywhere; Azure and TeamCity obey
 * `##vso[` and `##teamcity[`. https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */
function breakCommands(line: string): string {
  return line.replace(/^(\s*):(?=:)/u, String.raw`$1\u003a`).replaceAll(/#(?=#[a-z]*\[)/giu, String.raw`\u0023`);
}

function escapeSign(sign: string): string {
  const point = sign.codePointAt(0) ?? 0;
  return point > 0xffff ? `\\u{${point.toString(16)}}` : `\\u${hex(point)}`;
}

function hex(unit: number): string {
  return unit.toString(16).padStart(4, "0");
}
