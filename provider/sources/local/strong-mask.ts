// Pure: hides whatever may be a secret in a text of unknown content. It would rather hide too much.

import { maskText, type Redacted } from "../../redacted.js";
import { hideRandomWords } from "./random-words.js";
import { tokenShapes } from "./token-shapes.js";

const shown = "[secret]";

/**
 * Hides known values, and everything that looks like a secret by its shape, by the name before it, or because it looks random. The text
 * has to be complete lines: half a word no longer has the shape that gives it away.
 */
export function maskStrongly(text: string, known: Iterable<Redacted>): string {
  let masked = maskText(text, known);
  for (const shape of tokenShapes) masked = masked.replaceAll(shape, shown);
  for (const [pattern, replacement] of patterns) masked = masked.replaceAll(pattern, replacement);
  return hideRandomWords(masked.split("\n").map(hideFlags).map(hideAssignments).join("\n"), shown);
}

const patterns: ReadonlyArray<readonly [RegExp, string]> = [
  // The user and the password of a URL; an unencoded password may contain slashes and at signs.
  [/:\/\/[^\s"'`<>]*@/g, `://${shown}@`],
  // The same without a scheme, as in connection texts.
  [/[^\s:@/"'`<>=]{1,100}:[^\s@"'`<>]{1,200}@(?=[\w.[])/g, `${shown}@`],
  [/\b(Authorization)(["']?\s{0,3}[:=]\s{0,3})[^\n]+/gi, `$1$2${shown}`],
  [/\b(Bearer|ApiKey)[ \t]+[^\s"'`,;]{4,}/gi, `$1 ${shown}`],
  [/\b(Basic)[ \t]+(?=[^\s]*[A-Z0-9=])[A-Za-z0-9+/=_-]{6,}/g, `$1 ${shown}`],
  [/([?&](?:code|state|nonce|assertion|SAMLResponse)=)[^&#\s"'<>]+/gi, `$1${shown}`],
  // XML.
  [/(<[\w:.-]{0,50}(?:pass|secret|token|key|cred|auth|pwd)[\w:.-]{0,50}>)[^<]+/gi, `$1${shown}`],
  // .netrc, and prose.
  [/\b(machine[ \t]+\S+[ \t][^\n]*?password[ \t]+)\S+/g, `$1${shown}`],
  [/\b((?:password|passphrase|secret|token|key) (?:is|was) )["'`]?[^\s"'`]*\d[^\s"'`]*/gi, `$1${shown}`],
  [/\b((?:mysql\w*|mariadb\w*|sshpass)[^\n]*?[ \t]-p)[^\s]+/g, `$1${shown}`],
  // curl and its like.
  [/(^|\s)(-u|-U|--user|--proxy-user)([ \t=]+)[^\s:]*:[^\s]*/g, `$1$2$3${shown}`],
];

/** Names of secrets, as parts of `DB_PASSWORD`, `apiKey`, `X-Vault-Token`. */
const secretName =
  /token|secret|passw|passphrase|passcode|pwd|pass$|^pass|_pass|key|cred|auth|cookie|session|bearer|private|salt|signature|sig$|otp|pin$|jwt|dsn|conn.{0,8}str|webhook|licen[cs]e|seed|mnemonic/i;

/** `--token value`. */
function hideFlags(line: string): string {
  return line.replaceAll(/(?<=^|\s)(--?[A-Za-z][\w-]{0,60})([ \t]+)([^\s-]\S*)/g, (whole, flag: string, gap: string) =>
    secretName.test(flag) ? `${flag}${gap}${shown}` : whole,
  );
}

/** Quotes may be escaped, as in JSON within JSON. */
const assignment =
  /(?<![\w.-])(["'`]?)((?:--?)?[A-Za-z_][\w.[\]-]{0,100})\\{0,3}["'`]?[ \t]{0,3}(:=|=>|=|:(?!\/\/))[ \t]{0,3}\\{0,3}/g;

/** `NAME=value`, `name: value`, `"name": "value"`, `?name=value`. */
function hideAssignments(line: string): string {
  let done = "";
  let from = 0;
  for (const match of line.matchAll(assignment)) {
    const [head, quote = "", name = "", sign = ""] = match;
    if (match.index < from || !secretName.test(name)) continue;
    const start = match.index + head.length;
    const end = findEnd(line, { start, quote, name, sign, before: line.slice(0, match.index) });
    if (end === start) continue;
    done += line.slice(from, start) + shown;
    from = end;
  }
  return done + line.slice(from);
}

interface Value {
  readonly start: number;
  readonly quote: string;
  readonly name: string;
  readonly sign: string;
  /** The line up to the name. */
  readonly before: string;
}

/** A value ends with its quote, its parameter, its option or its word, else with the line. */
function findEnd(line: string, { start, quote, name, sign, before }: Value): number {
  const rest = line.slice(start);
  const until = (pattern: RegExp) => {
    const at = rest.search(pattern);
    return at === -1 ? line.length : start + at;
  };
  const opening = /^["'`]/.exec(rest)?.[0];
  if (opening !== undefined) return findClosing(line, start, opening);
  if (/[?&]$/.test(before)) return until(/[&#\s"'<>]/);
  if (name.startsWith("-")) return until(/\s/);
  if (quote !== "" && !/^[[{]/.test(rest)) return until(/[\s,}\]]/);
  if (sign !== ":") return until(/[ \t]+[\w.-]{1,100}=/);
  // At the beginning of a line it is a header, or YAML; in the middle it is mostly prose.
  return /^[\s\-"'`{[,<>|#$+*]*(?:export |set )?$/.test(before) || /^[[{]/.test(rest) ? line.length : until(/\s/);
}

function findClosing(line: string, start: number, opening: string): number {
  for (let at = start + 1; at < line.length; at += 1) {
    if (line[at] === "\\") at += 1;
    else if (line[at] === opening) return at + 1;
  }
  return line.length;
}
