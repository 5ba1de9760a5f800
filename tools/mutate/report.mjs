// Report: what became of each mutant, the scores as a table, and every survivor with its file and line.
import { readFileSync } from "node:fs";
import { findEquivalent } from "./equivalents.mjs";

/** @typedef {import("./stryker.mjs").Result} Result */
/** @typedef {{ name: string, goal: number, results: readonly Result[] }} Score */

const killing = new Set(["Killed", "Timeout"]);
const counted = new Set(["Killed", "Timeout", "Survived", "NoCoverage"]);

/** @param {readonly Result[]} results */
export function countResults(results) {
  const judged = results.filter(({ status }) => counted.has(status));
  const alive = judged.filter(({ status }) => !killing.has(status));
  const survivors = alive.filter((one) => findEquivalent(one) === undefined);
  const total = judged.length - (alive.length - survivors.length);
  const killed = total - survivors.length;
  return { total, killed, survivors, equivalent: alive.length - survivors.length, percent: (100 * killed) / total };
}

/**
 * @param {readonly Score[]} scores
 * @returns {string} a Markdown table
 */
export function describeScores(scores) {
  const rows = scores.map(({ name, goal, results }) => {
    const { total, killed, equivalent, percent } = countResults(results);
    return `| ${name} | ${total} | ${killed} | ${equivalent} | ${total === 0 ? "–" : `${Math.round(percent)} %`} | ${goal} % |`;
  });
  return [
    "| area | mutants | killed | equivalent | score | goal |",
    "| --- | ---: | ---: | ---: | ---: | ---: |",
    ...rows,
  ].join("\n");
}

/** @param {readonly Result[]} results */
export function describeSurvivors(results) {
  return countResults(results)
    .survivors.toSorted((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1))
    .map(({ file, line, mutator, was, now, status }) => {
      const note = status === "NoCoverage" ? " (no test runs it)" : "";
      return `${file}:${line} ${mutator}: ${shorten(was)} -> ${shorten(now)}${note}`;
    });
}

/** @param {string} text */
function shorten(text) {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length <= 70 ? line : `${line.slice(0, 69)}…`;
}

/**
 * A mutant of what a module does when it is loaded also runs in tests that load it themselves, and in them alone: it says nothing.
 * @param {string} report
 * @param {Pick<import("./areas.mjs").Way, "withStatic">} run
 * @returns {Result[]}
 */
export function readReport(report, { withStatic = false }) {
  /** @type {{ files: Record<string, { source: string, mutants: Array<Record<string, any>> }> }} */
  const { files } = JSON.parse(readFileSync(report, "utf8"));
  return Object.entries(files).flatMap(([file, { source, mutants }]) =>
    mutants.map(({ location: { start, end }, mutatorName, replacement, status, static: isStatic }) => ({
      file,
      line: start.line,
      text: source.split("\n")[start.line - 1] ?? "",
      mutator: mutatorName,
      was: cut(source, start, end),
      now: replacement ?? "",
      status: isStatic === true && !withStatic ? "Ignored" : status,
    })),
  );
}

/**
 * @param {string} source
 * @param {{ line: number, column: number }} start both begin with 1
 * @param {{ line: number, column: number }} end
 */
function cut(source, start, end) {
  const lines = source.split("\n").slice(start.line - 1, end.line);
  const last = lines.length - 1;
  return lines
    .map((line, at) => line.slice(at === 0 ? start.column - 1 : 0, at === last ? end.column - 1 : undefined))
    .join("\n");
}
