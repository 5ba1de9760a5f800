// Equivalent: a mutant that changes nothing that anybody can see.

/** `was` is the source of the mutant and `now` its replacement, and `line` a part of the line where it begins; white space counts for none. */
/** @typedef {{ file: string, line: string, was: string, now: string, reason: string }} Equivalent */

/**
 * @param {string} file
 * @param {string} reason
 * @param {ReadonlyArray<readonly [line: string, was: string, now: string]>} mutants
 * @returns {Equivalent[]}
 */
export function within(file, reason, mutants) {
  return mutants.map(([line, was, now]) => ({ file, line, was, now, reason }));
}
