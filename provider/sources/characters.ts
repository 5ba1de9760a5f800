// Pure: characters that no variable can hold. Escapes in JSON and YAML can write them, and so can a service or a program.

import type { SourceValues } from "../core/desired.js";
import type { Fault } from "./documents/content.js";

/** Keys that hold, or whose values hold, a NUL character or half of a surrogate pair. */
export function findBroken(values: SourceValues, origin: string): Fault[] {
  const isBroken = (text: string) => !text.isWellFormed() || text.includes("\0");
  const broken = [...values].filter(([key, value]) => isBroken(key) || isBroken(value?.reveal() ?? ""));
  if (broken.length === 0) return [];
  return [
    {
      keys: broken.map(([key]) => key),
      tell: (keys) => ({
        code: "source.unparsable",
        message: `${origin} holds a NUL character or half of a surrogate pair in ${keys.map((key) => JSON.stringify(key)).join(", ")}; correct the value`,
      }),
    },
  ];
}
