// Which secrets of an import a selection by tags and metadata takes, leaves, or refuses because the server does not tell enough.

import { describe, expect, test } from "vitest";
import type { InfisicalSource } from "../../schema/index.js";
import { findUnselected, selectImported } from "../../provider/sources/remote/infisical/imported.js";
import type { WireSecret } from "../../provider/sources/remote/infisical/wire.js";

type Selection = Pick<InfisicalSource, "tagSlugs" | "metadata">;
type Told = Pick<WireSecret, "tags" | "secretMetadata">;

function judge(told: Told, selection: Selection): "taken" | "left" | "refused" {
  const secret = { secretKey: "A", secretValue: "a", ...told };
  if (selectImported([secret], selection).length === 0) return "left";
  return findUnselected([secret], selection, "it").some(({ keys }) => keys.includes("A")) ? "refused" : "taken";
}

const tagged = (...slugs: string[]) => ({ tags: slugs.map((slug) => ({ slug })) });
const noted = (...pairs: Array<[key: string, value: string, isEncrypted?: boolean]>) => ({
  secretMetadata: pairs.map(([key, value, isEncrypted]) => ({ key, value, isEncrypted })),
});
const web = { tagSlugs: ["web"] };
const team = { metadata: { team: "web" } };

test.each<[told: Told, selection: Selection, outcome: ReturnType<typeof judge>]>([
  [{}, {}, "taken"],
  // By tags, of which one is enough.
  [tagged("web"), web, "taken"],
  [tagged("api", "web"), web, "taken"],
  [tagged("api"), { tagSlugs: ["web", "api"] }, "taken"],
  [tagged("api"), web, "left"],
  [tagged(), web, "left"],
  [{}, web, "refused"],
  // By metadata, of which every pair has to be there, in clear.
  [noted(["team", "web"]), team, "taken"],
  [noted(["size", "s"], ["team", "web"]), team, "taken"],
  [noted(["team", "web"]), { metadata: { " team ": " web " } }, "taken"],
  [noted(["team", "web"]), { metadata: { team: "web", size: "s" } }, "left"],
  [noted(["team", "api"]), team, "left"],
  [noted(["owner", "web"]), team, "left"],
  [noted(["team", "web", true]), team, "left"],
  [noted(["team", "web", true], ["team", "web", false]), team, "taken"],
  [noted(), team, "left"],
  [{}, team, "refused"],
  // By both.
  [{ ...tagged("web"), ...noted(["team", "web"]) }, { ...web, ...team }, "taken"],
  [{ ...tagged("api"), ...noted(["team", "web"]) }, { ...web, ...team }, "left"],
  [{ ...tagged("web"), ...noted(["team", "api"]) }, { ...web, ...team }, "left"],
  [tagged("api"), { ...web, ...team }, "left"],
  [tagged("web"), { ...web, ...team }, "refused"],
  [noted(["team", "api"]), { ...web, ...team }, "left"],
  [noted(["team", "web"]), { ...web, ...team }, "refused"],
])("of a secret that is told with %j, the selection %j makes one that is %s", (told, selection, outcome) => {
  expect(judge(told, selection)).toBe(outcome);
});

describe("the refusal names", () => {
  const tell = (selection: Selection) => {
    const [fault] = findUnselected(
      [
        { secretKey: "B", secretValue: "b" },
        { secretKey: "A", secretValue: "a" },
      ],
      selection,
      "it",
    );
    return fault?.tell(fault.keys).message;
  };

  test.each([
    [web, "which tags the imported A, B have, so `tagSlugs` cannot"],
    [team, "which metadata the imported A, B have, so `metadata` cannot"],
    [{ ...web, ...team }, "which tags the imported A, B have, so `tagSlugs` cannot"],
  ])("what the server does not tell for %j", (selection, words) => {
    expect(tell(selection)).toContain(words);
  });
});
