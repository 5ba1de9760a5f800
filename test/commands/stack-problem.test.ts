// What the CLI says of a folder or a stack that it cannot open, told as what to do.

import { expect, test } from "vitest";
import { explainStack } from "../../provider/commands/stack-problem.js";

test.each([
  [
    "error: could not detect current project: no Pulumi.yaml project file found (searching upwards from /tmp)",
    "program.missing",
    /no Pulumi program in \. or in a folder above it; run this in the folder that has Pulumi\.yaml/,
  ],
  [
    "error: if you're using the --stack flag, pass the fully qualified name",
    "program.missing",
    /organization\/project/,
  ],
  ["error: no stack named 'nope' found", "stack.missing", /pulumi stack ls names those/],
])("%s", (said, code, message) => {
  expect(explainStack(".", said)).toMatchObject({ code, message: expect.stringMatching(message) });
});

test("whatever else keeps the words of the CLI", () => {
  expect(explainStack(".", "error: the passphrase is wrong")).toBeUndefined();
});
