// Pure: an app of App Platform in people's words.

import type { DisplayNames } from "../display-names.js";
import { placeKey } from "./rules.js";
import { appSlot, readComponent } from "./spec.js";

export const displayNames: DisplayNames<"digital-ocean-app-platform"> = {
  platform: "App Platform",
  nameOf: ({ appName, appId }) => appName ?? appId,
  slotsOf: (destination, key) => placeKey(destination, key).map(({ slot }) => slot),
  labelOf: (destination, key) => placeKey(destination, key)[0]?.label ?? "",
  titleOf: (slot) => (slot === appSlot ? "all components" : `component ${readComponent(slot)}`),
};
