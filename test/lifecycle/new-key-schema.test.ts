// Another key schema: every key gets another name at once. None of them has left the source, before the write or after it.

import { expect, test } from "vitest";
import { openStack, puts, sync, valuesAt } from "./stack.js";

const plain = "{{secretKey}}";
const values = { A: "1", B: "2", C: "3" };
const named = (name: (key: string) => string) =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [name(key), value]));

interface Renaming {
  readonly what: string;
  readonly before: string;
  readonly after: string;
  readonly name: (key: string) => string;
}

const renamings: readonly Renaming[] = [
  { what: "a prefix comes", before: plain, after: "X_{{secretKey}}", name: (key) => `X_${key}` },
  { what: "a prefix goes", before: "X_{{secretKey}}", after: plain, name: (key) => key },
  { what: "a prefix is repeated", before: "X_{{secretKey}}", after: "X_X_{{secretKey}}", name: (key) => `X_X_${key}` },
  { what: "a suffix comes", before: plain, after: "{{secretKey}}_X", name: (key) => `${key}_X` },
  {
    what: "the environment comes",
    before: plain,
    after: "{{environment}}_{{secretKey}}",
    name: (key) => `test_${key}`,
  },
];

test.each(renamings)("$what: the update does what the preview says, in one write", async ({ before, after, name }) => {
  const stack = await openStack();
  const { id: appId } = stack.cloud.createApp({ name: "shop", services: [{ name: "web" }] });
  const program = (keySchema: string) => [sync("web", values, { destination: { appId }, syncOptions: { keySchema } })];
  expect((await stack.up(program(before))).problems).toBe("");
  expect((await stack.preview(program(after))).problems).toBe("");
  const up = await stack.up(program(after));
  expect([up.problems, puts(up), stack.outputs("web")["syncStatus"]]).toEqual(["", 1, "succeeded"]);
  expect(valuesAt(stack, appId)).toEqual(named(name));
  const again = await stack.up(program(after));
  expect([again.problems, again.steps.map(({ op }) => op)]).toEqual(["", ["same"]]);
});
