// Mutate: changes the source in small ways and counts how many changes the tests notice. `npm run mutate` takes a sample of every
// area in about a quarter of an hour on two cores; files or areas by name are taken whole. Ends with 1 when an area misses its goal.
// `--seed` takes another sample, `--sample` a larger one, and `--concurrency 1` leaves a shared machine to others.
import { readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { areas, findArea, spared } from "./areas.mjs";
import { listMutants, sampleMutants } from "./mutants.mjs";
import { countResults, describeScores, describeSurvivors } from "./report.mjs";
import { runStryker } from "./stryker.mjs";

/** @typedef {import("./areas.mjs").Area} Area */

const root = path.join(import.meta.dirname, "..", "..");
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: "string", default: "1" },
    sample: { type: "string" },
    concurrency: { type: "string", default: String(availableParallelism()) },
  },
});

const everything = ["provider", "schema"].flatMap((folder) =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => path.posix.join(folder, file))
    .filter((file) => !spared.includes(file)),
);

/** @param {string} name a file, a folder or an area */
function findFiles(name) {
  const found = everything.filter(
    (file) => file === name || file.startsWith(`${name.replace(/\/$/, "")}/`) || findArea(file)?.name === name,
  );
  if (spared.includes(name)) throw new Error(`${name} is left alone: a mutant of it ends every process of yours`);
  if (found.length === 0) throw new Error(`there is no file, folder or area ${name}`);
  return found;
}

/**
 * @param {Area} area
 * @param {readonly string[]} files
 */
async function chooseMutants(area, files) {
  const count = values.sample === undefined ? area.sample : Number(values.sample);
  if (positionals.length > 0 && values.sample === undefined) return files;
  return sampleMutants(await listMutants(root, files), { count, seed: Number(values.seed) });
}

const wanted = positionals.length === 0 ? everything : positionals.flatMap(findFiles);
const scores = [];
for (const area of areas) {
  const files = wanted.filter((file) => findArea(file) === area);
  if (files.length === 0) continue;
  const began = performance.now();
  const mutate = await chooseMutants(area, files);
  let text = "";
  const show = (/** @type {string} */ chunk) => void (text = (text + chunk).slice(-4000));
  const concurrency = Number(values.concurrency);
  const results = await runStryker(root, { ...area, mutate, concurrency, show }).catch((error) => {
    process.stderr.write(`${text}\n`);
    throw error;
  });
  const seconds = Math.round((performance.now() - began) / 1000);
  process.stderr.write(`${area.name}: ${countResults(results).total} mutants in ${seconds} s\n`);
  scores.push({ name: area.name, goal: area.goal, results });
}

const survivors = scores.flatMap(({ results }) => describeSurvivors(results));
process.stdout.write(`${describeScores(scores)}\n\n${survivors.length} survivors\n${survivors.join("\n")}\n`);
process.exitCode = scores.every(({ goal, results }) => countResults(results).percent >= goal) ? 0 : 1;
