// What a user is told whose generated package and whose plugin are of two versions.

import { expect, test } from "vitest";
import { version } from "../../provider/http/version.js";
import { describeMismatch } from "../../provider/plugin/version-match.js";

test.each([version, "", undefined, null, 1])("nothing is said where %j is asked for", (asked) => {
  expect(describeMismatch(asked)).toBeUndefined();
});

test.each(["0.0.9", "9.9.9", `${version}-alpha.1`])("both versions and two ways out are told for %s", (asked) => {
  expect(describeMismatch(asked)).toBe(
    `the program asks for version ${asked} of the plugin secret-sync, and version ${version} is running; ` +
      `install the plugin ${asked}, or generate the program's package again from ${version}`,
  );
});
