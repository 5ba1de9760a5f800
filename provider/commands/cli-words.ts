// Pure: what Pulumi's CLI says when it fails, without the credentials in the address of a backend.

import { isSecretSyncError, type Problem, listProblems } from "../errors.js";
import { maskText, redact, shownInstead } from "../redacted.js";

type Environment = Readonly<Record<string, string | undefined>>;

/** In characters, from the end: the reason comes last. Nobody reads more, and a line is kept whole or not at all. */
const mostShown = 4_000;

/** One line, which joins the CLI's own lines. */
export function readCliWords(text: string, environment: Environment): string {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  let kept = "";
  for (const line of lines.filter((one) => one !== "").toReversed()) {
    if (kept.length + line.length > mostShown) break;
    kept = kept === "" ? line : `${line} | ${kept}`;
  }
  if (kept === "") return lines.some((line) => line !== "") ? "(its message is too long to show)" : "";
  return maskText(scrubCredentials(kept), listSecrets(environment).map(redact));
}

/** Problems of anything thrown: a foreign error may come from the CLI, or from a library that quotes an address. */
export function listShownProblems(error: unknown, environment: Environment): readonly Problem[] {
  if (isSecretSyncError(error)) return error.problems;
  return listProblems(new Error(readCliWords(readThrown(error), environment)));
}

function readThrown(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A text in quotes is one word, because an address with a space in its password is quoted whole. */
const words = /("(?:\\.|[^"\\])*")|(\s+)/;

/**
 * Userinfo and the values of queries of every address, also percent-encoded or as JSON, and tokens of Pulumi Cloud. Anything before an
 * `@` counts as userinfo: an address that cannot be parsed comes in pieces.
 */
export function scrubCredentials(text: string): string {
  return text
    .split(words)
    .map((word) => (word === undefined ? "" : scrubTokens(scrubQuery(scrubUserinfo(word)))))
    .join("");
}

const slashes = /^.*?(?:\\?\/|\\u002f|%(?:25)*2f){2}/i;
const atSign = /@|\\u0040|%(?:25)*40/gi;

function scrubUserinfo(word: string): string {
  const at = [...word.matchAll(atSign)].at(-1)?.index;
  if (at === undefined) return word;
  const scheme = slashes.exec(word.slice(0, at))?.[0] ?? /^["'(<[]*/.exec(word)?.[0] ?? "";
  return `${scheme}${shownInstead}${word.slice(at)}`;
}

const queryStart = /[?#]|\\u003f|%(?:25)*(?:3f|23)/i;
const ampersand = /(&|\\u0026|%(?:25)*26)/i;
const equals = /=|\\u003d|%(?:25)*3d/i;

/** Names stay: they say what is wrong with an address. */
function scrubQuery(word: string): string {
  const start = queryStart.exec(word);
  if (start === null) return word;
  const from = start.index + start[0].length;
  const end = /["')>\]:,.]*$/.exec(word)?.index ?? word.length;
  const query = word.slice(from, Math.max(from, end));
  if (!equals.test(query)) return word;
  const parts = query.split(ampersand).map((part, at) => (at % 2 === 1 ? part : scrubParameter(part)));
  return `${word.slice(0, from)}${parts.join("")}${word.slice(Math.max(from, end))}`;
}

/** A part without a name may be the rest of a value that contains an ampersand. */
function scrubParameter(part: string): string {
  const sign = equals.exec(part);
  return sign === null ? shownInstead : `${part.slice(0, sign.index)}${sign[0]}${shownInstead}`;
}

function scrubTokens(word: string): string {
  return word
    .replaceAll(/\bpul-[0-9a-z_-]{8,}/gi, `pul-${shownInstead}`)
    .replace(/^(["']?\w*(?:TOKEN|SECRET|PASSWORD|PASSPHRASE|_KEY)\w*=).+$/i, `$1${shownInstead}`);
}

/** What this process knows to be secret: passphrases, tokens, and the parts of the backend's address. */
function listSecrets(environment: Environment): string[] {
  const named = Object.entries(environment).flatMap(([name, value]) =>
    value !== undefined && /TOKEN|SECRET|PASS|_KEY$|CREDENTIAL/i.test(name) ? [value] : [],
  );
  const backend = environment["PULUMI_BACKEND_URL"] ?? "";
  const userinfo = backend.slice(backend.indexOf("//") + 2, Math.max(0, backend.lastIndexOf("@")));
  const parameters = backend.split(/[?&#]/).slice(1);
  const parts = [
    userinfo.slice(userinfo.indexOf(":") + 1),
    ...parameters.map((one) => one.slice(one.indexOf("=") + 1)),
  ];
  return [...named, ...parts.flatMap((part) => [part, decode(part)])].filter((part) => part !== "");
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
