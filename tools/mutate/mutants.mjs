// Mutants: lists those of a file as Stryker makes them, and takes a sample that a seed decides.
import { readFileSync } from "node:fs";
import path from "node:path";
import { createInstrumenter } from "@stryker-mutator/instrumenter";
import { createInjector } from "typed-inject";

/** Lines and columns begin with 1 and 0, as in a range on Stryker's command line. */
/** @typedef {{ file: string, from: readonly [number, number], to: readonly [number, number] }} Mutant */

const silent = {
  isTraceEnabled: () => false,
  isDebugEnabled: () => false,
  isInfoEnabled: () => false,
  isWarnEnabled: () => false,
  isErrorEnabled: () => false,
  isFatalEnabled: () => false,
  trace: () => {},
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  fatal: () => {},
};

/**
 * @param {string} root
 * @param {readonly string[]} files
 * @returns {Promise<Mutant[]>}
 */
export async function listMutants(root, files) {
  // Of all that Stryker hands to its parts the instrumenter takes the logger alone.
  const injector = /** @type {any} */ (createInjector().provideValue("logger", silent));
  /** @type {import("@stryker-mutator/instrumenter").Instrumenter} */
  const instrumenter = injector.injectFunction(createInstrumenter);
  const sources = files.map((file) => ({
    name: path.join(root, file),
    content: readFileSync(path.join(root, file), "utf8"),
    mutate: true,
  }));
  const { mutants } = await instrumenter.instrument(sources, {
    plugins: null,
    excludedMutations: [],
    ignorers: [],
    noHeader: true,
  });
  return mutants.map(({ fileName, location: { start, end } }) => ({
    file: path.relative(root, fileName),
    from: [start.line + 1, start.column],
    to: [end.line + 1, end.column],
  }));
}

/**
 * A mutant is chosen with everything inside it, because Stryker takes ranges.
 * @param {readonly Mutant[]} mutants
 * @param {{ count: number, seed: number }} options
 * @returns {string[]} ranges, at most `count`
 */
export function sampleMutants(mutants, { count, seed }) {
  const random = seedRandom(seed);
  // A mutant over many lines brings everything inside it along.
  const small = mutants.filter(({ from, to }) => to[0] - from[0] <= 2);
  const shuffled = small
    .map((mutant) => ({ mutant, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ mutant }) => mutant);
  const ranges = shuffled.map(({ file, from, to }) => `${file}:${from.join(":")}-${to.join(":")}`);
  return [...new Set(ranges)].slice(0, count);
}

/**
 * Mulberry32: small, and the same everywhere.
 * @param {number} seed
 */
function seedRandom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
