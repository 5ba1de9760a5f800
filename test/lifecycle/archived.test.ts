// An app that is archived takes no secrets, and says so before anything is written.

import { expect, test } from "vitest";
import { openStack, puts, sync } from "./stack.js";

test("an archived app is refused in the preview and taken up once it is restored", async () => {
  const stack = await openStack();
  const { id: appId } = stack.cloud.createApp({ name: "attic", services: [{ name: "web" }] });
  const program = [sync("web", { A: stack.secret("a") }, { destination: { appId } })];
  stack.cloud.archive(appId);
  stack.cloud.settle(appId);
  const preview = await stack.preview(program);
  expect(preview.problems).toMatch(/destination\.archived: the app is archived; .*isEnabled: false/);
  const refused = await stack.up(program);
  expect(refused.problems).toContain("destination.archived");
  expect(puts(refused)).toBe(0);
  stack.cloud.archive(appId, false);
  stack.cloud.settle(appId);
  const up = await stack.up(program);
  expect([up.problems, puts(up)]).toEqual(["", 1]);
});
