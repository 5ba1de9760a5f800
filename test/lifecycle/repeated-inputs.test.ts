// A frozen sync answers with the inputs that are recorded, which the engine hands over in clear: what was a secret stays one.

import { expect, test } from "vitest";
import { repeatInputs } from "../../provider/lifecycle/state/ignored.js";
import { hiddenInput } from "../../provider/lifecycle/state/stored-inputs.js";
import { secret } from "../../provider/lifecycle/engine/wire.js";

test("the inputs of an earlier version stay secret member by member", () => {
  const recorded = {
    name: "web",
    keys: { A: "1:aa", B: "1:bb" },
    salt: "s",
    seen: "x",
    connection: "c",
    __naming: "n",
  };
  expect(repeatInputs(recorded)).toEqual({
    name: "web",
    keys: { A: secret("1:aa"), B: secret("1:bb") },
    salt: secret("s"),
    seen: secret("x"),
    connection: secret("c"),
    __naming: secret("n"),
  });
});

test.each([
  ["without keys", { name: "web" }],
  ["whose keys are not known", { name: "web", keys: "unknown" }],
  ["whose keys are null", { name: "web", keys: null }],
])("inputs %s are repeated as they are", (_what, recorded) => {
  expect(repeatInputs(recorded)).toEqual(recorded);
});

test("what is hidden of today's inputs stays one secret", () => {
  const recorded = { keys: { A: 1 }, [hiddenInput]: "all of it" };
  expect(repeatInputs(recorded)).toEqual({ keys: { A: 1 }, [hiddenInput]: secret("all of it") });
});
