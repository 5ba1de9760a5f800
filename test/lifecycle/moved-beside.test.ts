// Masked values of Netlify whose revisions move because somebody changed another value of the variable: what moves is written down, so
// that it never hides a later change of ours, and no one is blamed for somebody else's change.

import { describe, expect, onTestFinished, test } from "vitest";
import { startDigitalOcean } from "../emulators/digitalocean/index.js";
import { JANE, MACHINE, startNetlify } from "../emulators/netlify/index.js";
import { said, stackOn } from "./stack.js";

async function site(contexts: readonly string[] = ["production"], valueIds: "stable" | "renewed" = "stable") {
  const [cloud, netlify] = await Promise.all([startDigitalOcean(), startNetlify({ variant: { valueIds } })]);
  onTestFinished(async () => void (await Promise.all([cloud.close(), netlify.close()])));
  const stack = stackOn(cloud);
  stack.environment = { NETLIFY_AUTH_TOKEN: netlify.token, NETLIFY_API_URL: netlify.url };
  const own = netlify.addSite();
  const program = [
    {
      kind: "secret-sync" as const,
      name: "web",
      args: {
        source: { type: "inline", values: { A: stack.secret("a"), B: stack.secret("b") } },
        destination: { type: "netlify", siteId: own.id, contexts },
      },
    },
  ];
  await stack.up(program);
  const edit = (slot: string, value: string, by = JANE) => netlify.edit(own, { key: "A", slot }, { value, by });
  const writes = () => netlify.writes().length;
  return { netlify, site: own, stack, program, edit, writes };
}

describe("after somebody has changed another context of a variable", () => {
  test("a run takes note without a write, says why, and finds a later change of ours", async () => {
    const { netlify, site: own, stack, program, edit, writes } = await site();
    const before = writes();
    edit("dev", "local");
    const preview = await stack.preview(program);
    expect(preview.steps).toMatchObject([{ op: "update" }]);
    expect(said(preview)).toMatch(
      /^A changed at Netlify where this sync has no value by Jane Doe, .* UTC; its own values are unchanged, .* nothing is written$/,
    );
    expect((await stack.up(program)).steps).toMatchObject([{ op: "update" }]);
    expect((await stack.preview(program)).steps).toMatchObject([{ op: "same" }]);
    expect(writes()).toBe(before);

    edit("production", "hacked");
    expect(said(await stack.preview(program))).toMatch(/~ production\/A: value changed at Netlify/);
    await stack.up(program);
    expect(netlify.values(own)["A"]?.["production"]).not.toBe("hacked");
  });

  test("with the token of this sync, as another sync does, a run takes note and blames nobody", async () => {
    const { netlify, site: own, stack, program, edit, writes } = await site();
    const before = writes();
    edit("dev", "of another sync", MACHINE);
    expect(said(await stack.up(program))).toMatch(/^A changed at Netlify where this sync has no value; its own values/);
    expect((await stack.preview(program)).steps).toMatchObject([{ op: "same" }]);
    expect(writes()).toBe(before);
    edit("production", "hacked");
    await stack.up(program);
    expect(netlify.values(own)["A"]?.["production"]).not.toBe("hacked");
  });

  test("a refresh takes note, and finds a later change of ours", async () => {
    const { stack, program, edit } = await site();
    edit("dev", "local");
    await stack.refresh();
    expect(stack.outputs("web")["drift"]).toEqual([]);
    expect((await stack.preview(program)).steps).toMatchObject([{ op: "same" }]);
    edit("production", "hacked");
    await stack.refresh();
    expect(stack.outputs("web")["drift"]).toEqual(["production/A has another value"]);
    expect(said(await stack.preview(program))).toMatch(/~ production\/A: value changed at Netlify/);
  });

  test("a refresh does not make ours what somebody else has changed", async () => {
    const { netlify, site: own, stack, program, edit } = await site();
    edit("production", "hacked");
    await stack.refresh();
    await stack.refresh();
    await stack.up(program);
    expect(netlify.values(own)["A"]?.["production"]).not.toBe("hacked");
  });
});

describe("a change that Netlify shows for a variable as a whole", () => {
  test("is reported with the contexts that it may be in", async () => {
    const { stack, program, edit } = await site(["production", "deploy-preview"]);
    edit("production", "hacked");
    const told = said(await stack.preview(program));
    expect(told).toMatch(
      /~ production\/A: value changed at Netlify, here or in deploy-preview; A was last changed by Jane Doe, /,
    );
    expect(told).toMatch(
      /~ deploy-preview\/A: value changed at Netlify, here or in production; A was last changed by Jane Doe, /,
    );
    expect(told).not.toMatch(/\/B/);
  });

  test.each([
    ["its variable has no other value", ["production"]],
    ["the other value can be read, and is as it was", ["production", "dev"]],
  ])("is reported as a change of ours if no other context can have changed: %s", async (_why, contexts) => {
    const { stack, program, edit } = await site(contexts);
    edit("production", "hacked");
    const told = said(await stack.preview(program));
    expect(told).toMatch(/~ production\/A: value changed at Netlify(?!, here or in)/);
    expect(told).not.toContain("dev/A");
  });

  test("is reported with its author if no other context can have changed", async () => {
    const { stack, program, edit } = await site();
    edit("production", "hacked");
    expect(said(await stack.preview(program))).toMatch(
      /~ production\/A: value changed at Netlify by Jane Doe, \d+ \w{3} \d\d:\d\d UTC; will be written again/,
    );
  });

  test("is not blamed on our own token, which has written another context since", async () => {
    const { stack, program, edit } = await site(["production"], "renewed");
    edit("production", "hacked");
    edit("dev", "of another sync", MACHINE);
    const told = said(await stack.preview(program));
    expect(told).toMatch(/~ production\/A: value changed at Netlify/);
    expect(told).not.toContain("Machine");
  });
});
