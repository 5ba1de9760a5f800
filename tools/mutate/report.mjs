// Report: mutation scores as a table, and every survivor with its file and line.
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
