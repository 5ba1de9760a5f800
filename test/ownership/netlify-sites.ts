// Histories on Netlify: two sites of a team, each with three contexts. In one of them a secret can be read back.

import { expect } from "vitest";
import type { DigitalOceanEmulator } from "../emulators/digitalocean/index.js";
import { ALL_SCOPES } from "../emulators/netlify/model.js";
import type { NetlifyEmulator, SiteRecord, VariableRecord } from "../emulators/netlify/index.js";
import { alternatives, usualVariant, type Variant } from "../emulators/netlify/variant.js";
import type { Edit, Fault } from "./arbitraries.js";
import { drawValue, type Found, isOfSync, keys, nameOf } from "./place.js";
import type { Platform } from "./platform.js";
import type { Declared, Kind } from "./program.js";
import { drawSwitches } from "./switches.js";

const slots = ["production", "deploy-preview", "dev"];

/** The value for all contexts stands in each that has none of its own; no sync aims at the last two of these. */
const contexts = [...slots, "branch-deploy", "dev-server"];
const all = "all";

const ofVariables = { path: /\/env/, times: Infinity };
const ofWrites = ["POST", "PUT", "PATCH", "DELETE"].map((method) => ({ method, ...ofVariables }));

const positions = Object.fromEntries(
  Object.entries(usualVariant).map(([name, usual]) => [name, [usual, ...alternatives[name as keyof Variant]]]),
) as unknown as { [Switch in keyof Variant]: Array<Variant[Switch]> };
/**
 * Plans below Pro refuse the scopes that the syncs of a history ask for. Where secrets have empty values in other contexts, these may be
 * masks, and are nobody's to take.
 */
const told = { plan: ["pro"], unsetContexts: ["absent", "empty"] } satisfies Partial<typeof positions>;
export const switchesOfNetlify = drawSwitches<Variant>({ ...positions, ...told });

/** The stack looks for App Platform on `cloud`, and needs none of it. */
export function openSites(
  { netlify, cloud }: { netlify: NetlifyEmulator; cloud: DigitalOceanEmulator },
  switches: Partial<Variant>,
): Platform {
  netlify.variant = { ...usualVariant, ...switches, split: "whole" };
  const sites = [netlify.addSite(), netlify.addSite()];
  netlify.complaints.length = 0;
  return {
    cloud,
    environment: { NETLIFY_AUTH_TOKEN: netlify.token, NETLIFY_API_URL: netlify.url },
    ids: sites.map(({ id }) => id),
    slots,
    hasSharedVariables: true,
    nameOf: (app) => sites[app]?.name ?? "",
    look: () => {
      // The law itself says which values may be lost.
      expect(netlify.complaints.filter(({ kind }) => kind !== "lost-value")).toEqual([]);
      const { devServer } = netlify.variant;
      return look(sites, devServer === "known" ? contexts : contexts.filter((one) => one !== "dev-server"));
    },
    edit: (edit) => {
      const site = sites[edit.app];
      if (site !== undefined) change(netlify, site, edit);
    },
    hides: ({ app, slot, key, what }) => {
      const { valueIds, updatedAt, patchTime } = netlify.variant;
      const variable = sites[app]?.variables.get(key);
      const isMasked = variable?.is_secret === true && valueAt(variable, slots[slot] ?? "") !== undefined;
      const isMute = valueIds === "stable" && (updatedAt === "missing" || patchTime === "stays");
      return what === "set" && isMasked && isMute && slots[slot] !== "dev";
    },
    fail: (fault) => {
      const stop = fail(netlify, sites, fault);
      if (fault === "split") netlify.variant.split = switches.split ?? "partial";
      return () => {
        stop();
        netlify.variant.split = "whole";
        netlify.faults.clear();
        for (const site of sites) site.nextFailures.length = 0;
      };
    },
    stopAfter: (writes, onStop) => {
      let count = 0;
      const run = () => {
        count += 1;
        if (count < writes) return;
        onStop();
        netlify.faults.add({ match: { times: Infinity }, status: 401 });
      };
      return endAll(ofWrites.map((match) => netlify.onAnswer(match, run)));
    },
    settle: () => undefined,
    deploy: () => undefined,
    agree: (syncs) => {
      netlify.variant.siteList = "known";
      for (const [at, site] of sites.entries()) {
        const own = syncs.filter(({ app }) => app === at);
        for (const key of keys)
          agree(
            site.variables.get(key),
            own.filter(({ values }) => values.has(key)),
            key,
          );
      }
    },
    destinationOf: ({ app, slots: aim, onFailure, agreed, ...kind }) => ({
      type: "netlify",
      siteId: sites[app]?.id,
      contexts: aim,
      ...formOf(kind),
      variables: Object.fromEntries([...agreed].map(([key, one]) => [key, formOf(one)])),
      // Some syncs build, and some do not.
      ...(onFailure === "restore" ? { build: { trigger: true } } : {}),
    }),
    importId: ({ app, slot }) => `netlify/${sites[app]?.id}/${slot}`,
    settingsOf: (one, key) => describe(formOf(one.agreed.get(key) ?? one)),
    isRemovedFirst: (from, wanted) => from.startsWith("SECRET") && wanted.startsWith("PLAIN"),
    countWrites: () => netlify.writes().length,
  };
}

const ofSecrets = ["builds", "functions", "runtime"];

interface Form {
  readonly isSecret: boolean;
  readonly scopes: readonly string[];
}

function formOf({ scope, variableType }: Kind): Form {
  const isSecret = variableType === "SECRET";
  const usual = isSecret ? ofSecrets : ALL_SCOPES;
  return { isSecret, scopes: scope === "RUN_TIME" ? usual : ["builds"] };
}

/** Secret or not, and the scopes, belong to the whole variable. */
function agree(variable: VariableRecord | undefined, wanting: readonly Declared[], key: string): void {
  const isThere = variable !== undefined && variable.values.length > 0;
  const kind = isThere ? kindOf(variable) : wanting[0];
  for (const one of wanting) if (kind !== undefined) one.agreed.set(key, kind);
}

function kindOf({ is_secret, scopes }: VariableRecord): Kind {
  const scope = scopes.length === 1 ? "BUILD_TIME" : "RUN_TIME";
  return { scope, variableType: is_secret ? "SECRET" : "GENERAL" };
}

function describe({ isSecret, scopes }: Form): string {
  return `${isSecret ? "SECRET" : "PLAIN"} ${[...scopes].sort().join(",")}`;
}

function look(sites: readonly SiteRecord[], known: readonly string[]): Map<string, Found> {
  const found = new Map<string, Found>();
  for (const [app, { variables }] of sites.entries()) {
    for (const variable of variables.values()) {
      const { key } = variable;
      const settings = describe({ isSecret: variable.is_secret, scopes: variable.scopes });
      for (const slot of known) {
        const value = valueAt(variable, slot) ?? valueAt(variable, all);
        if (value === undefined) continue;
        const isOurs = isOfSync(value);
        // Of what is somebody else's, a sync that takes over the value for all contexts may have to change the rest.
        const text = isOurs ? `${value} ${settings}` : value;
        found.set(nameOf({ app, slot, key }), { key, text, value, settings, isReadable: !variable.is_secret, isOurs });
      }
    }
  }
  return found;
}

function valueAt({ values }: VariableRecord, slot: string): string | undefined {
  return values.find(({ context }) => context === slot)?.value;
}

/** Of what is there already, one value is changed, and the variable stays what it is: for all contexts, secret, or neither. */
function change(netlify: NetlifyEmulator, site: SiteRecord, { slot: at, key, what, type }: Edit): void {
  const variable = site.variables.get(key);
  const isNew = variable === undefined || variable.values.length === 0;
  const isForAll = isNew ? type === "GENERAL" && at === 0 : valueAt(variable, all) !== undefined;
  const slot = isForAll ? all : (slots[at] ?? "");
  const kind = isNew ? { isSecret: type === "SECRET" } : {};
  if (what === "set") netlify.edit(site, { key, slot }, { value: drawValue("person"), ...kind });
  else if (!isNew && valueAt(variable, slot) !== undefined) netlify.drop(site, { key, slot });
}

/** @returns what ends it, beside the faults themselves */
function fail(netlify: NetlifyEmulator, sites: readonly SiteRecord[], fault: Fault | undefined): () => void {
  const { faults } = netlify;
  const refuse = () => {
    for (const match of ofWrites) faults.add({ match, status: 422, body: { code: 422, message: "no" } });
  };
  if (fault === "refused") refuse();
  if (fault === "deployment") for (const site of sites) site.nextFailures.push("exit code 2");
  if (fault === "halfway") return endAll(ofWrites.map((match) => netlify.onAnswer(match, refuse)));
  if (fault !== "lost" && fault !== "unheard") return () => undefined;
  for (const match of ofWrites)
    faults.add({ match, ...(fault === "lost" ? { resetBefore: true } : { resetAfter: true }) });
  const blind = () => void faults.add({ match: { method: "GET", ...ofVariables }, status: 503 });
  return endAll(ofWrites.map((match) => netlify.onRequest(match, blind)));
}

function endAll(ends: ReadonlyArray<() => void>): () => void {
  return () => ends.forEach((end) => end());
}
