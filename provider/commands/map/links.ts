// Pure: links between boxes. Each has its own end on the edge of its box, in the order of the other ends.

import type { Box } from "./box.js";

/** What is to be linked, by the ids of boxes: from left to right. */
export interface Wire {
  readonly from: string;
  readonly to: string;
  /** The id of the bundle whose path it is a part of. */
  readonly path: string;
  readonly keys: readonly string[];
  readonly hue: number;
  /** False if state does not show which of several sources gives the keys. */
  readonly isCertain: boolean;
  /** The whole path in words. */
  readonly title: string;
}

export interface Link extends Wire {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

export function connect(boxes: readonly Box[], wires: readonly Wire[]): Link[] {
  const heights = new Map(boxes.map(({ id, y }) => [id, y]));
  const heightOf = (id: string) => heights.get(id) ?? 0;
  const leaving = Map.groupBy(
    wires.toSorted((a, b) => heightOf(a.to) - heightOf(b.to)),
    ({ from }) => from,
  );
  const begun = boxes.flatMap((box) =>
    spread(box, leaving.get(box.id)).map(([wire, y1]) => ({ ...wire, x1: box.x + box.width, y1 })),
  );
  // The boxes of a column come from top to bottom, and so does what begins at them.
  const arriving = Map.groupBy(begun, ({ to }) => to);
  return boxes.flatMap((box) => spread(box, arriving.get(box.id)).map(([wire, y2]) => ({ ...wire, x2: box.x, y2 })));
}

/** Where on the edge each wire of a box ends. */
function spread<T>({ y, height }: Box, wires: readonly T[] = []): Array<[T, number]> {
  return wires.map((wire, at) => [wire, y + (height * (at + 1)) / (wires.length + 1)]);
}
