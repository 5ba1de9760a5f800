// The state of every stack that was ever deployed is read, and written back as it was.

import { expect, test } from "vitest";
import { readState, writeState } from "../../provider/lifecycle/state.js";
import type { Properties } from "../../provider/lifecycle/wire.js";

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

test("state of an earlier version comes back to the letter", () => {
  const state = readState(outputs);
  expect(state).toBeDefined();
  const written = state === undefined ? {} : writeState(state, urn);
  const kept = (written["record"] as Properties)["value"];
  expect(JSON.parse(String(kept))).toEqual(record);
  expect({ ...written, record: undefined }).toMatchObject({ ...outputs, record: undefined });
});

test("an entry whose write nobody saw is told apart from one that was seen", () => {
  const { app } = readState(outputs)?.record.ledger ?? {};
  expect(app?.["SEEN"]).toEqual({ fingerprint: "f1", revision: "SECRET RUN_TIME #3fa2c1d0" });
  expect(app?.["UNSEEN"]?.unconfirmed).toEqual({ label: "SECRET RUN_TIME", found: "SECRET RUN_TIME #1" });
  expect(app?.["BARE"]).toEqual({ fingerprint: "f4", unconfirmed: {} });
});
