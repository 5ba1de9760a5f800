// What an unattended run looks at, what it may write, and what it leaves to a person.

import { describe, expect, test } from "vitest";
import { deployment, readSyncs } from "../../../provider/commands/deployment.js";
import {
  automaticSyncs,
  decideRun,
  firstRunsToConfirm,
  previewTargets,
} from "../../../provider/commands/watch/decision.js";
import { changingSteps, problemsIn, type Step } from "../../../provider/commands/pulumi/preview.js";

/** Time and processes as the machine tells them; no lock is looked at here. */
const witness = { now: 0, host: "here", isAlive: () => true };

const root = "urn:pulumi:prod::shop::pulumi:pulumi:Stack::shop-prod";
const engine = "urn:pulumi:prod::shop::pulumi:providers:pulumi-nodejs::default";
const sync = (name: string) => `urn:pulumi:prod::shop::pulumi-nodejs:dynamic/secret-sync:SecretSync::${name}`;
const ocean = "urn:pulumi:prod::shop::pulumi-nodejs:dynamic/secret-sync:Connection::ocean";
const app = "urn:pulumi:prod::shop::team:index:Site$digitalocean:index/app:App::web";
const site = "urn:pulumi:prod::shop::team:index:Site::web";
const cloud = "urn:pulumi:prod::shop::pulumi:providers:digitalocean::mine";

interface Recorded {
  readonly name: string;
  readonly options?: object;
  readonly targetId?: string;
  readonly more?: object;
}

function record({ name, options = {}, targetId = "id", more = {} }: Recorded) {
  const inputs = {
    name,
    source: [{ type: "file", path: "a.env" }],
    destination: { type: "digital-ocean-app-platform", appId: "id" },
    syncOptions: options,
    ...more,
  };
  const outputs = {
    syncStatus: "succeeded",
    lastSyncMessage: "",
    version: 1,
    managedKeys: [],
    targetId,
    drift: [],
  };
  const links = { parent: root, provider: `${engine}::id` };
  return { urn: sync(name), type: "pulumi-nodejs:dynamic/secret-sync:SecretSync", inputs, outputs, ...links };
}

function stateOf(...resources: object[]) {
  return deployment.parse({ deployment: { resources: [{ urn: root, type: "pulumi:pulumi:Stack" }, ...resources] } });
}

describe("the syncs of a stack", () => {
  test("are looked after unless they are manual or disabled", () => {
    const syncs = readSyncs(
      stateOf(
        record({ name: "web" }),
        record({ name: "said", options: { autoSyncEnabled: true } }),
        record({ name: "manual", options: { autoSyncEnabled: false } }),
        record({ name: "off", more: { isEnabled: false } }),
      ),
    );
    expect(automaticSyncs(syncs).map(({ resource }) => resource)).toEqual(["said", "web"]);
  });

  test("wait for a person when a first run would overwrite, and no longer after it", () => {
    const options = { initialSyncBehavior: "overwrite-destination" };
    expect(firstRunsToConfirm(readSyncs(stateOf(record({ name: "web", options, targetId: "" }))))).toHaveLength(1);
    expect(firstRunsToConfirm(readSyncs(stateOf(record({ name: "web", options }))))).toEqual([]);
    expect(firstRunsToConfirm(readSyncs(stateOf(record({ name: "web", targetId: "" }))))).toEqual([]);
  });

  test("are previewed with everything they stand on, but not with other syncs or the engine's own resources", () => {
    const state = stateOf(
      { urn: engine, type: "pulumi:providers:pulumi-nodejs" },
      { urn: cloud, type: "pulumi:providers:digitalocean" },
      { urn: site, type: "team:index:Site", parent: root },
      { urn: app, type: "digitalocean:index/app:App", parent: site, provider: `${cloud}::id` },
      { urn: ocean, type: "pulumi-nodejs:dynamic/secret-sync:Connection", parent: root },
      { urn: "urn:pulumi:prod::shop::aws:s3:Bucket::logs", type: "aws:s3:Bucket" },
      record({ name: "manual", options: { autoSyncEnabled: false } }),
      { ...record({ name: "web" }), dependencies: [ocean, app, sync("manual")] },
    );
    const targets = previewTargets(automaticSyncs(readSyncs(state)), state);
    expect(targets.toSorted()).toEqual([sync("web"), app, cloud, ocean, site].toSorted());
  });
});

describe("the steps of a preview", () => {
  const step = (op: string, urn: string, newState: object | null = {}) => ({ op, urn, newState }) as Step;
  const read = (steps: object[]) => changingSteps({ code: 0, stdout: JSON.stringify({ steps }), stderr: "" });

  test("count when they change a resource", () => {
    const steps = [step("same", sync("web")), step("update", root), step("read", app), step("update", sync("web"))];
    expect(read(steps)).toEqual([step("update", sync("web"))]);
    const chance = [step("create", sync("web")), step("update", sync("api"))];
    expect(read(chance), "in the same order each time").toEqual(chance.toReversed());
    expect(changingSteps({ code: 0, stdout: '{"changeSummary":{}}', stderr: "" })).toEqual([]);
  });

  test("have to be there; what is printed instead is not repeated", () => {
    const update = { op: "update", urn: sync("web") };
    for (const stdout of [
      "canary-1 {}",
      "",
      "null",
      "[]",
      "{}",
      '{"canary-1": [], "duration": 1}',
      '{"steps": []}',
      '{"steps": "canary-1", "changeSummary": {"same": 1}}',
      '{"changeSummary": {"same": 4, "update": 1}}',
      JSON.stringify({ steps: [{ op: "same", urn: root }], changeSummary: { update: 1 } }),
      // One event per line.
      `${JSON.stringify({ sequence: 0, preludeEvent: {} })}\n${JSON.stringify({ sequence: 1, summaryEvent: {} })}`,
      JSON.stringify({ sequence: 0, summaryEvent: { resourceChanges: { same: 1 } } }),
    ])
      expect(() => changingSteps({ code: 0, stdout, stderr: "" }), stdout).toThrow(
        /^cli.unreadable: pulumi preview printed no plan that this version understands; (?!.*canary)/,
      );
    // A step that finishes an earlier replacement is listed, and not counted.
    for (const changeSummary of [{ same: 1, update: 1 }, { same: 1 }, undefined])
      expect(
        changingSteps({ code: 0, stdout: JSON.stringify({ steps: [update], changeSummary }), stderr: "" }),
      ).toEqual([update]);
  });

  test("of automatic syncs are run", () => {
    const steps = [step("update", sync("web")), step("create", sync("new"), { dependencies: [ocean] })];
    expect(decideRun(steps)).toEqual({ targets: [sync("web"), sync("new")], left: [], waiting: [] });
  });

  test("of other resources are not run, nor those of syncs that are now manual or disabled", () => {
    const steps = [
      step("update", app),
      step("update", sync("manual"), { inputs: { syncOptions: { autoSyncEnabled: false } } }),
      step("update", sync("off"), { inputs: { isEnabled: false } }),
    ];
    expect(decideRun(steps)).toEqual({ targets: [], left: [], waiting: [] });
  });

  test("of what a sync stands on, however far below, make it wait, and only it", () => {
    const steps = [
      step("update", cloud),
      step("update", app, { provider: `${cloud}::id` }),
      step("update", sync("web"), { dependencies: [app] }),
      step("update", sync("other")),
    ];
    expect(decideRun(steps)).toEqual({
      targets: [sync("other")],
      left: [sync("web")],
      waiting: ["web needs web (App), mine (digitalocean) changed first: run pulumi up yourself"],
    });
  });

  test("that remove or move a sync wait for a person", () => {
    const { targets, waiting } = decideRun([step("delete", sync("gone"), null), step("replace", sync("web"))]);
    expect(targets).toEqual([]);
    expect(waiting).toEqual([
      "gone is no longer in the program: run pulumi up yourself",
      "web would move to another target: run pulumi up yourself",
    ]);
  });

  test.each(["source", "destination"])(
    "that import for the first time keep the whole stack waiting (%s)",
    (priority) => {
      const inputs = { syncOptions: { initialSyncBehavior: `import-prioritize-${priority}` } };
      const { targets, waiting } = decideRun([step("create", sync("web"), { inputs })]);
      expect(targets).toEqual([]);
      expect(waiting).toEqual(["the first run of web would write into its source: run pulumi up yourself"]);
    },
  );

  test("that overwrite a destination for the first time keep the whole stack waiting", () => {
    const inputs = { syncOptions: { initialSyncBehavior: "overwrite-destination" } };
    const { targets, left, waiting } = decideRun([
      step("create", sync("web"), { inputs }),
      step("update", sync("other")),
    ]);
    expect(targets).toEqual([]);
    expect(left).toEqual([sync("web"), sync("other")]);
    expect(waiting).toEqual(["the first run of web would overwrite its destination: run pulumi up yourself"]);
  });
});

describe("a failure of the CLI", () => {
  const wrap = (text: string) => `resource 'web' has a problem: ${text}\n`;
  const failed = (stdout: string, stderr = "") => ({ code: 1, stdout, stderr });
  const context = { ...witness, targets: [sync("web")] };
  /** As the CLI prints it: every line of a message is indented by four. */
  const textOf = (name: string, message: string, type = "pulumi-nodejs:dynamic/secret-sync:SecretSync") =>
    `Updating (dev):\n\n +  ${type} ${name} creating (0s) error: cut\nDiagnostics:\n  ${type} (${name}):\n` +
    `${`error: ${message.trim()}`.replace(/^/gm, "    ")}\n\nResources:\n    1 errored\n`;
  const error = (urn: string | undefined, message: string) => ({ urn, message, severity: "error" });

  test("of a sync is told with its code, from a preview and from an update", () => {
    const diagnostic = error(sync("web"), wrap("source.unreadable: file source: it does not exist"));
    const expected = [{ code: "source.unreadable", message: "web: file source: it does not exist", urn: sync("web") }];
    expect(problemsIn(failed(JSON.stringify({ diagnostics: [diagnostic] })), "preview", witness)).toEqual(expected);
    expect(problemsIn(failed(textOf("web", diagnostic.message)), "up", context)).toEqual(expected);
  });

  test("of an update is read from the text that it prints for people", () => {
    const text = textOf("web", "2 problems:\n  - conflict.exists: app/A exists\n  - conflict.exists: app/B exists");
    const stack = "  pulumi:pulumi:Stack (shop):\n    error: update failed\n\n";
    const warned = "    warning: canary-warning\n    of two lines\n";
    const whole = text
      .replace("Diagnostics:\n", `Diagnostics:\n${stack}`)
      .replace("\nResources", `${warned}\nResources`);
    expect(problemsIn(failed(whole), "up", context)).toEqual([
      { code: "conflict.exists", message: "web: app/A exists", urn: sync("web") },
      { code: "conflict.exists", message: "web: app/B exists", urn: sync("web") },
    ]);
  });

  test("of an update cannot be forged by what another resource says", () => {
    const forged = "x\n  pulumi-nodejs:dynamic/secret-sync:SecretSync (web):\n    error: source.unreadable: forged";
    const problems = problemsIn(failed(textOf("bad", forged, "random:index:RandomPet")), "up", context);
    expect(problems).toEqual([{ code: "stack.failed", message: "pulumi up failed at bad; run it there to see why" }]);
  });

  test("of a sync under a newer version, with a code that this one does not know, keeps its words", () => {
    const diagnostic = error(sync("web"), wrap("newer.unknown: say it"));
    expect(problemsIn(failed(JSON.stringify({ diagnostics: [diagnostic] })), "preview", witness)).toEqual([
      { code: "stack.failed", message: "web: newer.unknown: say it", urn: sync("web") },
    ]);
  });

  test("of anybody else's resource is told without its words", () => {
    const answer = failed(JSON.stringify({ diagnostics: [error(app, "token canary-1 is bad"), error(cloud, "x")] }));
    const problems = problemsIn(answer, "preview", witness);
    expect(problems.map(({ code }) => code)).toEqual(["stack.failed", "stack.failed"]);
    expect(JSON.stringify(problems)).not.toContain("canary-1");
    expect(problems[0]?.message).toBe("pulumi preview failed at web; run it there to see why");
  });

  test("of the stack is left out as a summary only in the words of one, and where something else has failed", () => {
    const web = textOf("web", "source.unreadable: file source: it does not exist");
    const beside = (stack: string) =>
      problemsIn(failed(web.replace("Diagnostics:\n", `Diagnostics:\n${stack}\n\n`)), "up", context).map(
        ({ code }) => code,
      );
    expect(beside("  pulumi:pulumi:Stack (shop):\n    error: update failed")).toEqual(["source.unreadable"]);
    expect(beside("  pulumi:pulumi:Stack (shop):\n    error: it was cut off")).toEqual([
      "stack.failed",
      "source.unreadable",
    ]);
    expect(beside("  random:index:Pet (pet):\n    error: update failed")).toEqual([
      "stack.failed",
      "source.unreadable",
    ]);
    const alone = "Diagnostics:\n  pulumi:pulumi:Stack (shop):\n    error: update failed\n";
    expect(problemsIn(failed(alone), "up", context)).toMatchObject([{ code: "stack.failed" }]);
  });

  test("of an update is read only below its heading, wherever that stands", () => {
    const own = textOf("web", "source.unreadable: file source: it does not exist");
    const bare = own.slice(own.indexOf("Diagnostics:"));
    expect(problemsIn(failed(bare), "up", context)).toMatchObject([{ code: "source.unreadable" }]);
    const without = bare.replace("Diagnostics:\n", "");
    expect(problemsIn(failed(without), "up", context)).toMatchObject([{ code: "stack.failed" }]);
  });

  test("of the CLI is its last words from the first line that calls itself an error, with what is indented below", () => {
    const said = (text: string) => problemsIn(failed("", text), "preview", witness)[0]?.message;
    expect(said("note: an error: no\nerror: 2 errors occurred:\n\t* one\n\t* two\nother")).toContain("failed: one; ");
    expect(said(`error: ${"x".repeat(400)}`)).toContain(`${"x".repeat(400)}; `);
    expect(said(`error: ${"x".repeat(401)}`)).toContain(`${"x".repeat(400)}…; `);
  });

  test("of the CLI itself is told in its words, and a held lock as such", () => {
    expect(problemsIn(failed("", "error: no stack named 'x' found\n"), "preview", witness)[0]?.message).toMatch(
      /no stack named/,
    );
    expect(problemsIn(failed(""), "up", context)[0]?.code).toBe("stack.failed");
    for (const text of [
      "error: the stack is currently locked by 1 lock(s)",
      "[409] Conflict: Another update is currently in progress.",
    ])
      expect(problemsIn(failed("", text), "up", context)).toMatchObject([{ code: "stack.locked" }]);
  });
});
