// One sync against one target, run after run, through the engine's own loop. It keeps what state would keep.
import type { Clock } from "../../provider/clock.js";
import { decide, type Rules } from "../../provider/core/decision.js";
import { buildDesired, nothing } from "../../provider/core/desired.js";
import type { Ledger } from "../../provider/core/entry.js";
import { changesToWrite, type Plan } from "../../provider/core/plan.js";
import { formatLine, renderPlan } from "../../provider/core/render.js";
import type { Target } from "../../provider/destinations/destination.js";
import type { Job, Outcome } from "../../provider/reconciler/batch/job.js";
import { reconcileBatch } from "../../provider/reconciler/reconcile.js";
import { closedDoor } from "../reconciler/closed-door.js";
import { redact } from "../../provider/redacted.js";

const usualRules: Rules = {
  adopt: false,
  overwrite: false,
  keySchema: undefined,
  environment: "test",
  disableSecretDeletion: false,
  deletionLimit: 1_000,
  destroy: undefined,
  keepPrior: false,
};

export interface Sync {
  target: Target;
  ledger: Ledger;
  owesDeployment: boolean;
  readonly reports: string[];
  job(values: Record<string, string>, rules?: Partial<Rules>): Job;
  /** One run. Throws what a run throws; keeps the ledger of one that only failed in part. */
  run(values: Record<string, string>, rules?: Partial<Rules>): Promise<Outcome>;
  destroy(how?: "delete" | "retain" | "restore"): Promise<Outcome>;
  /** What a preview would say: the lines, and the changes that would be written. */
  preview(values: Record<string, string>, rules?: Partial<Rules>): Promise<{ lines: string[]; writes: Plan }>;
}

export function createSync(target: Target, clock: Clock, owner = "sync"): Sync {
  const reports: string[] = [];
  const job: Sync["job"] = (values, rules = {}) => ({
    owner,
    target: sync.target,
    desired:
      rules.destroy === undefined
        ? buildDesired({
            sources: [new Map(Object.entries(values).map(([key, value]) => [key, redact(value)]))],
            keySchema: undefined,
            environment: "test",
            salt: owner,
            place: (key) => sync.target.place(key),
          })
        : nothing,
    ledger: sync.ledger,
    rules: { ...usualRules, ...rules },
    salt: owner,
    removed: [],
    owesDeployment: sync.owesDeployment,
    claims: () => [],
    report: (status) => void reports.push(status),
  });
  const run: Sync["run"] = async (values, rules) => {
    const [outcome] = await runTogether([[sync, job(values, rules)]], clock);
    if (outcome === undefined) throw new Error("no outcome");
    return outcome;
  };
  const sync: Sync = {
    target,
    ledger: {},
    owesDeployment: false,
    reports,
    job,
    run,
    destroy: (how = "delete") => run({}, { destroy: how }),
    preview: async (values, rules) => {
      const wish = job(values, rules);
      const snapshot = await sync.target.observe({ fresh: true });
      const { plan, problems } = decide({
        ...wish,
        live: sync.target.read(snapshot, owner, sync.ledger),
        claims: [],
        slots: sync.target.slots,
        keyGrammar: sync.target.capabilities.keyGrammar,
        coveringSlot: sync.target.capabilities.coveringSlot,
        notLive: undefined,
        compare: ({ key }, { slot }) => {
          const value = wish.desired.values.get(key);
          return value === undefined ? undefined : sync.target.compare(snapshot, { slot, key }, value);
        },
      });
      const doubts = sync.target.doubt?.(snapshot, plan) ?? [];
      const more = [...doubts, ...sync.target.inspect(wish.desired, snapshot, plan)];
      const notes = sync.target.advise?.(wish.desired, snapshot, plan) ?? [];
      return {
        lines: [
          ...renderPlan(plan).map(formatLine),
          ...[...problems, ...more].map((one) => `${one.code}: ${one.message}`),
          ...notes,
        ],
        writes: changesToWrite(plan),
      };
    },
  };
  return sync;
}

/** Several syncs in one batch, as the target's queue would bring them together. */
export async function runTogether(pairs: ReadonlyArray<readonly [Sync, Job]>, clock: Clock): Promise<Outcome[]> {
  const results = await reconcileBatch(
    pairs.map(([, job]) => job),
    clock,
    closedDoor(),
  );
  const outcomes: Outcome[] = [];
  const failures: unknown[] = [];
  for (const [sync, job] of pairs) {
    const result = results.get(job);
    if (result?.status === "fulfilled") {
      sync.ledger = result.value.ledger;
      sync.owesDeployment = result.value.status !== "succeeded";
      outcomes.push(result.value);
    } else failures.push(result?.reason);
  }
  if (failures.length > 0) throw failures[0];
  return outcomes;
}
