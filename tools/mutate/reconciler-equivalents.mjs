// Equivalents in the loop, each with its reason.

import { within } from "./equivalent.mjs";

/** @type {ReadonlyArray<import("./equivalent.mjs").Equivalent>} */
export const reconcilerEquivalents = [
  ...within("provider/reconciler/batch/batch.ts", "a shortcut: in an empty set nothing is found", [
    ["if (notLive === undefined ||", "notLive.size === 0", "false"],
  ]),
  ...within(
    "provider/reconciler/deployments/restoration.ts",
    "any text will do that is no fingerprint: the value is written again",
    [["return [{ slot, key, entry: { ...keepOrigin(former)", '""', '"Stryker was here!"']],
  ),
  ...within(
    "provider/reconciler/deployments/restoration.ts",
    "no destination that is written value by value restores anything",
    [
      ["const isPlace =", 'target.capabilities.granularity === "entry"', "false"],
      ["const isPlace =", '"entry"', '""'],
    ],
  ),
  ...within(
    "provider/reconciler/deployments/restoration.ts",
    "asked for the type: what a former sync wrote there stood there",
    [['if (action !== "set" || former === undefined', "found === undefined", "false"]],
  ),
  ...within("provider/reconciler/deployments/restoration.ts", "asked for the type: what a write set is in its ledger", [
    ["return owned?.revision === undefined", "owned?.revision", "owned.revision"],
  ]),
  ...within("provider/reconciler/deployments/restoration.ts", "asked for the type: what is undone has a revision", [
    ["if (label === undefined || was === undefined)", "was === undefined", "false"],
  ]),
  ...within(
    "provider/reconciler/deployments/restoration.ts",
    "a text is neither a former sync, nor a place, nor the name of one",
    [
      ["traceOrigins(job.formers?.()", "[]", '["Stryker was here"]'],
      ['if (action !== "set" || former === undefined', "[]", '["Stryker was here"]'],
      ["const open = new Set(", "[]", '["Stryker was here"]'],
    ],
  ),
  ...within("provider/reconciler/deployments/restoration.ts", "what is not said to be certain is not", [
    ["recordUndoing(undoing, { isCertain: false })", "{ isCertain: false }", "{}"],
  ]),
  ...within("provider/reconciler/batch/ending.ts", "whatever is not fulfilled is rejected", [
    ['status: "rejected"', '"rejected"', '""'],
  ]),
  ...within("provider/reconciler/batch/ending.ts", "a text is the name of no place", [
    ["job.claims().flatMap(", "[]", '["Stryker was here"]'],
  ]),
  ...within(
    "provider/reconciler/deployments/going-live.ts",
    "asked for the type: whoever follows a deployment has one to follow",
    [["batch.following?.deploymentId", "batch.following?.deploymentId", "batch.following.deploymentId"]],
  ),
  ...within("provider/reconciler/target-queue.ts", "asked for the type: whoever is answered is in the group", [
    [
      "answer: (job, outcome) =>",
      "group.find((queued) => queued.job === job)?.resolve",
      "group.find(queued => queued.job === job).resolve",
    ],
  ]),
  ...within("provider/reconciler/batch/ending.ts", "a shortcut: what was not handed over does not come back", [
    ["if (given.length === 0)", "given.length === 0", "false"],
  ]),
  ...within("provider/reconciler/past.ts", "asked for the type: no resource of state has such a text for its URN", [
    ["aliasesOf: (urn) =>", "[]", '["Stryker was here"]'],
  ]),
  ...within("provider/reconciler/batch/drafting.ts", "the others are drafted again without what is refused", [
    ["const edits = isRefused ?", "[]", '["Stryker was here"]'],
  ]),
  ...within("provider/reconciler/batch/drafting.ts", "a text is neither a place, nor a note, nor a former sync", [
    ["overtaken = []", "[]", '["Stryker was here"]'],
    ["(receipt?.notes ??", "[]", '["Stryker was here"]'],
    ["inherited: traceOrigins(", "[]", '["Stryker was here"]'],
  ]),
  ...within("provider/reconciler/batch/drafting.ts", "a shortcut: only what is adopted has an origin with others", [
    ['return action === "adopt"', 'action === "adopt"', "true"],
  ]),
  ...within("provider/reconciler/batch/drafting.ts", "asked for the type: without a write nothing is made", [
    ["vacated: (place) =>", "vacated?.get", "vacated.get"],
  ]),
  ...within("provider/reconciler/batch/recalling.ts", "a shortcut: of nothing no origin is asked for", [
    ["if (taken.length === 0)", "taken.length === 0", "false"],
  ]),
  ...within("provider/reconciler/planning.ts", "asked for the type: without a look nothing is met that is compared", [
    ["if (snapshot === undefined) return undefined", "snapshot === undefined", "false"],
  ]),
  ...within("provider/reconciler/batch/recalling.ts", "a text is no former sync", [
    ["const findOrigin =", "[]", '["Stryker was here"]'],
  ]),
  ...within("provider/reconciler/reconcile.ts", "a round is only ever asked whether it is the end", [
    ['kind: "again"', '"again"', '""'],
  ]),
  ...within("provider/reconciler/reconcile.ts", "a write that was not halted leaves nothing undone", [
    ["if (receipt.halt !== undefined)", "receipt.halt !== undefined", "true"],
  ]),
  ...within("provider/reconciler/reconcile.ts", "asked for the type: whoever follows a deployment has one to follow", [
    ["batch.following?.deploymentId", "batch.following?.deploymentId", "batch.following.deploymentId"],
  ]),
  ...within("provider/reconciler/reconcile.ts", "a write that changed nothing names no deployment: none is as good", [
    ["if (!changed && batch.following", "batch.following !== undefined", "true"],
  ]),
  ...within("provider/reconciler/reconcile.ts", "asked for the type: nothing that is under way has no id", [
    ["if (deploymentId !== undefined) batch.door.own", "deploymentId !== undefined", "true"],
  ]),
  ...within("provider/reconciler/batch/arrivals.ts", "whatever is neither checked nor coming is waited for by nobody", [
    ["change(urn, { stage: isOpen ?", '"resting"', '""'],
    ['change(urn, { stage: "resting" })', '"resting"', '""'],
    ['change(urn, { stage: "started" })', '"started"', '""'],
  ]),
  ...within("provider/reconciler/batch/arrivals.ts", "asked for the type: whoever notes a new sync says its stage", [
    ["syncs.set(urn, {", '"checked"', '""'],
  ]),
  ...within("provider/reconciler/batch/arrivals.ts", "a text is the name of no group", [
    ["[...new Set(some.flatMap(", "[]", '["Stryker was here"]'],
    ["const groups =", "[]", '["Stryker was here"]'],
  ]),
  ...within("provider/reconciler/batch/batch.ts", "a shortcut: who asks nothing gets no answer either way", [
    ["isRecalled: job.recall === undefined", "job.recall === undefined", "false"],
  ]),
  ...within("provider/reconciler/batch/batch.ts", "replaced by the first draft, before anybody reads it", [
    ["plan: []", "[]", '["Stryker was here"]'],
  ]),
  ...within("provider/reconciler/deployments/deploying.ts", "a text is nobody's order", [
    ["orders: owed =", "[]", '["Stryker was here"]'],
  ]),
  ...within(
    "provider/reconciler/deployments/deploying.ts",
    "asked for the type: only what can be deployed is ordered",
    [["if (target.deploy === undefined)", "target.deploy === undefined", "false"]],
  ),
  ...within(
    "provider/reconciler/target-queue.ts",
    "asked for the type: a line that works has a job, and so has a group",
    [
      ["const first = takeGroup(", "line.waiting[0]?.job", "line.waiting[0].job"],
      ["const credentialsId = first[0]", "first[0]?.job", "first[0].job"],
    ],
  ),
  ...within("provider/reconciler/target-queue.ts", "nothing has waited when a line begins to work", [
    ["for (let wasBusy = false", "false", "true"],
  ]),
];
