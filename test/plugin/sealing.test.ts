// Sealed outputs: nothing of them can be read without the key that is among the inputs.

import { expect, test } from "vitest";
import { makeSalt } from "../../provider/core/fingerprint.js";
import { secret } from "../../provider/lifecycle/engine/wire.js";
import { closeOutputs, openOutputs } from "../../provider/plugin/outputs.js";
import type { Subject } from "../../provider/plugin/subject.js";

const subject: Subject = { urn: "urn:pulumi:test::world::t::web", kind: "secret-sync", name: "web", stack: "test" };
const salt = makeSalt(new Uint8Array(32).fill(7));
const record = JSON.stringify({
  format: 1,
  authority: { app: "x", credentials: { token: "canary-token" } },
  ledger: {},
});
const outputs = { version: 1, record: secret(record), __urn: subject.urn, __resource: "secret-sync" };
const inputs = { salt, __credentials: { destination: { app: "x", credentials: { token: "canary-token" } } } };

test("what leaves tells nothing, and equal outputs are equal text", () => {
  const closed = closeOutputs(outputs, inputs);
  expect(Object.keys(closed)).toEqual(["version", "record"]);
  expect(JSON.stringify(closed)).not.toMatch(/canary|ledger|format/);
  expect(closed).toEqual(closeOutputs(outputs, inputs));
});

test("what comes back is what left, with the credentials of the inputs", () => {
  const closed = closeOutputs(outputs, inputs);
  const { value } = closed["record"] as { value: string };
  const opened = openOutputs({ version: 1, record: value }, inputs, subject);
  expect(opened).toMatchObject({ version: 1, __urn: subject.urn, __resource: "secret-sync" });
  expect(JSON.parse(String(opened["record"]))).toEqual(JSON.parse(record));
});

test.each([
  ["another key", { ...inputs, salt: makeSalt(new Uint8Array(32).fill(8)) }, (text: string) => text],
  ["no key", {}, (text: string) => text],
  ["a text that was edited", inputs, (text: string) => `${text.slice(0, -2)}AA`],
  ["a text that was cut", inputs, (text: string) => text.slice(0, 20)],
])("with %s nothing is opened, and the sync owns nothing that it cannot prove", (_, given, edit) => {
  const { value } = closeOutputs(outputs, inputs)["record"] as { value: string };
  expect(openOutputs({ record: edit(value) }, given, subject)).not.toHaveProperty("record");
});

test("state of the dynamic provider is read as it is", () => {
  const opened = openOutputs({ record }, { salt }, subject);
  expect(JSON.parse(String(opened["record"]))).toEqual(JSON.parse(record));
});

test("a salt that anybody can compute seals nothing: the engine's own envelope has to do", () => {
  const closed = closeOutputs(outputs, { salt: "made-from-the-urn" });
  expect(closed["record"]).toEqual(secret(JSON.stringify({ format: 1, ledger: {} })));
});
