// Pure: wraps texts into lines of a given width. Nothing is cut off.

/** Columns of a monospaced font: East Asian characters and pictographs take two. */
export function measureWidth(text: string): number {
  let width = 0;
  for (const sign of text) width += (sign.codePointAt(0) ?? 0) > 0x2e7f ? 2 : 1;
  return width;
}

/** Breaks after a space or a separator if there is one in the second half of a line, else anywhere. */
export function wrap(text: string, width: number): string[] {
  if (measureWidth(text) <= width) return [text];
  const head = takeWidth(text, width);
  const at = Math.max(...[" ", "-", "/", ".", "_", ","].map((sign) => head.lastIndexOf(sign) + 1));
  const cut = at > head.length / 2 ? at : head.length;
  const rest = text.slice(cut).trimStart();
  return [text.slice(0, cut).trimEnd(), ...(rest === "" ? [] : wrap(rest, width))];
}

/** At least one sign, however narrow the line. */
function takeWidth(text: string, width: number): string {
  let head = "";
  for (const sign of text) {
    if (head !== "" && measureWidth(head) + measureWidth(sign) > width) break;
    head += sign;
  }
  return head;
}
