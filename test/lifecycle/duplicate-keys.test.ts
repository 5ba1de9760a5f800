// A key that App Platform holds twice, once for each scope: one variable is ours and one is somebody else's.

import { describe, expect, test } from "vitest";
import type { EnvEntry as Env } from "../emulators/digitalocean/index.js";
import { openStack, said, type Stack, sync } from "./stack.js";

const theirs: Env = { key: "A", value: "theirs", scope: "BUILD_TIME", type: "GENERAL" };
const code = "destination.duplicate_key";

interface Scene {
  readonly stack: Stack;
  readonly appId: string;
}

/** Somebody adds a variable of the same key in another scope. */
function push({ stack: { cloud }, appId }: Scene, where: string, added = theirs): void {
  cloud.editConsole(appId, (spec) => {
    const envs = spec.envs ?? [];
    spec.envs = where === "before" ? [added, ...envs] : [...envs, added];
  });
  cloud.settle(appId);
}

const list = ({ cloud }: Stack, appId: string) =>
  (cloud.app(appId).spec.envs ?? []).map(({ key, value, scope }) => `${key} ${scope} ${value}`);

interface Given {
  readonly syncOptions?: object;
  readonly deployment?: object;
  readonly envs?: Env[];
}

/** An app with a sync of A, and with theirs beside it. */
async function open(where: string, { syncOptions = {}, deployment = {}, envs }: Given = {}) {
  const stack = await openStack();
  const { id: appId } = stack.cloud.createApp({ name: "shop", services: [{ name: "web" }], ...(envs && { envs }) });
  const value = stack.secret("a");
  const program = (to = appId) => [sync("web", { A: value }, { destination: { appId: to, deployment }, syncOptions })];
  expect((await stack.up(program())).problems).toBe("");
  push({ stack, appId }, where);
  return { stack, appId, program };
}

describe.each(["before", "behind"])("with a variable of the same key %s ours", (where) => {
  test("an up is refused, and a refresh finds ours as it was written", async () => {
    const { stack, program } = await open(where);
    expect((await stack.up(program())).problems).toContain(code);
    expect((await stack.refresh()).problems).toBe("");
    expect(stack.outputs("web")["drift"]).toEqual([]);
  });

  test("a destroy removes ours alone", async () => {
    const { stack, appId } = await open(where);
    const run = await stack.destroy();
    expect([run.problems, said(run), stack.state.size]).toEqual(["", "1 removed: shop\n  - app/A: removed", 0]);
    expect(list(stack, appId)).toEqual(["A BUILD_TIME theirs"]);
  });

  test("a destroy gives back what was adopted in the place of ours", async () => {
    const prior: Env = { ...theirs, value: "prior", scope: "RUN_TIME" };
    const { stack, appId } = await open(where, { syncOptions: { adoptExisting: ["A"] }, envs: [prior] });
    expect((await stack.destroy()).problems).toBe("");
    expect(list(stack, appId).sort()).toEqual(["A BUILD_TIME theirs", "A RUN_TIME prior"]);
  });

  test("a sync that moves to another app leaves theirs at the old one", async () => {
    const { stack, appId, program } = await open(where);
    const { id } = stack.cloud.createApp({ name: "other", services: [{ name: "web" }] });
    expect((await stack.up(program(id))).problems).toBe("");
    expect(list(stack, appId)).toEqual(["A BUILD_TIME theirs"]);
  });

  test("a destroy whose removal fails to deploy puts ours back beside theirs", async () => {
    const { stack, appId } = await open(where, { deployment: { onFailure: "restore" } });
    const before = list(stack, appId);
    stack.cloud.failNextDeployment(appId, { step: "deploy" });
    expect((await stack.destroy()).problems).toMatch(/deployment\.failed: .*the earlier entries were restored /m);
    expect(list(stack, appId).sort()).toEqual(before.sort());
    expect((await stack.destroy()).problems).toBe("");
    expect(list(stack, appId)).toEqual(["A BUILD_TIME theirs"]);
  });
});

test("a destroy is refused where both may be ours, and state stays", async () => {
  const { stack, appId } = await open("before");
  const [, ours = expect.fail("ours is gone")] = stack.cloud.app(appId).spec.envs ?? [];
  push({ stack, appId }, "before", structuredClone(ours));
  const before = list(stack, appId);
  expect((await stack.destroy()).problems).toContain(code);
  expect(list(stack, appId)).toEqual(before);
  expect(stack.state.size).toBe(1);
});
