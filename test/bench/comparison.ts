// Pure: what a run of the benchmark costs more than the one on record.

/** `what` as it is shown; a dash means that it belongs to the row above it. */
export interface Measured {
  readonly what: string;
  readonly measured: string;
}

/** Time and memory of a whole run vary this much on one machine; counts and bytes do not vary. */
const tolerance = 1.25;

/** The rows of a recorded table. */
export function readRecorded(text: string): Measured[] {
  return text
    .split("\n")
    .filter((line) => line.startsWith("| ") && !line.startsWith("| what ") && !line.startsWith("| --"))
    .map((line) => {
      const [, what = "", measured = ""] = line.split("|").map((cell) => cell.trim());
      return { what, measured };
    });
}

/** One line per figure that got worse, and one per figure that is gone. A new figure has nothing to be compared with. */
export function listWorse(recorded: readonly Measured[], now: readonly Measured[]): string[] {
  const current = new Map(nameRows(now));
  return nameRows(recorded).flatMap(([name, before]) => {
    const after = current.get(name);
    if (after === undefined) return [`${name}: ${before} on record, not measured any more`];
    return isWorse(before, after) ? [`${name}: ${after}, ${before} on record`] : [];
  });
}

/** A dashed row says little without the one that it belongs to. */
function nameRows(rows: readonly Measured[]): Array<[string, string]> {
  let above = "";
  return rows.map(({ what, measured }) => {
    if (!what.startsWith("- ")) {
      above = what;
      return [what, measured];
    }
    return [`${above} ${what}`, measured];
  });
}

function isWorse(before: string, after: string): boolean {
  const [old, fresh] = [readFigure(before), readFigure(after)];
  if (old === undefined || fresh === undefined) return false;
  return fresh.value > old.value * (old.varies ? tolerance : 1);
}

/** Calls add up: `1 GET apps/{id}, 2 PUT apps/{id}` is three. Everything else begins with its number. */
function readFigure(text: string): { value: number; varies: boolean } | undefined {
  const calls = [...text.matchAll(/(?:^|, )(\d+) (?:GET|PUT|POST|PATCH|DELETE) /g)];
  if (calls.length > 0) return { value: calls.reduce((sum, [, count]) => sum + Number(count), 0), varies: false };
  const [, number, rest = ""] = /^([\d.]+)(.*)$/.exec(text) ?? [];
  if (number === undefined) return undefined;
  return { value: Number(number), varies: number.includes(".") || /^ (?:ms|s|MB|x)\b/.test(rest) };
}
