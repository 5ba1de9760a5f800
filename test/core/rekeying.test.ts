// A ledger that was keyed with a public salt, keyed once more: the same as if it had been written with both.

import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Ledger, LedgerEntry } from "../../provider/core/entry.js";
import {
  deriveRevisionSalt,
  fingerprint,
  fingerprintShown,
  layerSalt,
  makeSalt,
} from "../../provider/core/fingerprint.js";
import { rekeyLedger } from "../../provider/core/rekeying.js";
import { fingerprintValue } from "../../provider/destinations/netlify/live/masked-values.js";
import type { Value, Variable } from "../../provider/destinations/netlify/wire.js";
import { redact } from "../../provider/redacted.js";

const salts = fc
  .tuple(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.base64String({ minLength: 4 }))
  .map(([random, before]) => ({ before: before.replace(/[^\w]/g, "_"), salt: makeSalt(random) }));

test("values, what vendors show, and what stood there before an unconfirmed adoption", () => {
  fc.assert(
    fc.property(salts, fc.string(), fc.string(), ({ before, salt }, value, shown) => {
      const layered = layerSalt(salt, before);
      const write = (values: string, revisions: string): Ledger => {
        const revision = `SECRET # RUN_TIME #${fingerprintShown(revisions, shown)}`;
        const mark = fingerprint(values, redact(value));
        const entries: Record<string, LedgerEntry> = {
          SEEN: { fingerprint: mark, revision, prior: { kept: "as it is" } },
          UNSEEN: { fingerprint: mark, unconfirmed: { label: "SECRET RUN_TIME", found: revision } },
          CHANGED: { fingerprint: mark, unconfirmed: { label: "SECRET RUN_TIME", was: revision } },
          BARE: { fingerprint: "", unconfirmed: {} },
        };
        return { app: entries };
      };
      expect(rekeyLedger(write(before, before), layered)).toEqual(write(layered, deriveRevisionSalt(layered)));
    }),
  );
});

test("the parts of a masked value, of which a time may be missing", () => {
  fc.assert(
    fc.property(salts, fc.string(), fc.boolean(), ({ before, salt }, id, isTimed) => {
      const layered = layerSalt(salt, before);
      const values = [
        { slot: "production", id, masked: true, value: "" },
        { slot: "dev", id: "other", masked: false, value: "plain" },
      ] as unknown as readonly Value[];
      const [first] = values;
      if (first === undefined) throw new Error("no value");
      const variable = { key: "A", values, updatedAt: isTimed ? "2026-01-01" : "" } as unknown as Variable;
      const write = (values_: string, revisions: string): Ledger => ({
        production: {
          A: {
            fingerprint: fingerprint(values_, redact("v")),
            revision: `SECRET #${fingerprintValue(revisions, variable, first)}`,
          },
        },
      });
      expect(rekeyLedger(write(before, before), layered)).toEqual(write(layered, deriveRevisionSalt(layered)));
    }),
  );
});
