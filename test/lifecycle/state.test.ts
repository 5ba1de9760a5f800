// The outputs of every stack that was ever deployed are read, whatever form they have.

import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Ledger } from "../../provider/core/entry.js";
import { deriveRevisionSalt } from "../../provider/core/fingerprint.js";
import { readState, writeState } from "../../provider/lifecycle/state/state.js";
import { joinRecord, splitRecord } from "../../provider/lifecycle/state/stored-record.js";
import type { Properties } from "../../provider/lifecycle/engine/wire.js";

/** A record as the first version wrote it, with what is optional in it. */
const record = {
  format: 1,
  salt: "s",
  inputs: "digest",
  live: "2 of 2 keys #1a2b3c4d",
  naming: { environment: "test" },
  ledger: {
    app: {
      SEEN: { fingerprint: "f1", token: "SECRET RUN_TIME #3fa2c1d0" },
      ADOPTED: { fingerprint: "f2", token: "GENERAL RUN_TIME #00000000", prior: { key: "ADOPTED", value: "before" } },
      UNSEEN: { fingerprint: "f3", token: "", unconfirmed: { label: "SECRET RUN_TIME", found: "SECRET RUN_TIME #1" } },
      CHANGED: { fingerprint: "f5", token: "", unconfirmed: { label: "SECRET RUN_TIME", was: "SECRET RUN_TIME #1" } },
      BARE: { fingerprint: "f4", token: "" },
    },
  },
  address: { type: "digital-ocean-app-platform", appId: "id" },
  isEnabled: true,
  onDestroy: "delete",
};

const outputs: Properties = {
  syncStatus: "succeeded",
  lastSyncMessage: "2 added",
  version: 1,
  managedKeys: ["SEEN"],
  targetId: "id",
  drift: [],
  record: JSON.stringify(record),
};

const urn = "urn:pulumi:test::world::pulumi-nodejs:dynamic/secret-sync:SecretSync::web";

const textOf = (written: Properties) => String((written["record"] as Properties)["value"]);

test("state of the first form is read, and says the same in the form that is written now", () => {
  const state = readState(outputs)!;
  expect(state.record).toMatchObject({ salt: "s", naming: { environment: "test" }, address: record.address });
  const written = writeState(state, urn);
  expect({ ...written, record: undefined }).toMatchObject({
    ...outputs,
    record: undefined,
    __urn: "test::world::::web",
  });
  const { naming: _naming, ...rest } = readState({ ...written, record: textOf(written) })!.record;
  expect(state.record).toMatchObject(rest);
});

test("an entry of which only fingerprints and label are known is one text, and each label is there once", () => {
  const stored = JSON.parse(textOf(writeState(readState(outputs)!, urn))) as typeof record & { labels: string[] };
  expect(stored).toMatchObject({ format: 2, labels: ["SECRET RUN_TIME"], address: { appId: "" } });
  expect(stored.ledger.app.SEEN).toBe("f1 3fa2c1d0");
  expect(stored.ledger.app.ADOPTED).toEqual(record.ledger.app.ADOPTED);
  for (const name of ["live", "naming", "isEnabled"]) expect(stored).not.toHaveProperty(name);
});

const whole = (ledger: Properties, more: Properties = {}) => ({
  ...readState(outputs)!,
  targetId: "id",
  record: { ...readState(outputs)!.record, ledger: ledger as Ledger, ...more },
});
const label = fc.constantFrom("SECRET RUN_TIME", "GENERAL RUN_AND_BUILD_TIME", "a # b", "", "12");
const fingerprint = fc.oneof(fc.stringMatching(/^[\w.-]{0,16}$/), fc.string({ maxLength: 6 }));
const entry = fc.record({ fingerprint, revision: fc.tuple(label, fingerprint).map(([a, b]) => `${a} #${b}`) });
const key = fc.oneof(fc.constantFrom("__proto__", "constructor", "toString"), fc.stringMatching(/^[A-Z_]{1,8}$/));
const naming = fc.constantFrom(undefined, { environment: "dev", keySchema: "X_{{secretKey}}" });
const connection = { app: "digital-ocean", credentials: { apiToken: "t" } };
const members = fc.record(
  {
    naming,
    isEnabled: fc.boolean(),
    isFirst: fc.constant(true),
    agreed: fc.constant(["A"]),
    removed: fc.constant([{ slot: "app", key: "A" }]),
    leftAt: fc.constant("deployment"),
    imported: fc.constant(true),
    isOwed: fc.constant(true),
    connection: fc.constantFrom(connection, { ...connection, baseUrl: "https://other" }),
    deleteTimeoutMs: fc.constant(1_000),
  },
  { requiredKeys: ["naming"] },
);

test("whatever a ledger holds is read back as it was", () => {
  fc.assert(
    fc.property(fc.dictionary(key, entry), members, (app, more) => {
      const address = { type: "netlify", siteId: "id", accountId: "x" };
      const ledger = Object.keys(app).length === 0 ? {} : { app };
      const state = whole(ledger, { address, ...more });
      const written = writeState(state, urn);
      const { record: read } = readState({ ...written, record: textOf(written) })!;
      expect(read).toEqual(JSON.parse(JSON.stringify(state.record)));
    }),
  );
});

test("how keys are named is told apart: as in the source, by a schema, and not known", () => {
  const read = (given: unknown) => {
    const written = writeState(whole({ app: { A: { fingerprint: "f", revision: "S #m" } } }, { naming: given }), urn);
    return readState({ ...written, record: textOf(written) })!.record.naming;
  };
  expect(read(undefined)).toBeUndefined();
  for (const keySchema of [undefined, ""]) expect(read({ environment: "dev", keySchema })).toEqual({ environment: "" });
  expect(read({ environment: "dev", keySchema: "{{secretKey}}_X" })).toEqual({
    environment: "dev",
    keySchema: "{{secretKey}}_X",
  });
});

test("a record of a form that is not known yet is refused", () => {
  expect(() => readState({ ...outputs, record: JSON.stringify({ ...record, format: 3 }) })).toThrow(
    /^state\.newer: .*format 3/,
  );
});

test("an entry whose write nobody saw is told apart from one that was seen", () => {
  const { app } = readState(outputs)?.record.ledger ?? {};
  expect(app?.["SEEN"]).toEqual({ fingerprint: "f1", revision: "SECRET RUN_TIME #3fa2c1d0" });
  expect(app?.["UNSEEN"]?.unconfirmed).toEqual({ label: "SECRET RUN_TIME", found: "SECRET RUN_TIME #1" });
  expect(app?.["CHANGED"]?.unconfirmed).toEqual({ label: "SECRET RUN_TIME", was: "SECRET RUN_TIME #1" });
  expect(app?.["BARE"]).toEqual({ fingerprint: "f4", unconfirmed: {} });
});

test.each([
  { name: "the salt that its inputs give", format: 2, own: "s", given: "s", isLeftOut: true },
  { name: "a salt of its own, from another host", format: 2, own: "other", given: "s", isLeftOut: false },
  { name: "a salt in the first form", format: 1, own: "s", given: "s", isLeftOut: false },
  { name: "a salt whose inputs have none", format: 2, own: "s", given: undefined, isLeftOut: false },
])("a record that leaves its salt to the inputs is read as it was: $name", ({ format, own, given, isLeftOut }) => {
  const recorded = { authority: connection, format, salt: deriveRevisionSalt(own), ledger: {} };
  const split = splitRecord(JSON.stringify(recorded), given);
  expect(split.connection).toEqual(connection);
  expect(Object.keys(JSON.parse(split.record) as object)).toEqual(
    isLeftOut ? ["format", "ledger"] : ["format", "salt", "ledger"],
  );
  expect(JSON.parse(joinRecord(split.record, { salt: given, connection }))).toEqual(recorded);
});
