// Pure: rows of cells as aligned columns that fit a width. Cells may hold several lines; none is cut.

const gap = 2;
/** Below this a column is not worth reading. */
const least = 8;

export function renderTable(rows: ReadonlyArray<readonly string[]>, columns: number): string[] {
  const clean = rows.map((row) => row.map(printable));
  const natural = (clean[0] ?? []).map((_, at) =>
    Math.max(...clean.flatMap((row) => (row[at] ?? "").split("\n").map((line) => line.length))),
  );
  const widths = fit(natural, columns - gap * (natural.length - 1));
  return clean.flatMap((row) => {
    const cells = row.map((cell, at) => cell.split("\n").flatMap((line) => wrap(line, widths[at] ?? least)));
    const height = Math.max(...cells.map((lines) => lines.length));
    return Array.from({ length: height }, (_, line) =>
      cells
        .map((lines, at) => (lines[line] ?? "").padEnd(widths[at] ?? least))
        .join(" ".repeat(gap))
        .trimEnd(),
    );
  });
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

/** At a space or after a separator where there is one in the second half of the line, else anywhere. */
function wrap(line: string, width: number): string[] {
  if (line.length <= width) return [line];
  const head = line.slice(0, width);
  const at = Math.max(...[" ", "-", "/", ".", "_"].map((sign) => head.lastIndexOf(sign) + 1));
  const cut = at > width / 2 ? at : width;
  return [line.slice(0, cut).trimEnd(), ...wrap(line.slice(cut).trimStart(), width)];
}

/** Names come from programs and platforms: no control characters for a terminal to act on. */
export function printable(cell: string): string {
  return cell.replaceAll(/[^\P{C}\n]/gu, "\uFFFD");
}
