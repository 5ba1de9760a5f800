// Pure: boxes with lines of text, and how much room they take. The font is monospaced, so a width is a number of letters.

import { printable } from "../../printable.js";
import { measureWidth, wrap } from "../wrap.js";

/** Nouns of the drawing, for its colours. */
export type Tone = "ink" | "dim" | "good" | "warn" | "bad";

export interface Line {
  readonly text: string;
  readonly tone: Tone;
  readonly isBold: boolean;
  /** Set if the line is the name of a key, or a part of one too long for a line. */
  readonly key?: string;
}

/** A line at its place: `y` is the baseline. */
export interface PlacedLine extends Line {
  readonly x: number;
  readonly y: number;
}

export interface Box {
  readonly id: string;
  readonly kind: "source" | "sync" | "bundle" | "target" | "slot";
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly lines: readonly PlacedLine[];
  /** Colour of a sync and of everything that it moves. */
  readonly hue?: number;
}

/** The id of a box: its kind, and the names that distinguish it from others of its kind. */
export function nameBox(kind: Box["kind"], ...names: readonly string[]): string {
  return JSON.stringify([kind, ...names]);
}

export const fontSize = 11;
export const lineHeight = 16;
export const padding = 10;
/** Monospaced fonts are 0.55 to 0.62 em wide. */
const letterWidth = fontSize * 0.625;

function lettersIn(width: number): number {
  return Math.floor(width / letterWidth);
}

export function textWidth(text: string): number {
  return measureWidth(text) * letterWidth;
}

/** Wraps a text into lines that fit a width. */
export function listLines(
  text: string,
  width: number,
  { tone = "ink", isBold = false }: Partial<Pick<Line, "tone" | "isBold">> = {},
): Line[] {
  return wrap(printable(text), lettersIn(width)).map((part) => ({ text: part, tone, isBold }));
}

/** Lines below each other, the first one in the box's first row. */
export function stack(lines: readonly Line[], { x, y }: { readonly x: number; readonly y: number }): PlacedLine[] {
  return lines.map((line, at) => ({ ...line, x, y: y + lineHeight * at + fontSize }));
}

/** Every key once, in columns, read downwards. @returns the lines and the height that they take */
export function gridOfKeys(
  keys: readonly string[],
  { x, y, width }: { readonly x: number; readonly y: number; readonly width: number },
): { readonly lines: PlacedLine[]; readonly height: number } {
  const gap = 14;
  const longest = Math.max(0, ...keys.map((key) => textWidth(printable(key))));
  const columns = Math.max(1, Math.min(5, Math.floor((width + gap) / (longest + gap))));
  const cell = (width + gap) / columns;
  const rows = Math.ceil(keys.length / columns);
  const lines: PlacedLine[] = [];
  let top = y;
  for (let row = 0; row < rows; row += 1) {
    let height = 0;
    for (let column = 0; column < columns; column += 1) {
      const key = keys[column * rows + row];
      if (key === undefined) continue;
      const own = listLines(key, cell - gap).map((line) => ({ ...line, key }));
      lines.push(...stack(own, { x: x + column * cell, y: top }));
      height = Math.max(height, own.length * lineHeight);
    }
    top += height;
  }
  return { lines, height: top - y };
}
