// What a source is called within a sentence.

import { expect, test } from "vitest";
import { nameSource } from "../../provider/sources/description.js";
import { source } from "../../schema/index.js";

test.each([
  [{ type: "file", path: "secrets.env" }, "secrets.env"],
  [{ type: "inline", values: { A: "1" } }, "the program"],
  [{ type: "environment", variables: ["A"] }, "the environment"],
  [{ type: "exec", command: ["make", "secrets"] }, "command make"],
])("%j is %s", (given, name) => {
  expect(nameSource(source.parse(given))).toBe(name);
});
