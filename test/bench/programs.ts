// Test world: the programs and data that the cost table compares with.

import type { DecisionRequest } from "../../provider/core/decision.js";
import type { World } from "../e2e/harness.js";

/** As many dynamic resources that do nothing, from a provider text of the same kind. */
export async function trivialProgram(world: World, count: number): Promise<void> {
  await world.write(
    "trivial.js",
    `exports.check = async (olds, news) => ({ inputs: news, failures: [] });
exports.diff = async () => ({ changes: false });
exports.create = async (inputs) => ({ id: "x", outs: inputs });
`,
  );
  await world.program(`
class Trivial extends pulumi.CustomResource {
  constructor(name) { super("pulumi-nodejs:dynamic/trivial:Trivial", name, { __provider: 'exports.handler = () => require(process.cwd() + "/trivial.js");', name }); }
}
for (let i = 0; i < ${String(count)}; i += 1) new Trivial("trivial-" + i);`);
}

/** Keys that are all ours and unchanged: the usual run. */
export function planningWorld(count: number): DecisionRequest {
  const keys = Array.from({ length: count }, (_, index) => `KEY_${String(index)}`);
  const label = "SECRET RUN_TIME";
  return {
    desired: {
      entries: keys.map((key) => ({ slot: "app", key, label, fingerprint: "f" })),
      keys,
      values: new Map(),
    },
    ledger: { app: Object.fromEntries(keys.map((key) => [key, { fingerprint: "f", token: `${label} #${key}` }])) },
    live: keys.map((key) => ({ slot: "app", key, label, mark: key })),
    rules: {
      adopt: false,
      overwrite: false,
      keySchema: undefined,
      environment: "",
      disableSecretDeletion: false,
      deletionLimit: undefined,
      destroy: undefined,
      keepPrior: false,
    },
    slots: ["app"],
    claims: [],
    keyGrammar: { pattern: /^\w+$/, rule: "" },
    heal: false,
  };
}
