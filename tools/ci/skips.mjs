// Skips: why a test could not run here, in the words of the comment above it.

/**
 * A test or a group is skipped by `skipIf` or `runIf`, and the line above says why: `// Skipped where …`.
 * @param {string} source the text of the test file
 * @param {readonly string[]} titles of the test and the groups around it
 * @returns {string} the reason; that there is none, where the comment is missing
 */
export function findReason(source, titles) {
  const skips = [...source.matchAll(/(?:\/\/ (Skipped [^\n]*)\n\s*)?\w+\.(?:skipIf|runIf)\(/g)];
  // The title stands in the call or in the line below it, and so before the next skip.
  const named = skips.filter(({ index }, at) => {
    const call = source.slice(index, skips[at + 1]?.index ?? source.length);
    return titles.some((title) => call.includes(JSON.stringify(title)));
  });
  const [found] = named.length > 0 ? named : skips;
  return found?.[1] ?? "no reason is given";
}
