// Pure: rows of cells as aligned columns that fit a width. Cells may hold several lines; none is cut.

import { printable } from "../../printable.js";
import { measureWidth, wrap } from "../wrap.js";

const gap = 2;
/** Below this a column is not worth reading. */
const least = 8;

/** @returns the lines of each row */
export function renderTable(rows: ReadonlyArray<readonly string[]>, columns: number): string[][] {
  const clean = rows.map((row) => row.map(printable));
  const natural = (clean[0] ?? []).map((_, at) =>
    Math.max(...clean.flatMap((row) => (row[at] ?? "").split("\n").map(measureWidth))),
  );
  const widths = fit(natural, columns - gap * (natural.length - 1));
  return clean.map((row) => {
    const cells = row.map((cell, at) => cell.split("\n").flatMap((line) => wrap(line, widths[at] ?? least)));
    const height = Math.max(...cells.map((lines) => lines.length));
    return Array.from({ length: height }, (_, line) =>
      cells
        .map((lines, at) => pad(lines[line] ?? "", widths[at] ?? least))
        .join(" ".repeat(gap))
        .trimEnd(),
    );
  });
}

function pad(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - measureWidth(text)));
}

/** Takes from the widest column, one character at a time, until the row fits. */
function fit(natural: readonly number[], room: number): number[] {
  const widths = [...natural];
  let excess = widths.reduce((sum, width) => sum + width, 0) - room;
  for (; excess > 0; excess -= 1) {
    const widest = Math.max(...widths);
    if (widest <= least) break;
    widths[widths.indexOf(widest)] = widest - 1;
  }
  return widths;
}
