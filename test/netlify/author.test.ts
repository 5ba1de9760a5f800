// Who changed a variable last, as a message says it: a name that its owner chose, and a time that is one.

import { expect, test } from "vitest";
import { readAuthor } from "../../provider/destinations/netlify/live/author.js";
import type { Variable } from "../../provider/destinations/netlify/wire.js";

const nobody = { ourselves: undefined, isShared: false };

function changed(updatedAt: string, { name = "Jane Doe", id = "jane", slots = ["production"] } = {}): Variable {
  const values = slots.map((slot) => ({ id: slot, slot, value: "v", masked: false }));
  return { key: "A", isSecret: false, scopes: [], values, updatedAt, updatedBy: { id, name } };
}

test.each([
  ["2026-11-25T18:06:00Z", "Jane Doe, 25 Nov 18:06 UTC"],
  ["2026-01-02T03:04:05.678+01:00", "Jane Doe, 2 Jan 02:04 UTC"],
  ["", "Jane Doe"],
  ["9", "Jane Doe"],
  ["2026-99-99T00:00:00Z", "Jane Doe"],
  // V8 reads these as times, and the time zone of whoever runs it with them.
  ["Nov 25 2026", "Jane Doe"],
  ["2026-11-25 18:06:00 GMT", "Jane Doe"],
])("the time %j is told as %j", (time, by) => {
  expect(readAuthor(changed(time), nobody)).toEqual({ by });
});

test.each([
  ["Jane\u001b[31m Doe\n", "Jane[31m Doe"],
  ["x".repeat(200), "x".repeat(80)],
])("the name %j is told as %j", (name, by) => {
  expect(readAuthor(changed("", { name }), nobody)).toEqual({ by });
});

test("one author for several values is told as that of the key", () => {
  expect(readAuthor(changed("", { slots: ["production", "dev"] }), nobody)).toEqual({ by: "Jane Doe", byKey: true });
});

test.each([
  [{ ourselves: "jane", isShared: true }, {}],
  [{ ourselves: "jane", isShared: false }, { by: "Jane Doe" }],
  [{ ourselves: "robot", isShared: true }, { by: "Jane Doe" }],
  [{ ourselves: undefined, isShared: true }, { by: "Jane Doe" }],
])("where our own token may have written after whoever it was (%j) nobody is named", (context, author) => {
  expect(readAuthor(changed(""), context)).toEqual(author);
});
