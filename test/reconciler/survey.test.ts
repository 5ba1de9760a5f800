// One look at sources and target: what is concluded from it, and what is not if a part of it fails.

import { describe, expect, test } from "vitest";
import { deriveRevisionSalt } from "../../provider/core/fingerprint.js";
import type { Look, Target } from "../../provider/destinations/destination.js";
import { SecretSyncError } from "../../provider/errors.js";
import { redact } from "../../provider/redacted.js";
import { takeSurvey, type SurveyRequest } from "../../provider/reconciler/survey.js";
import type { World } from "../../provider/reconciler/world.js";
import type { SourceRequest } from "../../provider/sources/source.js";
import { setStage } from "./jobs.js";

type Given = Readonly<Record<string, string>> | Error;

async function survey(sources: readonly Given[], more: Partial<SurveyRequest> = {}) {
  const { app, job } = setStage({ name: "shop", envs: [{ key: "OLD", value: "x" }] });
  const looks: Look[] = [];
  const { target } = job("web", {});
  const observe: Target["observe"] = async (look) => {
    looks.push(look);
    return target.observe(look);
  };
  const asked = sources.map((given) => ({ source: given, secrets: new Map() })) as unknown as SourceRequest[];
  const readSource = async (source: unknown) => {
    if (source instanceof Error) throw source;
    return new Map(Object.entries(source as Record<string, string>).map(([key, value]) => [key, redact(value)]));
  };
  const request: SurveyRequest = {
    target: { ...target, observe },
    sources: asked,
    observe: true,
    notBefore: 7,
    salt: "salt",
    keySchema: undefined,
    emptyValues: "refuse",
    environment: "prod",
    ...more,
  };
  const surveyed = await takeSurvey(request, { readSource } as unknown as World);
  return { app, target, looks, ...surveyed };
}

const refused = new SecretSyncError({ code: "source.not_found", message: "no such file" });

describe("a survey", () => {
  test("gives what the sources want together, in their order, and what the target shows", async () => {
    const { desired, values, snapshot, live, problems, looks, target } = await survey([{ A: "1" }, { A: "2", B: "3" }]);
    expect(desired?.keys).toEqual(["A", "B"]);
    expect(desired?.values.get("A")?.reveal()).toBe("2");
    expect(values.map((one) => [...one.keys()])).toEqual([["A"], ["A", "B"]]);
    expect(live).toEqual(snapshot && target.read(snapshot, deriveRevisionSalt("salt")));
    expect([live.map(({ key }) => key), problems, looks]).toEqual([["OLD"], [], [{ fresh: false, notBefore: 7 }]]);
  });

  test("concludes nothing from a part of the sources, and still says what the target shows", async () => {
    const { desired, values, live, problems } = await survey([{ A: "1" }, refused, refused]);
    expect([desired, values.length, live.length]).toEqual([undefined, 1, 1]);
    expect(problems.map(({ code }) => code)).toEqual(["source.not_found", "source.not_found"]);
  });

  test("says everything that fails, and what is wanted even if the target cannot be looked at", async () => {
    const { target } = setStage().job("web", {});
    const observe = () => Promise.reject(new SecretSyncError({ code: "destination.not_found", message: "no app" }));
    const { desired, snapshot, live, problems } = await survey([{ A: "1" }], { target: { ...target, observe } });
    expect([desired?.keys, snapshot, live]).toEqual([["A"], undefined, []]);
    expect(problems.map(({ code }) => code)).toEqual(["destination.not_found"]);
  });

  test("does not look at a target that is not known yet, or that the write itself looks at", async () => {
    const { desired, snapshot, live, looks } = await survey([{ A: "1" }], { observe: false });
    expect([desired?.keys, snapshot, live, looks]).toEqual([["A"], undefined, [], []]);
  });
});
