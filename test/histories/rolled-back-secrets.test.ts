// An app whose only secret is ours, brought back by a rollback of the platform or a restart: what runs is not what is stored.

import { describe, expect, test } from "vitest";
import type { Variant } from "../emulators/digitalocean/index.js";
import { openStack, puts, said, type Stack, sync } from "../lifecycle/stack.js";
import { codesOf } from "./law.js";

/** How much the platform tells of why a deployment was made. */
const tellings: ReadonlyArray<Partial<Variant>> = [
  {},
  { clonedFrom: "left-out" },
  { cause: "left-out" },
  { clonedFrom: "left-out", cause: "text-only" },
  { clonedFrom: "left-out", cause: "left-out", lastDeploymentCreatedAt: "left-out" },
  { clonedFrom: "left-out", cause: "left-out", times: "seconds" },
];

const statusOf = (stack: Stack) => stack.outputs("shop")["syncStatus"];

/** A new value whose deployment failed; the platform rolls back, or somebody restarts what ran. */
async function openFailed(telling: Partial<Variant>, rollbackAfterFailure: boolean) {
  const stack = await openStack({ variant: { ...telling, rollbackAfterFailure } });
  const { cloud } = stack;
  const { id: appId } = cloud.createApp({ name: "shop", services: [{ name: "web" }] });
  const programOf = (value: string) => [sync("shop", { KEY: value }, { destination: { appId } })];
  const [one, two] = [stack.secret("one"), stack.secret("two")];
  expect((await stack.up(programOf(one))).problems).toBe("");
  cloud.failNextDeployment(appId, { step: "deploy" });
  expect(codesOf(await stack.up(programOf(two)))).toEqual(["deployment.failed"]);
  cloud.settle(appId);
  const running = () => cloud.running(appId)["web"]?.["KEY"]?.value;
  return { stack, appId, program: programOf(two), one, two, running };
}

async function restart({ cloud }: Stack, appId: string): Promise<void> {
  const headers = { authorization: `Bearer ${cloud.token}`, "content-type": "application/json" };
  const answer = await fetch(`${cloud.url}/v2/apps/${appId}/restart`, { method: "POST", headers, body: "{}" });
  expect(answer.status).toBe(200);
  cloud.settle(appId);
}

describe.each(tellings.map((telling) => ({ telling, title: JSON.stringify(telling) })))(
  "where the platform tells so much: $title",
  ({ telling }) => {
    test.each(["a rollback of the platform", "a restart of what ran"])(
      "after %s the preview names the value that is not live, and the next run brings it there",
      async (what) => {
        const { stack, appId, program, one, two, running } = await openFailed(telling, what.includes("rollback"));
        if (what.includes("restart")) await restart(stack, appId);
        expect(running()).toBe(one);
        expect(statusOf(stack)).toBe("written-not-live");
        expect(said(await stack.preview(program))).toContain("app/KEY");
        const run = await stack.up(program);
        expect([run.problems, puts(run), statusOf(stack)]).toEqual(["", 1, "succeeded"]);
        expect(running()).toBe(two);
        expect(puts(await stack.up(program))).toBe(0);
      },
    );

    test("a refresh does not call it live", async () => {
      const { stack, program } = await openFailed(telling, true);
      await stack.refresh();
      expect(statusOf(stack)).toBe("written-not-live");
      expect(puts(await stack.up(program))).toBe(1);
    });
  },
);
