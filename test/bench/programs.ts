// The programs and data that the cost table compares.

import type { DecisionRequest } from "../../provider/core/decision.js";
import { makeRules, recallRun } from "../../provider/lifecycle/state/last-run.js";
import type { World } from "../e2e/harness.js";

export interface Amount {
  readonly perApp: number;
  readonly keys: number;
  /** Another number makes other values. */
  readonly from?: number;
}

/** Syncs of inline values, some to each app. */
export function syncProgram(appIds: readonly string[], { perApp, keys, from = 0 }: Amount): string {
  return `
for (const [a, appId] of ${JSON.stringify(appIds)}.entries()) {
  for (let s = 0; s < ${perApp}; s += 1) {
    const values = {};
    for (let k = 0; k < ${keys}; k += 1) values["K" + s + "_" + k] = "value-" + (${from} + k) + "-" + s;
    new SecretSync("sync-" + a + "-" + s, { source: { type: "inline", values }, destination: { type: "digital-ocean-app-platform", appId, deployment: { wait: ${String(appIds.length === 1)} } } });
  }
}`;
}

/** The spec of an app without variables. */
export function appSpec(name: string) {
  return { name, services: [{ name: "web", image: { registry_type: "DOCKER_HUB", repository: "nginx" } }] };
}

/** Dynamic resources that do nothing, from a provider text of the same kind; with so many secret inputs each. */
export async function writeTrivialProgram(
  world: World,
  { count, keys }: { count: number; keys: number },
): Promise<void> {
  await world.write(
    "trivial.js",
    `exports.check = async (olds, news) => ({ inputs: news, failures: [] });
exports.diff = async () => ({ changes: false });
exports.create = async (inputs) => ({ id: "x", outs: inputs });
`,
  );
  await world.program(`
class Trivial extends pulumi.CustomResource {
  constructor(name) {
    const values = {};
    for (let k = 0; k < ${keys}; k += 1) values["K" + k] = pulumi.secret("value-" + k);
    const __provider = 'exports.handler = () => require(process.cwd() + "/trivial.js");';
    super("pulumi-nodejs:dynamic/trivial:Trivial", name, ${keys > 0 ? "{ __provider, name, values }" : "{ __provider, name }"});
  }
}
for (let i = 0; i < ${count}; i += 1) new Trivial("trivial-" + i);`);
}

/** Keys that are all ours and unchanged, in the order in which `buildDesired` hands them over: the usual run. */
export function planningWorld(count: number): DecisionRequest {
  const keys = Array.from({ length: count }, (_, index) => `KEY_${String(index).padStart(6, "0")}`);
  const label = "SECRET RUN_TIME";
  return {
    desired: {
      entries: keys.map((key) => ({ slot: "app", key, label, fingerprint: "f" })),
      keys,
      values: new Map(),
    },
    ledger: { app: Object.fromEntries(keys.map((key) => [key, { fingerprint: "f", revision: `${label} #${key}` }])) },
    live: keys.map((key) => ({ slot: "app", key, label, fingerprint: key })),
    rules: makeRules({ options: {}, environment: "", lastRun: recallRun(undefined) }),
    slots: ["app"],
    claims: [],
    keyGrammar: { pattern: /^\w+$/, rule: "" },
    notLive: undefined,
  };
}
