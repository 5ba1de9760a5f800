// Pure: a site or team of Netlify in people's words.

import type { DisplayNames } from "../display-names.js";
import { allSlot, placeKey } from "./contexts.js";

export const displayNames: DisplayNames<"netlify"> = {
  platform: "Netlify",
  nameOf: ({ level, siteId, siteName = siteId, accountId, accountName = accountId }) =>
    level === "team" ? `team ${accountName ?? `of ${siteName ?? ""}`}` : siteName,
  slotsOf: (destination, key) => placeKey(destination, key).map(({ slot }) => slot),
  labelOf: (destination, key) => placeKey(destination, key)[0]?.label ?? "",
  titleOf: (slot) => {
    if (slot === allSlot) return "all contexts";
    return slot.startsWith("branch:") ? slot.replace(":", " ") : `context ${slot}`;
  },
};
