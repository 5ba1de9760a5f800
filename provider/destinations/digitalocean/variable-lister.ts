// Pure: the variables of an app as arguments that would keep them.

import { redact } from "../../redacted.js";
import type { VariableLister } from "../variable-lister.js";
import { appSlot, readAttributes, listEnvs, listSlots } from "./spec.js";
import type { App } from "./wire.js";

const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

export const variableLister: VariableLister<"digital-ocean-app-platform"> = {
  address: (target) => ({
    type: "digital-ocean-app-platform",
    ...(uuid.test(target) ? { appId: target } : { appName: target }),
  }),
  listVariables: (destination, snapshot) => {
    const { spec } = snapshot.document as App;
    const envs = listEnvs(spec);
    return listSlots(spec).map((slot) => {
      const component = slot === appSlot ? undefined : slot.replace(/^component:/, "");
      const entries = envs
        .filter((one) => one.slot === slot)
        .map(({ key, env }) => {
          const { type, scope } = readAttributes(env);
          // A secret is shown as ciphertext, which is no value.
          const value = type === "GENERAL" ? redact(env.value ?? "") : undefined;
          return { key, value, settings: { variableType: type, scope } };
        });
      const components = component === undefined ? {} : { components: [component] };
      return { slot, name: component, destination: { ...destination, ...components }, entries };
    });
  },
};
