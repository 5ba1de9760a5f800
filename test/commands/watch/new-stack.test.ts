// A run of a stack that was never updated: its state is empty, and its program says which syncs there will be.

import { expect, test } from "vitest";
import { answer, connection, playStack, sync, urnOf } from "./played-stack.js";

const changed = () => sync({ wanted: ["A", "B"] });
/** Its state is empty. */
const neverUpdated = () => ({ ...playStack({}).context.cli, export: async () => ({ deployment: { resources: [] } }) });

test("a run of a stack that was never updated writes the syncs of its program, and reads what they are afterwards", async () => {
  const told: number[] = [];
  const { context, syncs } = playStack({ web: changed() });
  const { cli } = context;
  let isNew = true;
  const read: typeof cli.export = async (order) => (isNew ? { deployment: { resources: [] } } : cli.export(order));
  const steps = [{ op: "create", urn: urnOf("web"), newState: { inputs: {} } }];
  const preview = async () => answer({ steps, changeSummary: { create: 1 } });
  const up: typeof cli.up = async (order) => {
    isNew = false;
    const { stdout } = await cli.up(order);
    return { code: 0, stdout: stdout.replace(" ~  ", " +  ").replace("~ 1 updated", "+ 1 created"), stderr: "" };
  };
  const onSyncs = async (known: readonly unknown[]) => void told.push(known.length);
  const outcome = await playStack(syncs, { cli: { export: read, preview, up }, onSyncs }).run();
  expect(outcome).toMatchObject({ result: "synced", problems: [], changes: [{ sync: "web", keys: 2 }] });
  expect(told).toEqual([0, 1]);
});

test("a run of a stack that was never updated names its syncs, and nothing else that it creates", async () => {
  const steps = [urnOf("web"), connection].map((urn) => ({ op: "create", urn, newState: { inputs: {} } }));
  const preview = async () => answer({ steps, changeSummary: { create: 2 } });
  const outcome = await playStack({}, { cli: { ...neverUpdated(), preview }, isDryRun: true }).run();
  expect(outcome.syncs.map(({ urn }) => urn)).toEqual([urnOf("web")]);
});

test("a run of a stack that was never updated looks no further when it fails at one sync both times", async () => {
  const cli = neverUpdated();
  const excluded: Array<readonly string[]> = [];
  const preview: typeof cli.preview = async (order) => {
    excluded.push(order.excluded);
    const own = {
      urn: urnOf("web"),
      severity: "error",
      message: "resource 'web' has a problem: source.not_found: no",
    };
    return answer({ steps: [], diagnostics: [own] }, 1);
  };
  const outcome = await playStack({}, { cli: { ...cli, preview } }).run();
  expect(excluded).toEqual([[], [urnOf("web")]]);
  expect(outcome).toMatchObject({ result: "failed", isWhole: true });
});
