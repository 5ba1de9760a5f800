// Pure: a site or team of Netlify in people's words.

import type { Portrait } from "../portrait.js";
import { allSlot, placeKey } from "./contexts.js";

export const portrait: Portrait<"netlify"> = {
  platform: "Netlify",
  slotKind: "context",
  nameOf: ({ level, siteId, accountId }) => (level === "team" ? `team ${accountId ?? `of ${siteId ?? ""}`}` : siteId),
  slotsOf: (destination, key) => placeKey(destination, key).map(({ slot }) => slot),
  titleOf: (slot) => (slot === allSlot ? "all contexts" : slot.replace(/^branch:/, "branch ")),
};
