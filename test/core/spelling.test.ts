// The name that was probably meant: slips of the fingers, other spellings and beginnings, and never another word.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { askMeant, findMeant } from "../../provider/spelling.js";

const options = ["adoptExisting", "disableSecretDeletion", "deletionLimit", "keySchema", "onDestroy", "environment"];
const types = ["inline", "file", "exec", "environment", "infisical", "vault", "doppler", "aws-secrets-manager"];
const components = ["web", "worker", "api"];

describe("the nearest name is offered", () => {
  test.each<[string, string, readonly string[], readonly string[]]>([
    ["a letter is missing", "adoptExistng", options, ["adoptExisting"]],
    ["two letters are swapped", "adotpExisting", options, ["adoptExisting"]],
    ["another case", "ADOPTEXISTING", options, ["adoptExisting"]],
    ["underscores", "adopt_existing", options, ["adoptExisting"]],
    ["a plural", "sources", ["source", "destination"], ["source"]],
    ["a singular", "component", ["components", "scope"], ["components"]],
    ["a beginning", "aws", types, ["aws-secrets-manager"]],
    ["a short beginning of a long word", "env", types, ["environment"]],
    [
      "a hyphen that is missing",
      "digitalocean",
      ["digital-ocean-app-platform", "netlify"],
      ["digital-ocean-app-platform"],
    ],
    ["an underscore that is missing", "RUNTIME", ["RUN_TIME", "BUILD_TIME", "RUN_AND_BUILD_TIME"], ["RUN_TIME"]],
    ["a part", "type", ["variableType", "scope"], ["variableType"]],
    ["a short name", "wbe", components, ["web"]],
    ["two that are equally near", "shop-c", ["shop-a", "shop-b", "store"], ["shop-a", "shop-b"]],
  ])("%s", (...[, name, names, meant]) => {
    expect(findMeant(name, names)).toEqual(meant);
  });
});

test.each([
  ["another word", "payments", components],
  ["a short other word", "db", components],
  ["one letter", "x", ["a", "b"]],
  ["nothing", "", options],
  ["no names", "web", []],
])("%s is offered nothing", (_, name, names) => {
  expect(findMeant(name, names)).toEqual([]);
  expect(askMeant(name, names)).toBe("");
});

test("the question ends a sentence", () => {
  expect(askMeant("wbe", components)).toBe('; did you mean "web"?');
  expect(askMeant("shop-c", ["shop-a", "shop-b"])).toBe('; did you mean "shop-a" or "shop-b"?');
  expect(askMeant("shop-d", ["shop-a", "shop-b", "shop-c", "shop-e"])).toBe(
    '; did you mean "shop-a", "shop-b" or "shop-c"?',
  );
});

test("whatever is offered is one of the names, and one slip in a long name is always found", () => {
  const word = fc.stringMatching(/^[a-z]{5,12}$/);
  fc.assert(
    fc.property(word, fc.array(word, { maxLength: 6 }), fc.nat(), (name, others, at) => {
      const names = [name, ...others];
      const slip = name.slice(0, at % name.length) + name.slice((at % name.length) + 1);
      const meant = findMeant(slip, names);
      expect(meant).not.toEqual([]);
      expect(names).toEqual(expect.arrayContaining(meant));
    }),
  );
});
