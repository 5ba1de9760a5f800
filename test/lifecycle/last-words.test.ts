// What an update says: its plan by name, once, also where nobody made a preview, and what is true when it is over.

import { expect, onTestFinished, test } from "vitest";
import type { Properties } from "../../provider/lifecycle/engine/wire.js";
import { startNetlify } from "../emulators/netlify/index.js";
import { openStack, said, sync } from "./stack.js";

test("a first update without a preview names every key, and ends with what is live", async () => {
  const stack = await openStack();
  const { id: appId } = stack.cloud.createApp({ name: "shop" });
  const values = { A: stack.secret("a"), B: stack.secret("b") };
  const run = await stack.up([sync("web", values, { destination: { appId } })]);
  expect(said(run)).toMatch(
    /^2 added: first sync to shop\n {2}\+ app\/A .*\n {2}\+ app\/B .*\n2 keys live at https:\/\/\S+ \(deployment [0-9a-f]{8}\)$/,
  );
});

test("a later update names what it changes once, and where the new value comes from", async () => {
  const stack = await openStack();
  const { id: appId } = stack.cloud.createApp({ name: "shop" });
  const values = { A: stack.secret("a"), B: stack.secret("b") };
  await stack.up([sync("web", values, { destination: { appId } })]);
  const run = await stack.up([sync("web", { ...values, B: stack.secret("next") }, { destination: { appId } })]);
  expect(said(run)).toMatch(
    /^1 to change, 1 unchanged: plan for shop\n {2}~ app\/B: new value \(from the program\)\n2 keys live at /,
  );
  expect(said(run).match(/app\/B/g)).toHaveLength(1);
});

test("a first run whose sources give no key says so, and later ones do not repeat it", async () => {
  const stack = await openStack();
  const { id: appId } = stack.cloud.createApp({ name: "shop", envs: [{ key: "THEIRS", value: "1" }] });
  const source = { type: "inline", values: { DATABSE_URL: stack.secret("a") }, include: ["DATABASE_*"] };
  const program = [sync("web", {}, { source, destination: { appId } })];
  expect(said(await stack.preview(program))).toBe(
    "nothing to do: first sync to shop\n  no source gives a key that this sync takes; check include and exclude",
  );
  await stack.up(program);
  expect(said(await stack.preview(program))).toBe("");
});

test("without waiting, nothing is said to be live", async () => {
  const stack = await openStack({ deployment: { phaseMs: 200 } });
  const { id: appId } = stack.cloud.createApp({ name: "shop" });
  const destination = { appId, deployment: { wait: false } };
  const run = await stack.up([sync("web", { A: stack.secret("a") }, { destination })]);
  expect(said(run)).toMatch(/\n1 key stored at \S+, not seen live yet \(deployment \w{8}\)$/);
});

test("a change of arguments that changes no value says so, and a run without any change says nothing", async () => {
  const stack = await openStack();
  const { id: appId } = stack.cloud.createApp({ name: "shop" });
  const values = { A: stack.secret("a"), B: stack.secret("b") };
  const program = (description: string) => [sync("web", values, { destination: { appId }, description })];
  await stack.up(program("one"));
  expect(said(await stack.preview(program("two")))).toBe("all 2 values are the same, nothing is written");
  expect(said(await stack.up(program("two")))).toBe("all 2 values are the same, nothing is written");
  expect(said(await stack.preview(program("two")))).toBe("");
});

test.each<[string, Properties, RegExp]>([
  ["that builds nothing leaves them to the next deploy", {}, /\n1 key stored at \S+; the next deploy takes them$/],
  [
    "that builds says in which deployment they are live",
    { build: { trigger: true } },
    /\n1 key live at \S+ \(deployment \w{8}\)$/,
  ],
])("where a write deploys nothing by itself, a run %s", async (_what, build, told) => {
  const stack = await openStack();
  const netlify = await startNetlify({ phaseMs: 1 });
  onTestFinished(() => netlify.close());
  stack.environment = { NETLIFY_AUTH_TOKEN: netlify.token, NETLIFY_API_URL: netlify.url };
  const destination = { type: "netlify", siteId: netlify.addSite().id, ...build };
  const run = await stack.up([sync("web", { A: stack.secret("a") }, { destination })]);
  expect(run.problems).toBe("");
  expect(said(run)).toMatch(told);
});
