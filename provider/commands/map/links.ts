// Pure: links between boxes. Each has an end of its own on the edge of its box, in the order in which the other ends lie.

import type { Box } from "./box.js";

/** What is to be linked, by the ids of boxes: from left to right. */
export interface Wire {
  readonly from: string;
  readonly to: string;
  /** The id of the bundle whose way it is a part of. */
  readonly path: string;
  readonly keys: readonly string[];
  readonly hue: number;
  /** False where state does not tell which of several sources gives the keys. */
  readonly isCertain: boolean;
  /** The whole way in words. */
  readonly title: string;
}

export interface Link extends Wire {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

export function connect(boxes: readonly Box[], wires: readonly Wire[]): Link[] {
  const byId = new Map(boxes.map((box) => [box.id, box]));
  const ports = { from: spread(byId, wires, "from"), to: spread(byId, wires, "to") };
  return wires.flatMap((wire) => {
    const [from, to] = [byId.get(wire.from), byId.get(wire.to)];
    if (from === undefined || to === undefined) return [];
    const [y1 = 0, y2 = 0] = [ports.from.get(wire), ports.to.get(wire)];
    return [{ ...wire, x1: from.x + from.width, y1, x2: to.x, y2 }];
  });
}

/** Where on the edge each wire of a box ends. */
function spread(boxes: ReadonlyMap<string, Box>, wires: readonly Wire[], end: "from" | "to"): Map<Wire, number> {
  const other = end === "from" ? "to" : "from";
  const heightOf = (id: string) => boxes.get(id)?.y ?? 0;
  const places = new Map<Wire, number>();
  for (const [id, own] of Map.groupBy(wires, (wire) => wire[end])) {
    const box = boxes.get(id);
    if (box === undefined) continue;
    const sorted = own.toSorted((a, b) => heightOf(a[other]) - heightOf(b[other]));
    sorted.forEach((wire, at) => places.set(wire, box.y + (box.height * (at + 1)) / (own.length + 1)));
  }
  return places;
}
