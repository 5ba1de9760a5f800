// What `status` tells of a state, in text and as data.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SyncOnRecord } from "../../provider/commands/deployment.js";
import { deployment, readSyncs } from "../../provider/commands/deployment.js";
import { needsAttention, reportSync, type SyncReport } from "../../provider/commands/status/report.js";
import { renderTable } from "../../provider/commands/status/table.js";
import { type Paint, renderStatus } from "../../provider/commands/status/text.js";
import { nameDestination } from "../../provider/destinations/registry.js";
import { chartsOf } from "./charts.js";
import { ciphertext, resourceOf, stateOf, syncsOf } from "./state.js";

async function reportOf(
  sync: SyncOnRecord | undefined,
  _at = 0,
  syncs: ReadonlyArray<SyncOnRecord | undefined> = [],
): Promise<SyncReport> {
  if (sync === undefined) throw new Error("no sync");
  const { destination } = sync.inputs;
  const displayNames = destination.type === "untold" ? undefined : await nameDestination(destination);
  return reportSync(sync, { displayNames, syncs: syncs.filter((one) => one !== undefined) });
}

const uncoloured: Paint = (_, line) => line;

const textOf = async (syncs: ReadonlyArray<SyncOnRecord | undefined>, columns = 80, paint = uncoloured) =>
  renderStatus({ format: 1, stack: "test", syncs: await Promise.all(syncs.map(reportOf)) }, { columns, paint });

const left = { syncStatus: "written-not-live", lastSyncMessage: "1 added, stored, not seen live yet", __left: true };
const later = "2026-03-01T12:31:00.000Z";

/** A sync that returned as stored, and another one of the same target. */
function pairOf(waiting: Record<string, unknown>, more: Record<string, unknown> = {}): SyncOnRecord[] {
  return syncsOf(
    resourceOf("left", { outputs: { ...left, ...more } }),
    resourceOf("waiting", { outputs: { lastSyncedAt: later, ...waiting } }),
  );
}

describe("a sync that left the waiting to another one", () => {
  test("is well when the deployment of a later one was seen live", async () => {
    const syncs = pairOf({});
    const report = await reportOf(syncs[0], 0, syncs);
    expect(report).toMatchObject({ status: "written-not-live", carriedBy: "waiting" });
    expect(needsAttention(report)).toBe(false);
    expect(await textOf(syncs)).not.toMatch(/not-live|not seen/);
    expect((await chartsOf(syncs)).map(({ status, notes }) => [status, notes])).toEqual([
      ["succeeded", []],
      ["succeeded", []],
    ]);
  });

  test.each([
    ["earlier", pairOf({ lastSyncedAt: "2026-03-01T12:30:00.000Z" })],
    ["not live either", pairOf({ syncStatus: "written-not-live" })],
    ["at another target", pairOf({ targetId: "other" })],
    ["without a deployment", pairOf({ lastDeploymentId: undefined })],
    ["later, and this one did not leave it to anybody", pairOf({}, { __left: undefined })],
    ["later, and this one has failed since", pairOf({}, { syncStatus: "failed" })],
    ["perhaps later, because nobody knows when this one ran", pairOf({}, { lastSyncedAt: undefined })],
  ])("needs attention when the other one is %s", async (_what, syncs) => {
    const report = await reportOf(syncs[0], 0, syncs);
    expect([report.carriedBy, needsAttention(report)]).toEqual([null, true]);
    expect(await textOf(syncs)).toContain("left: 1 added, stored, not seen live yet");
  });
});

describe("the state of a stack", () => {
  test("that was never updated has no syncs, and the text says so", async () => {
    expect(readSyncs(deployment.parse({ version: 3, deployment: null }))).toEqual([]);
    expect(await textOf([])).toBe("test has no SecretSync\n");
  });

  test("gives syncs alone, also those below a component, and none that is replaced already, in the same order each time", () => {
    const below = resourceOf("below");
    below["type"] = `my:Component$${String(below["type"])}`;
    const others = { urn: "urn:pulumi:test::world::pulumi:pulumi:Stack::world", type: "pulumi:pulumi:Stack" };
    const syncs = syncsOf(others, resourceOf("plain"), below, resourceOf("old", { delete: true }));
    expect(syncs.map(({ resource }) => resource)).toEqual(["below", "plain"]);
  });

  test("tells one sync in one row, with url and deployment below it", async () => {
    expect(await textOf(syncsOf(resourceOf("web")))).toBe(
      [
        "test: 1 sync, 2 keys",
        "",
        "RESOURCE  TARGET               KEYS  LAST SYNC          STATUS     DRIFT",
        "web       shop (App Platform)  2     2026-03-01 12:30Z  succeeded  -",
        "  https://shop-f5b8c.ondigitalocean.app, deployment e9f77b5c",
        "  on destroy: removes or gives back 2 keys",
        "",
      ].join("\n"),
    );
  });

  const adoptedKeys = ["B"];
  test.each<[string, { onDestroy?: string; outputs: Record<string, unknown> }, string | undefined]>([
    ["made and adopted keys", { outputs: { adoptedKeys } }, "removes 1 key, gives back 1 key"],
    ["only keys of its own", { outputs: { adoptedKeys: [] } }, "removes 2 keys"],
    [
      "adopted keys that nobody could read",
      { outputs: { adoptedKeys, leftKeys: ["B"] } },
      "removes 1 key, leaves in place 1 key",
    ],
    ["adopted keys that it may remove", { onDestroy: "delete", outputs: { adoptedKeys } }, "removes 2 keys"],
    ["keys that it leaves", { onDestroy: "retain", outputs: { adoptedKeys } }, "leaves in place 2 keys"],
    ["a disabled sync", { outputs: { adoptedKeys, syncStatus: "disabled" } }, "leaves in place 2 keys"],
    ["a state that does not tell what was adopted", { outputs: {} }, "removes or gives back 2 keys"],
    ["no key", { outputs: { managedKeys: [] } }, undefined],
  ])("tells what a destroy would do: %s", async (_, { outputs, ...syncOptions }, told) => {
    const text = await textOf(syncsOf(resourceOf("web", { inputs: { syncOptions }, outputs })));
    expect(text.split("\n").slice(5, -1)).toEqual(told === undefined ? [] : [`  on destroy: ${told}`]);
  });

  test("names a target as its platform calls it", async () => {
    const destination = { type: "netlify", siteId: "5b8c7e0f-0000-4000-8000-000000000000" };
    const text = await textOf(
      syncsOf(resourceOf("web", { inputs: { destination }, outputs: { targetName: "shop-site", adoptedKeys: [] } })),
    );
    expect(text).toMatch(/^web +shop-site \(Netlify\)/m);
  });

  test("tells what is wrong first: above the table, and in its first rows", async () => {
    const text = await textOf(
      syncsOf(
        resourceOf("a-fine"),
        resourceOf("b-idle", { outputs: { syncStatus: "disabled" } }),
        resourceOf("c-drifted", { outputs: { drift: ["app/A is gone"] } }),
        resourceOf("d-failed", { outputs: { syncStatus: "failed", lastSyncMessage: "the build failed" } }),
      ),
    );
    const [summary, , ...lines] = text.split("\n");
    expect(summary).toBe("test: 4 syncs, 8 keys; 2 need attention");
    expect(lines.slice(0, 3)).toEqual([
      "d-failed: the build failed",
      "c-drifted: drift at the last refresh",
      "  app/A is gone",
    ]);
    expect(lines.filter((line) => /^[a-d]-\w+ /.test(line)).map((line) => line.split(" ")[0])).toEqual([
      "d-failed",
      "c-drifted",
      "a-fine",
      "b-idle",
    ]);
  });

  test.each([
    ["a name", { appName: "shop" }, "shop (App Platform)"],
    ["an id", { appId: "f5b8c1aa-c3e7-4c5f-bac6-f384d70ecd56" }, "shop-f5b8c.ondigitalocean.app (App Platform)"],
  ])("calls a target that the arguments give by %s what people know it by", async (_, address, shown) => {
    const destination = { type: "digital-ocean-app-platform", ...address };
    expect(await textOf(syncsOf(resourceOf("web", { inputs: { destination } })), 120)).toContain(` ${shown} `);
  });

  test.each([20, 60, 80, 120])("fits %i columns, whatever the names and messages are", async (columns) => {
    const long = "every-word-of-it ".repeat(20);
    const syncs = syncsOf(
      resourceOf("r".repeat(90), {
        outputs: {
          syncStatus: "failed",
          lastSyncMessage: long,
          drift: [long],
          targetUrl: `https://${"u".repeat(120)}`,
        },
      }),
    );
    const lines = (await textOf(syncs, columns)).split("\n");
    // The columns of the table cannot be narrower than eight letters each.
    const least = Math.max(columns, 6 * 10 - 2);
    expect(lines.filter((line) => line.length > least && !line.startsWith("test: "))).toEqual([]);
    expect(lines.join("").replaceAll(/\s/g, "")).toContain(long.replaceAll(" ", "").slice(0, 100).slice(0, 16));
  });

  test("breaks a message at spaces alone, so that the command in it can be copied", async () => {
    const command =
      "doctl apps logs eb09194a-b98a-40ed-8a5d-a409ae54429e web --deployment e1c8d199-9d66-4231-aa9c-debfbe2dce62";
    const lastSyncMessage = `the values are written, and the deployment failed; read its log with "${command}", then run up again`;
    const text = await textOf(syncsOf(resourceOf("web", { outputs: { syncStatus: "failed", lastSyncMessage } })));
    expect(text.replaceAll(/\n {2}/g, " ")).toContain(`web: ${lastSyncMessage}\n`);
  });

  test("fills a line to its last column, and goes on below it from there", async () => {
    const message = `${"word ".repeat(12)}the end`;
    const syncs = syncsOf(resourceOf("web", { outputs: { syncStatus: "failed", lastSyncMessage: message } }));
    const whole = `web: ${message}`;
    expect((await textOf(syncs, whole.length)).split("\n")).toContain(whole);
    expect(await textOf(syncs, whole.length - 1)).toContain(`\nweb: ${"word ".repeat(12)}the\n  end\n`);
  });

  test("is coloured line by line after everything foreign in it was made safe", async () => {
    const tinted = await textOf(
      syncsOf(
        resourceOf("bad", { outputs: { syncStatus: "failed", lastSyncMessage: "\u001b[2Jboom" } }),
        resourceOf("fine"),
      ),
      80,
      (tone, line) => (line === "" ? "" : `<${tone}>${line}</>`),
    );
    expect(tinted).toContain("<bad>bad: \\u001b[2Jboom</>");
    expect(tinted).toMatch(/<heading>RESOURCE .*<\/>\n<bad>bad /);
    expect(tinted).toMatch(/<plain>fine /);
  });

  test("names what has drifted and why a sync has failed", async () => {
    const text = await textOf(
      syncsOf(
        resourceOf("web", { outputs: { drift: ["app/A is gone"] } }),
        resourceOf("worker", { outputs: { syncStatus: "written-not-live", lastSyncMessage: "the build failed" } }),
      ),
    );
    expect(text).toContain("web: drift at the last refresh\n  app/A is gone\n");
    expect(text).toContain("worker: the build failed\n");
  });

  test("holds arguments made of secrets as ciphertext, which is told as such and never shown", async () => {
    const [named, whole] = syncsOf(
      resourceOf("named", { inputs: { destination: { type: "digital-ocean-app-platform", appName: ciphertext } } }),
      resourceOf("whole", { inputs: { source: ciphertext, destination: ciphertext } }),
    );
    expect(whole?.inputs.source).toEqual([{ type: "untold", reason: "secret" }]);
    expect((await reportOf(named)).target).toMatchObject({ platform: "App Platform", name: null });
    expect((await reportOf(whole)).target).toMatchObject({ platform: null, name: null });
    expect(await textOf([named, whole])).not.toContain("v1:");
  });

  test("written by a newer version is told as far as it is understood", async () => {
    const newer = resourceOf("web", {
      inputs: {
        destination: { type: "orbit", station: 7 },
        source: [{ type: "oracle" }],
        syncOptions: { mood: "good" },
      },
      outputs: { syncStatus: "pondering", drift: { app: ["A"] }, managedKeys: 7 },
    });
    const [sync] = syncsOf(newer);
    expect(sync?.unread).toEqual(["syncOptions", "managedKeys", "drift"]);
    const report = await reportOf(sync);
    expect(report).toMatchObject({ status: "pondering", keys: [], drift: [], deploymentId: expect.any(String) });
    const text = await textOf([sync], 160);
    expect(text).toMatch(/ \? +2026-03-01 12:30Z +pondering +\?$/m);
    expect(text).toContain("web: a newer version has written syncOptions, managedKeys, drift");
  });

  test("may be anything at all without a failure", async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string(), fc.jsonValue()), fc.jsonValue(), async (fields, value) => {
        const odd = resourceOf("odd", { inputs: { ...fields, source: value }, outputs: { ...fields, drift: value } });
        const text = await textOf(readSyncs(stateOf(odd, { urn: "u::odd", type: odd["type"] })), 80);
        expect(text).toContain("odd");
      }),
    );
  });
});

describe("the check", () => {
  test.each([
    ["is content with what succeeded", {}, false],
    ["is content with what is disabled", { syncStatus: "disabled" }, false],
    ["finds what is written and not live", { syncStatus: "written-not-live" }, true],
    ["finds what failed", { syncStatus: "failed" }, true],
    ["finds a status that it does not know", { syncStatus: "pondering" }, true],
    ["finds drift", { drift: ["app/A is gone"] }, true],
    ["finds drift that it cannot read", { drift: 7 }, true],
  ])("%s", async (_, outputs, expected) => {
    expect(needsAttention(await reportOf(syncsOf(resourceOf("web", { outputs }))[0]))).toBe(expected);
  });
});

describe("a table", () => {
  const cell = fc.string({ unit: fc.constantFrom("a", "b", "-", "/", ".", " "), maxLength: 60 });
  const table = fc
    .integer({ min: 1, max: 7 })
    .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 8 }));

  test("fits its width, unless every column is as narrow as can be, and loses nothing but spaces", () => {
    fc.assert(
      fc.property(table, fc.integer({ min: 20, max: 200 }), (rows, columns) => {
        const lines = renderTable(rows, columns).flat();
        const narrowest = (rows[0]?.length ?? 0) * 10 - 2;
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(Math.max(columns, narrowest));
        const signs = (texts: readonly string[]) => texts.join("").replaceAll(" ", "").split("").sort().join("");
        expect(signs(lines)).toBe(signs(rows.flat()));
      }),
    );
  });

  test("shows no control character to a terminal", () => {
    expect(
      renderTable([["a\u001b[31mb\u0007", "c"]], 40)
        .flat()
        .join("\n"),
    ).toBe(String.raw`a\u001b[31mb\u0007  c`);
  });
});
