// When the address of a target settled, as a program of any version tells it: a look from before that moment is no answer.

import { expect, test } from "vitest";
import { readArguments } from "../../provider/lifecycle/arguments/arguments.js";
import { readSent } from "../../provider/lifecycle/arguments/sent.js";

const program = {
  name: "web",
  source: { type: "inline" },
  destination: { type: "digital-ocean-app-platform", appId: "11111111-1111-4111-8111-111111111111" },
};

test.each([
  ["a moment", 1_764_000_000_000, 1_764_000_000_000],
  ["nothing, where it was known from the start", undefined, undefined],
  ["what is no moment", "soon", undefined],
  ["what a preview does not know yet", null, undefined],
])("a program tells %s", (_what, told, settledAt) => {
  expect(readArguments(readSent({ ...program, __settledAt: told })).settledAt).toBe(settledAt);
});
