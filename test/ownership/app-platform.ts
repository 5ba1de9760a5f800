// Histories on App Platform: two apps, each with the app itself and two components.

import {
  type DigitalOceanEmulator,
  type EnvEntry,
  type Spec,
  SWITCHES,
  type Variant,
} from "../emulators/digitalocean/index.js";
import { completeVariant } from "../emulators/digitalocean/variant.js";
import type { Edit, Fault } from "./arbitraries.js";
import { drawValue, type Found, isOfSync, nameOf } from "./place.js";
import type { Platform } from "./platform.js";
import { drawSwitches } from "./switches.js";

const slots = ["app", "web", "api"];

/** A secret that is sent again and deploys nothing ends in an advice, which no history follows. */
const { resubmittedSecret: _sealedAgain, ...open } = SWITCHES;
export const switchesOfAppPlatform = drawSwitches<Partial<Variant>>(open);

export function openApps(cloud: DigitalOceanEmulator, switches: Partial<Variant>): Platform {
  Object.assign(cloud.variant, completeVariant(switches));
  const ids = ["shop", "other"].map((name) => openApp(cloud, `${name}-${cloud.apps().length}`));
  const settle = () => ids.forEach((id) => cloud.settle(id));
  return {
    cloud,
    environment: {},
    ids,
    slots,
    hasSharedVariables: false,
    nameOf: (app) => cloud.app(ids[app] ?? "").spec.name,
    look: () => look(cloud, ids),
    hides: () => false,
    edit: (edit) => {
      const id = ids[edit.app] ?? "";
      cloud.editConsole(id, (spec) => change(spec, edit));
      cloud.settle(id);
    },
    fail: (fault) => {
      const stop = fail(cloud, ids, fault);
      return () => {
        stop();
        cloud.faults.clear();
        for (const id of ids) cloud.app(id).nextFailures.length = 0;
        settle();
      };
    },
    stopAfter: (writes, onStop) =>
      cloud.onAnswer({ method: "PUT", nth: writes }, () => {
        onStop();
        cloud.faults.add({ match: { times: Infinity }, status: 401, body: { id: "unauthorized", message: "no" } });
      }),
    settle,
    deploy: () => {
      for (const id of ids) cloud.deploy(id);
      settle();
    },
    agree: () => undefined,
    destinationOf: ({ app, slots: wanted, scope, variableType, onFailure }) => {
      const components = wanted.filter((slot) => slot !== "app");
      return {
        appId: ids[app],
        ...(components.length === 0 ? {} : { components }),
        scope,
        variableType,
        deployment: { onFailure },
      };
    },
    importId: ({ app, slot }) => ["digital-ocean-app-platform", ids[app], ...(slot === "app" ? [] : [slot])].join("/"),
    settingsOf: ({ variableType, scope }) => `${variableType} ${scope}`,
    isRemovedFirst: () => false,
    countWrites: () => cloud.requests.filter(({ method }) => method === "PUT").length,
  };
}

function openApp(cloud: DigitalOceanEmulator, name: string): string {
  return cloud.createApp({ name, services: [{ name: "web" }, { name: "api" }] }).id;
}

function envsAt(spec: Spec, slot: string): EnvEntry[] {
  const body = slot === "app" ? spec : spec.services?.find(({ name }) => name === slot);
  if (body === undefined) throw new Error(`no slot ${slot}`);
  body.envs ??= [];
  return body.envs;
}

function look(cloud: DigitalOceanEmulator, ids: readonly string[]): Map<string, Found> {
  const found = new Map<string, Found>();
  for (const [app, id] of ids.entries()) {
    const spec = structuredClone(cloud.app(id).spec);
    for (const slot of slots) {
      for (const entry of envsAt(spec, slot)) {
        const { key, value: shown = "", type = "GENERAL", scope } = entry;
        const name = nameOf({ app, slot, key });
        if (found.has(name)) throw new Error(`${name} is there twice`);
        const value = shown.startsWith("EV[") ? cloud.decrypt(id, shown) : shown;
        const text = JSON.stringify(entry);
        const settings = `${type} ${scope ?? ""}`;
        found.set(name, { key, text, value, settings, isReadable: type === "GENERAL", isOurs: isOfSync(value) });
      }
    }
  }
  return found;
}

function change(spec: Spec, { slot, key, what, type }: Edit): void {
  const envs = envsAt(spec, slots[slot] ?? "");
  const at = envs.findIndex((env) => env.key === key);
  const set = what === "set" ? [{ key, value: drawValue("person"), type, scope: "RUN_TIME" as const }] : [];
  envs.splice(at === -1 ? envs.length : at, 1, ...set);
}

/** @returns what ends it, beside the faults themselves */
function fail(cloud: DigitalOceanEmulator, ids: readonly string[], fault: Fault | undefined): () => void {
  const { faults } = cloud;
  const match = { method: "PUT", times: Infinity };
  const refuse = () => void faults.add({ match, status: 400, body: { id: "bad", message: "no" } });
  if (fault === "refused") refuse();
  if (fault === "halfway") return cloud.onAnswer({ method: "PUT" }, refuse);
  if (fault === "deployment") for (const id of ids) cloud.failNextDeployment(id, { step: "deploy" });
  if (fault !== "lost" && fault !== "unheard") return () => undefined;
  faults.add({ match, ...(fault === "lost" ? { resetBefore: true } : { resetAfter: true }) });
  return cloud.onRequest(
    { method: "PUT" },
    () => void faults.add({ match: { method: "GET", times: Infinity }, status: 503 }),
  );
}
