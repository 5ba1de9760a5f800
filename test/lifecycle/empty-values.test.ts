// Empty values: refused where the destination cannot hold one, and refused, skipped or written where the sync says so.

import { expect, test } from "vitest";
import { openStack, puts, said, sync, valuesAt } from "./stack.js";

async function shop() {
  const stack = await openStack();
  const envs = [{ key: "THEIRS", value: "x" }];
  const { id: appId } = stack.cloud.createApp({ name: "shop", envs, services: [{ name: "web" }] });
  const program = (values: Record<string, string>, syncOptions: object, destination = {}) => [
    sync("web", values, { destination: { appId, ...destination }, syncOptions }),
  ];
  return { stack, appId, program };
}

const general = { variableType: "GENERAL" };

test("an empty secret is refused when nothing is said, and an empty readable value is written", async () => {
  const { stack, appId, program } = await shop();
  expect((await stack.preview(program({ A: "" }, {}))).problems).toContain(
    "value.empty: A is empty, and an empty SECRET",
  );
  expect((await stack.up(program({ A: "" }, {}, general))).problems).toBe("");
  expect(valuesAt(stack, appId)).toMatchObject({ A: "" });
});

test("`refuse` refuses a readable one, too, once and by name", async () => {
  const { stack, program } = await shop();
  for (const destination of [general, {}]) {
    const run = await stack.preview(program({ A: "", B: "b" }, { emptyValues: "refuse" }, destination));
    expect(run.problems.match(/value\.empty/g)).toHaveLength(1);
    expect(run.problems).toContain('A is empty, and syncOptions.emptyValues is "refuse"');
    expect(puts(run)).toBe(0);
  }
});

test.each([{}, general])(
  "`write` writes an empty value, and a second run finds nothing to do (%o)",
  async (destination) => {
    const { stack, appId, program } = await shop();
    const written = program({ A: "", B: "b" }, { emptyValues: "write" }, destination);
    expect((await stack.up(written)).problems).toBe("");
    expect(valuesAt(stack, appId)).toMatchObject({ A: "", B: "b" });
    const second = await stack.up(written);
    expect([second.problems, puts(second)]).toEqual(["", 0]);
  },
);

test("`skip` leaves an empty key out and says so, and a second run finds nothing to do", async () => {
  const { stack, appId, program } = await shop();
  const skipping = program({ A: "", B: "b", THEIRS: "" }, { emptyValues: "skip" });
  const preview = await stack.preview(skipping);
  expect(preview.problems).toBe("");
  expect(said(preview)).toContain(". A: is empty in the source, and emptyValues skips it");
  expect((await stack.up(skipping)).problems).toBe("");
  expect(valuesAt(stack, appId)).toEqual({ B: "b", THEIRS: "x" });
  const second = await stack.up(skipping);
  expect([second.problems, puts(second)]).toEqual(["", 0]);
});

test("`skip` removes a key that was written and is empty now, and the plan says why", async () => {
  const { stack, appId, program } = await shop();
  await stack.up(program({ A: "a", B: "b", C: "c" }, { emptyValues: "skip" }));
  const emptied = program({ A: "", B: "b", C: "c" }, { emptyValues: "skip" });
  expect(said(await stack.preview(emptied))).toContain("- app/A: is empty in the source, and emptyValues skips it");
  expect((await stack.up(emptied)).problems).toBe("");
  expect(valuesAt(stack, appId)).toEqual({ B: "b", C: "c", THEIRS: "x" });
});

test("`skip` keeps such a key with disableSecretDeletion, and stops at the deletion limit without it", async () => {
  const { stack, appId, program } = await shop();
  await stack.up(program({ A: "a", B: "b" }, { emptyValues: "skip" }));
  const emptied = { A: "", B: "" };
  expect((await stack.preview(program(emptied, { emptyValues: "skip" }))).problems).toContain("deletion.limit");
  const kept = program(emptied, { emptyValues: "skip", disableSecretDeletion: true });
  expect(said(await stack.preview(kept))).toMatch(/= app\/A: is empty in the source, .* kept by disableSecretDeletion/);
  expect((await stack.up(kept)).problems).toBe("");
  expect(valuesAt(stack, appId)).toMatchObject({ A: "a", B: "b" });
});

test("overwrite-destination takes no variable of somebody else for one that has left, where the source has it empty", async () => {
  const { stack, appId, program } = await shop();
  const run = await stack.up(
    program({ A: "a", THEIRS: "" }, { emptyValues: "skip", initialSyncBehavior: "overwrite-destination" }),
  );
  expect(run.problems).toBe("");
  expect(valuesAt(stack, appId)).toEqual({ A: "a", THEIRS: "x" });
});

test("a later source that has a key empty wins over an earlier one", async () => {
  const { stack, appId } = await shop();
  const sources = [
    { type: "inline", values: { A: "a", B: "b" } },
    { type: "inline", values: { A: "" } },
  ];
  const layered = [sync("web", {}, { source: sources, destination: { appId }, syncOptions: { emptyValues: "skip" } })];
  expect((await stack.up(layered)).problems).toBe("");
  expect(valuesAt(stack, appId)).toEqual({ B: "b", THEIRS: "x" });
});
