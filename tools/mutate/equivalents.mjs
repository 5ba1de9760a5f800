// Equivalents: mutants that change nothing that anybody can see, each with its reason. A survivor that is not here is a missing test.

/** `was` is the source of the mutant and `now` its replacement; both are compared without white space. */
/** @typedef {{ file: string, was: string, now: string, reason: string }} Equivalent */

/** @type {readonly Equivalent[]} */
const equivalents = [];

/**
 * @param {{ file: string, was: string, now: string }} mutant
 * @returns {Equivalent | undefined}
 */
export function findEquivalent({ file, was, now }) {
  return equivalents.find((one) => one.file === file && bare(one.was) === bare(was) && bare(one.now) === bare(now));
}

/** @param {string} text */
function bare(text) {
  return text.replaceAll(/\s+/g, "");
}
