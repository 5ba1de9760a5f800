// A preview asks the platform whether it would take the write, in as few calls as can be, and without one secret value.

import { describe, expect, test } from "vitest";
import { unknownValue } from "../../provider/lifecycle/engine/wire.js";
import type { Spec } from "../emulators/digitalocean/index.js";
import { puts, type Run, said, type Stack, sync } from "./stack.js";
import {
  answer,
  databases,
  look,
  permission,
  proposals,
  propose,
  proposedSpec,
  shop,
  silences,
  warningsOf,
} from "./validation.js";

const refusal = {
  id: "bad_request",
  message: 'errors validating app spec; first error in field "envs.1.value": too odd',
};

describe("what is sent", () => {
  test("is the very spec that the write sends, with other secret values of the same length", async () => {
    const { stack, appId } = await shop();
    const program = [
      sync(
        "app",
        { KEY: stack.secret("app"), PLAIN: "readable" },
        { destination: { appId, variables: { PLAIN: { variableType: "GENERAL" } } } },
      ),
    ];
    expect((await stack.preview(program)).problems).toBe("");
    const [asked] = proposals(stack);
    await stack.up(program);
    const sent = stack.cloud.requests.find(({ method }) => method === "PUT");
    const [proposed, put] = [asked, sent].map((request) => request?.body as { app_id?: string; spec: Spec });
    expect(proposed).toEqual({ app_id: appId, spec: expect.anything() });
    const [theirs, key, plain] = proposed?.spec.envs ?? [];
    expect(theirs?.value).toMatch(/^EV\[/);
    expect(key).toMatchObject({
      key: "KEY",
      type: "SECRET",
      value: "x".repeat([...stack.canaries].at(-1)?.length ?? 0),
    });
    expect(plain).toMatchObject({ key: "PLAIN", value: "readable" });
    const bare = (spec: Spec | undefined) =>
      JSON.parse(JSON.stringify(spec).replaceAll(/canary-[\w-]+|xxx+/g, "_")) as unknown;
    expect(bare(proposed?.spec)).toEqual(bare(put?.spec));
    for (const canary of stack.canaries) expect(JSON.stringify(asked)).not.toContain(canary);
  });

  test("of an existing sync it holds new values, drift that is repaired, and keys that left", async () => {
    const { stack, appId } = await shop();
    const program = (values: Record<string, string>) => [sync("web", values, { destination: { appId } })];
    const [a, b] = [stack.secret("a"), stack.secret("b")];
    await stack.up(program({ A: a, B: a, LEFT: a, SAME: a }));
    const before = stack.cloud.app(appId).spec.envs ?? [];
    stack.cloud.editConsole(appId, (spec) => (spec.envs = spec.envs?.filter(({ key }) => key !== "B") ?? []));
    stack.cloud.settle(appId);
    expect((await stack.preview(program({ A: b, B: a, SAME: a }))).problems).toBe("");
    const spec = proposedSpec(stack);
    const filler = (value: string) => "x".repeat(value.length);
    expect(Object.fromEntries((spec.envs ?? []).map(({ key, value }) => [key, value]))).toEqual({
      THEIRS: before.find(({ key }) => key === "THEIRS")?.value,
      A: filler(b),
      B: filler(a),
      SAME: before.find(({ key }) => key === "SAME")?.value,
    });
  });

  test("a value that only the update will know stands as another text", async () => {
    const { stack, appId } = await shop();
    const run = await stack.preview([
      sync("web", { A: unknownValue, B: stack.secret("b") }, { destination: { appId, variableType: "GENERAL" } }),
    ]);
    expect(run.problems).toBe("");
    const spec = proposedSpec(stack);
    expect(spec.envs?.find(({ key }) => key === "A")?.value).toBe("unknown");
  });
});

describe("how often it is asked", () => {
  const several = (appId: string, value: string, count = 5) =>
    Array.from({ length: count }, (_, at) => sync(`sync-${at}`, { [`KEY_${at}`]: value }, { destination: { appId } }));

  test("once for an app, however many syncs write to it, new ones and existing ones", async () => {
    const { stack, appId } = await shop();
    const first = await stack.preview(several(appId, stack.secret("one")));
    expect(first.calls).toMatchObject({ [propose]: 1, [look]: 1 });
    await stack.up(several(appId, stack.secret("two")));
    const value = stack.secret("three");
    expect((await stack.preview(several(appId, value, 8))).calls[propose]).toBe(1);
  });

  test("once for each app", async () => {
    const { stack, appId } = await shop();
    const { id: other } = stack.cloud.createApp({ name: "other" });
    const program = [
      ...several(appId, "some value"),
      sync("other", { KEY: "some value" }, { destination: { appId: other } }),
    ];
    expect((await stack.preview(program)).calls[propose]).toBe(2);
    expect(proposals(stack).map(({ body }) => (body as { app_id: string }).app_id)).toEqual([appId, other]);
  });

  test("never in an update, and never when nothing would be written", async () => {
    const { stack, appId } = await shop({ databases: [{ name: "db", engine: "PG" }] });
    const program = several(appId, stack.secret("value"));
    const silent = (run: Run) => {
      expect(run.problems).toBe("");
      expect(run.calls).not.toHaveProperty([propose]);
      expect(run.calls).not.toHaveProperty([databases]);
    };
    silent(await stack.up(program));
    silent(await stack.preview(program));
    silent(await stack.up(program));
    silent(await stack.refresh());
    silent(await stack.destroy());
  });

  test("never when an adopted text is already what it should be", async () => {
    const { stack, appId } = await shop({ envs: [{ key: "PLAIN", value: "as it is" }] });
    const destination = { appId, variableType: "GENERAL", scope: "RUN_AND_BUILD_TIME" };
    const run = await stack.preview([
      sync("web", { PLAIN: "as it is" }, { destination, syncOptions: { adoptExisting: true } }),
    ]);
    expect(run.problems).toBe("");
    expect(run.calls).not.toHaveProperty([propose]);
  });

  test("by the first sync that would really write", async () => {
    const { stack, appId } = await shop({ envs: [{ key: "PLAIN", value: "as it is" }] });
    const destination = { appId, variableType: "GENERAL", scope: "RUN_AND_BUILD_TIME" };
    const { problems, calls } = await stack.preview([
      sync("adopting", { PLAIN: "as it is" }, { destination, syncOptions: { adoptExisting: true } }),
      sync("writing", { KEY: "some value" }, { destination: { appId } }),
      sync("late", { LATE: "some value" }, { destination: { appId } }),
    ]);
    expect(problems).toBe("");
    expect(calls[propose]).toBe(1);
    expect(proposedSpec(stack).envs?.map(({ key }) => key)).toEqual(["PLAIN", "KEY"]);
  });

  test("never for a token that may only read, which is told by itself", async () => {
    const { stack, appId } = await shop();
    stack.cloud.tokens.set("reader", { scopes: ["app:read"] });
    stack.environment["DIGITALOCEAN_TOKEN"] = "reader";
    const run = await stack.preview(several(appId, "some value", 1));
    expect(run.problems).toMatch(/connection\.read_only/);
    expect(run.calls).not.toHaveProperty([propose]);
  });
});

describe("a refusal", () => {
  const write = (stack: Stack, appId: string) => [
    sync("web", { KEY: stack.secret("value") }, { destination: { appId } }),
  ];

  test.each([400, 422])("%s fails the preview in the words of the write's refusal", async (status) => {
    const { stack, appId } = await shop();
    const program = write(stack, appId);
    answer(stack, /propose$/, { status, body: { ...refusal, request_id: "r-1" } });
    const preview = await stack.preview(program);
    stack.cloud.faults.clear();
    stack.cloud.faults.add({ match: { method: "PUT" }, status, body: { ...refusal, request_id: "r-1" } });
    const up = await stack.up(program);
    expect(preview.problems).toMatch(
      /destination\.rejected: .*first error in field "app\/KEY\.value": too odd \(request r-1\)/,
    );
    expect(preview.failures[0]?.text.split("\n")[0]).toBe(up.failures[0]?.text.split("\n")[0]);
    expect(puts(preview)).toBe(0);
  });

  test("is told of an existing sync as well, and quotes no value", async () => {
    const { stack, appId } = await shop();
    const value = stack.secret("quoted");
    await stack.up(write(stack, appId));
    answer(stack, /propose$/, { status: 422, body: { message: `"${value}" is not allowed` } });
    const { problems } = await stack.preview([sync("web", { KEY: value }, { destination: { appId } })]);
    expect(problems).toMatch(/destination\.rejected: .*"\[secret\]" is not allowed/);
  });

  test("names the keys of the edited spec, also on a component", async () => {
    const { stack, appId } = await shop();
    const field = 'first error in field "services.0.envs.1.value": no';
    answer(stack, /propose$/, { status: 400, body: { message: field } });
    const destination = { appId, components: ["web"] };
    const { problems } = await stack.preview([sync("web", { KEY: "some value" }, { destination })]);
    expect(problems).toContain('first error in field "web/KEY.value": no');
  });
});

describe("no answer", () => {
  test.each([...silences, ["403", { status: 403 }] as const])(
    "%s forbids nothing, and is not asked for again",
    async (_, fault) => {
      const { stack, appId } = await shop();
      answer(stack, /propose$/, fault);
      const program = [sync("web", { KEY: stack.secret("value") }, { destination: { appId } })];
      const run = await stack.preview(program);
      expect(run.problems).toBe("");
      expect(run.calls[propose]).toBe(1);
      expect(said(run)).toContain("1 to add");
      expect(warningsOf(run)).toEqual([]);
    },
  );
});

describe("switched off", () => {
  const databaseApp = { databases: [{ name: "db", engine: "PG" }] };

  test("by the sync", async () => {
    const { stack, appId } = await shop(databaseApp);
    const destination = { appId, deployment: { validate: false } };
    const run = await stack.preview([sync("web", { KEY: "some value" }, { destination })]);
    expect(run.problems).toBe("");
    expect(run.calls).toEqual({ [look]: 1, [permission]: 1 });
    expect(warningsOf(run)).toEqual([]);
  });

  test("by one sync, the others ask", async () => {
    const { stack, appId } = await shop();
    const run = await stack.preview([
      sync("silent", { A: "some value" }, { destination: { appId, deployment: { validate: false } } }),
      sync("curious", { B: "some value" }, { destination: { appId } }),
    ]);
    expect(run.calls).toEqual({ [look]: 1, [permission]: 1, [propose]: 1 });
    const spec = proposedSpec(stack);
    expect(spec.envs?.map(({ key }) => key)).toEqual(["THEIRS", "B"]);
  });

  test("by the environment", async () => {
    const { stack, appId } = await shop(databaseApp);
    stack.environment["PULUMI_SECRET_SYNC_VALIDATE"] = "0";
    const run = await stack.preview([sync("web", { KEY: "some value" }, { destination: { appId } })]);
    expect(run.calls).toEqual({ [look]: 1, [permission]: 1 });
  });
});
