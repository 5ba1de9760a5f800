// Words: finds what the vocabulary does not use, in comments, identifiers, messages, documents and file names.
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { project } from "../setup/packages.mjs";
import { vocabulary } from "./vocabulary.mjs";

/**
 * `words`: as parts of names and texts, with a plural `s`; several make a phrase, also in one identifier (`take stock` is `takeStock`).
 * `types`: names of declared types, because as words they are right. `paths`: how a file's path begins. `frozen`: files that may say it.
 * @typedef {{ words?: readonly string[], types?: readonly string[], paths?: readonly string[], instead: string, frozen?: readonly string[] }} Rule
 * @typedef {{ path: string, text: string }} File
 * @typedef {{ path: string, line: number, found: string, instead: string }} Finding
 * @typedef {{ text: string, start: number, end: number }} Part
 */

/** The tests are not among them: they hold what vendors say. */
const places = ["provider", "schema", "docs", "README.md", "CONTRIBUTING.md", "SECURITY.md"];

/** @returns {Promise<{ ok: boolean, text: string }>} */
export async function checkWords() {
  const findings = findWords(places.flatMap(readFiles), vocabulary);
  return { ok: findings.length === 0, text: findings.map(describeFinding).join("\n") };
}

/**
 * @param {readonly File[]} files
 * @param {readonly Rule[]} rules
 * @returns {Finding[]} those in a file's path have line 0
 */
export function findWords(files, rules) {
  return files.flatMap((file) => {
    const applied = rules.filter(({ frozen = [] }) => !frozen.includes(file.path));
    const phrases = applied.flatMap(({ words = [], instead }) =>
      words.map((word) => ({ parts: word.toLowerCase().split(" "), instead })),
    );
    const inPath = findPhrases(file.path, phrases).map((found) => ({ ...found, path: file.path, line: 0 }));
    const inText = findPhrases(file.text, phrases).map(({ start, ...found }) => ({
      ...found,
      path: file.path,
      line: lineAt(file.text, start),
    }));
    return [
      ...inPath.map(({ start: _start, ...found }) => found),
      ...findPaths(file, applied),
      ...inText,
      ...findTypes(file, applied),
    ];
  });
}

/** @param {Finding} finding */
function describeFinding({ path: file, line, found, instead }) {
  return `${file}${line === 0 ? "" : `:${line}`}: "${found}"; say instead: ${instead}`;
}

/**
 * @param {string} text
 * @param {readonly { parts: readonly string[], instead: string }[]} phrases
 */
function findPhrases(text, phrases) {
  const parts = splitParts(text);
  /** @type {Map<string, typeof phrases[number][]>} */
  const byFirst = new Map();
  for (const phrase of phrases) {
    const first = phrase.parts[0] ?? "";
    byFirst.set(first, [...(byFirst.get(first) ?? []), phrase]);
  }
  return parts.flatMap((part, index) =>
    [part.text, part.text.replace(/s$/, "")]
      .filter((form, place, forms) => forms.indexOf(form) === place)
      .flatMap((form) => byFirst.get(form) ?? [])
      .filter((phrase) => phrase.parts.every((word, offset) => isNext(text, parts, { index, offset, word })))
      .map(({ parts: { length }, instead }) => ({
        found: text.slice(part.start, parts[index + length - 1]?.end).replaceAll(/\s+/g, " "),
        start: part.start,
        instead,
      })),
  );
}

/** Words of prose, and the words within identifiers: `nameAuthority`, `NAME_AUTHORITY`, `name-authority`, `HTTPAuthority`. */
const partOfName = /\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+/gu;
/** What may stand between the words of a phrase: nothing, a dash, blanks, and the beginning of the next line of a comment. */
const gap = /^(?:[-_]|\s+(?:(?:\*|\/\/)\s+)?)?$/;

/**
 * @param {string} text
 * @returns {Part[]}
 */
function splitParts(text) {
  return [...text.matchAll(partOfName)].map(({ 0: found, index }) => ({
    text: found.toLowerCase(),
    start: index,
    end: index + found.length,
  }));
}

/**
 * @param {string} text
 * @param {readonly Part[]} parts
 * @param {{ index: number, offset: number, word: string }} place
 */
function isNext(text, parts, { index, offset, word }) {
  const part = parts[index + offset];
  if (part === undefined || (part.text !== word && part.text !== `${word}s`)) return false;
  return offset === 0 || gap.test(text.slice(parts[index + offset - 1]?.end, part.start));
}

/**
 * @param {File} file
 * @param {readonly Rule[]} rules
 * @returns {Finding[]}
 */
function findTypes(file, rules) {
  return rules.flatMap(({ types = [], instead }) =>
    [...file.text.matchAll(/\b(?:interface|type|class|enum)\s+(\w+)/g)]
      .filter(([, name = ""]) => types.includes(name))
      .map(({ 1: found = "", index }) => ({ path: file.path, line: lineAt(file.text, index), found, instead })),
  );
}

/**
 * @param {File} file
 * @param {readonly Rule[]} rules
 * @returns {Finding[]}
 */
function findPaths(file, rules) {
  return rules.flatMap(({ paths = [], instead }) =>
    paths.filter((found) => file.path.startsWith(found)).map((found) => ({ path: file.path, line: 0, found, instead })),
  );
}

/**
 * @param {string} text
 * @param {number} index
 */
function lineAt(text, index) {
  return text.slice(0, index).split("\n").length;
}

/**
 * @param {string} place a file or folder of the project
 * @returns {File[]}
 */
function readFiles(place) {
  const full = path.join(project, place);
  if (statSync(full).isDirectory())
    return readdirSync(full)
      .sort()
      .flatMap((name) => readFiles(`${place}/${name}`));
  return [{ path: place, text: readFileSync(full, "utf8") }];
}
