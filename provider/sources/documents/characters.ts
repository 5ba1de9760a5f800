// Pure: characters that no variable can hold. Escapes in JSON and YAML can write them.

import type { Fault } from "./content.js";

/** Keys that hold, or whose values hold, a NUL character or half of a surrogate pair. */
export function findBroken(values: ReadonlyMap<string, string>, origin: string): Fault[] {
  const broken = [...values].filter((pair) => pair.some((text) => !text.isWellFormed() || text.includes("\0")));
  if (broken.length === 0) return [];
  return [
    {
      keys: broken.map(([key]) => key),
      tell: (keys) => ({
        code: "source.unparsable",
        message: `${origin} holds a NUL character or half of a surrogate pair in ${keys.map((key) => JSON.stringify(key)).join(", ")}; correct the escape`,
      }),
    },
  ];
}
