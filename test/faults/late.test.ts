// A write that the platform carries out late, after the client gave up waiting for its answer.

import { expect, test } from "vitest";
import type { RequestMatch } from "../emulators/digitalocean/index.js";
import { openStack, puts, type Stack, sync, valuesAt } from "../lifecycle/stack.js";

/** The first PUT is carried out once that request has been answered. */
async function writeLate(after: RequestMatch) {
  const stack = await openStack();
  stack.timeoutMs = 500;
  const spec = { name: "shop", envs: [{ key: "FOREIGN", value: "f" }], services: [{ name: "web" }] };
  const { id: appId } = stack.cloud.createApp(spec);
  const { promise: due, resolve } = Promise.withResolvers<void>();
  const { promise: done, resolve: end } = Promise.withResolvers<void>();
  let first: string | undefined;
  stack.cloud.onRequest({ method: "PUT" }, (request) => {
    first = request.requestId;
    return due;
  });
  stack.cloud.onAnswer({ method: "PUT", times: Infinity }, ({ requestId }) => void (requestId === first && end()));
  stack.cloud.onAnswer(after, () => resolve());
  const values = { A: stack.secret("a"), B: stack.secret("b") };
  const program = [sync("shop", values, { destination: { appId } })];
  const before = stack.cloud.deployments(appId).length;
  const run = await stack.up(program);
  await done;
  delete stack.timeoutMs;
  return { stack, appId, values, program, run, deployments: () => stack.cloud.deployments(appId).length - before };
}

async function converge({
  stack,
  appId,
  program,
}: { stack: Stack; appId: string } & Pick<Awaited<ReturnType<typeof writeLate>>, "program">) {
  const next = await stack.up(program);
  expect(next.problems).toBe("");
  stack.cloud.settle(appId);
  expect(puts(await stack.up(program))).toBe(0);
}

test("a write that is carried out between two looks is found, and not sent again", async () => {
  // The look before the write, and the first one after it.
  const late = await writeLate({ method: "GET", path: /apps\/[\w-]+$/, nth: 2 });
  expect(late.run.problems).toBe("");
  expect(puts(late.run)).toBe(1);
  expect(late.deployments()).toBe(1);
  await converge(late);
  expect(late.deployments()).toBe(1);
  expect(valuesAt(late.stack, late.appId)).toEqual({ FOREIGN: "f", ...late.values });
});

test("a write that is carried out after its repetition loses nothing, and at most one more up settles it", async () => {
  const late = await writeLate({ method: "PUT" });
  expect(late.run.problems).toBe("");
  expect(puts(late.run)).toBeGreaterThanOrEqual(2);
  await converge(late);
  expect(valuesAt(late.stack, late.appId)).toEqual({ FOREIGN: "f", ...late.values });
});
