// Narration: what the quickstart prints between the commands. Values are never printed, nor their lengths.

let count = 0;

/**
 * @param {string} title
 * @param {string} [text]
 */
export function showStep(title, text) {
  count += 1;
  console.log(`\n${bold(`${count}. ${title}`)}`);
  if (text) console.log(text);
}

/**
 * @param {string[]} args
 * @param {boolean} hasInput
 */
export function showCommand(args, hasInput) {
  console.log(dim(`\n  $ pulumi ${args.join(" ")}${hasInput ? "   (value on standard input)" : ""}\n`));
}

/**
 * A table of what a container gets.
 * @param {import("./emulator.mjs").Variables} now
 * @param {import("./emulator.mjs").Variables} before
 */
export function showVariables(now, before) {
  const names = [...new Set([...Object.keys(now), ...Object.keys(before)])].sort();
  const width = Math.max(...names.map((name) => name.length));
  for (const name of names) {
    const [seen, earlier] = [now[name], before[name]];
    const mark =
      seen === undefined ? "gone" : earlier === undefined ? "new" : seen.value === earlier.value ? "" : "changed";
    const cells = [name.padEnd(width), seen ? "••••••" : "      ", (seen ?? earlier)?.scope.padEnd(8) ?? "", mark];
    console.log(`  ${cells.join("  ")}`.trimEnd());
  }
}

/** @param {string} text */
function bold(text) {
  return process.stdout.isTTY && !process.env["NO_COLOR"] ? `\u001b[1m${text}\u001b[0m` : text;
}

/** @param {string} text */
function dim(text) {
  return process.stdout.isTTY && !process.env["NO_COLOR"] ? `\u001b[2m${text}\u001b[0m` : text;
}
