// Pure: an app of App Platform in people's words.

import type { Portrait } from "../portrait.js";
import { placeKey } from "./rules.js";
import { appSlot } from "./spec.js";

export const portrait: Portrait<"digital-ocean-app-platform"> = {
  platform: "App Platform",
  nameOf: ({ appName, appId }) => appName ?? appId,
  slotsOf: (destination, key) => placeKey(destination, key).map(({ slot }) => slot),
  titleOf: (slot) => (slot === appSlot ? "all components" : `component ${slot.replace(/^component:/, "")}`),
};
