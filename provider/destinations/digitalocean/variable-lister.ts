// Pure: the variables of an app as arguments that would keep them.

import { redact } from "../../redacted.js";
import type { AppPlatformDestination } from "../../../schema/index.js";
import type { Snapshot } from "../destination.js";
import type { ListedSlot, VariableLister } from "../variable-lister.js";
import { appSlot, isSealed, listEnvs, listSlots, readAttributes, readComponent, readName } from "./spec.js";
import { type App, isId, type RawEnv, readSpecFile, type Spec } from "./wire.js";

export const variableLister: VariableLister<"digital-ocean-app-platform"> = {
  address: (target) => ({
    type: "digital-ocean-app-platform",
    ...(isId(target) ? { appId: target } : { appName: target }),
  }),
  listVariables: (destination, snapshot) => listSpec(destination, (snapshot.document as App).spec, readShown),
  readFile: (document) => {
    const spec = readSpecFile(document);
    if (spec === undefined) return undefined;
    const name = readName(spec, "");
    const address: AppPlatformDestination = { type: "digital-ocean-app-platform", appName: name };
    const app: App = { id: name, spec };
    const snapshot: Snapshot = {
      targetId: name,
      targetName: name,
      targetUrl: undefined,
      slots: listSlots(spec),
      obstacles: [],
      busyWith: undefined,
      document: app,
    };
    return { address, snapshot, slots: listSpec(address, spec, readWritten) };
  },
};

function listSpec(
  destination: AppPlatformDestination,
  spec: Spec,
  readValue: (env: RawEnv) => string | undefined,
): ListedSlot[] {
  const envs = listEnvs(spec);
  return listSlots(spec).map((slot) => {
    const component = slot === appSlot ? undefined : readComponent(slot);
    const entries = envs
      .filter((one) => one.slot === slot)
      .map(({ key, env }) => {
        const { type, scope } = readAttributes(env);
        const value = readValue(env);
        return { key, value: value === undefined ? undefined : redact(value), settings: { variableType: type, scope } };
      });
    const components = component === undefined ? {} : { components: [component] };
    return { slot, name: component, destination: { ...destination, ...components }, entries };
  });
}

/** A secret is shown as ciphertext, which is not a value. */
function readShown(env: RawEnv): string | undefined {
  return readAttributes(env).type === "GENERAL" ? (env.value ?? "") : undefined;
}

/** In a file, a secret may be written by hand, be the ciphertext of an export, or have no value. */
function readWritten(env: RawEnv): string | undefined {
  if (readAttributes(env).type === "GENERAL") return env.value ?? "";
  return env.value === "" || isSealed(env) ? undefined : (env.value ?? undefined);
}
