// Pure: the variables of an app as arguments that would keep them.

import { redact } from "../../redacted.js";
import type { Stocktaker } from "../inventory.js";
import { appSlot, attributesOf, listEnvs, listSlots } from "./spec.js";
import type { App } from "./wire.js";

const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

export const stocktaker: Stocktaker<"digital-ocean-app-platform"> = {
  address: (target) => ({
    type: "digital-ocean-app-platform",
    ...(uuid.test(target) ? { appId: target } : { appName: target }),
  }),
  takeStock: (destination, snapshot) => {
    const { spec } = snapshot.document as App;
    const envs = listEnvs(spec);
    return listSlots(spec).map((slot) => {
      const component = slot === appSlot ? undefined : slot.replace(/^component:/, "");
      const entries = envs
        .filter((one) => one.slot === slot)
        .map(({ key, env }) => {
          const { type, scope } = attributesOf(env);
          // A secret is shown as ciphertext, which is no value.
          const value = type === "GENERAL" ? redact(env.value ?? "") : undefined;
          return { key, value, settings: { variableType: type, scope } };
        });
      const components = component === undefined ? {} : { components: [component] };
      return { slot, name: component, destination: { ...destination, ...components }, entries };
    });
  },
};
