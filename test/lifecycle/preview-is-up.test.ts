// Random programs, foreign keys and other people's edits. What the preview names is exactly what up writes.

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { startDigitalOcean, type EnvEntry, type Spec } from "../emulators/digitalocean/index.js";
import { host } from "./host.js";
import { puts, said, type Program, type Run, stackOn, sync, valuesAt } from "./stack.js";

const slots = ["app", "web", "api"];
const keys = ["A", "B", "C", "D"];
const scopes = ["RUN_TIME", "BUILD_TIME"];
const values = fc.dictionary(fc.constantFrom(...keys), fc.constantFrom("one", "two", "three"), { maxKeys: 4 });
const components = fc.constantFrom(undefined, ["web"], ["web", "api"]);
const settings = fc.record({
  components,
  scope: fc.constantFrom(...scopes),
  variableType: fc.constantFrom("SECRET", "GENERAL"),
  disableSecretDeletion: fc.boolean(),
});
type Settings = typeof settings extends fc.Arbitrary<infer T> ? T : never;

const edit = fc.record({
  slot: fc.constantFrom(...slots),
  key: fc.constantFrom(...keys, "E"),
  what: fc.constantFrom("set", "remove", "scope", "type"),
});
type ConsoleEdit = typeof edit extends fc.Arbitrary<infer T> ? T : never;

/** Mostly only values and other people's edits differ from round to round: then the preview has to name every key. */
const round = fc.record({
  own: values,
  edits: fc.array(edit, { maxLength: 2 }),
  refresh: fc.boolean(),
  rearranged: fc.option(settings, { freq: 5, nil: undefined }),
});
const world = fc.record({
  foreign: fc.uniqueArray(edit, { maxLength: 2, selector: ({ slot, key }) => `${slot}/${key}` }),
  first: settings,
  rounds: fc.array(round, { minLength: 1, maxLength: 4 }),
});

function programOf(own: Record<string, string>, { components: where, ...rest }: Settings, appId: string): Program {
  const { scope, variableType, disableSecretDeletion } = rest;
  const destination = { appId, scope, variableType, ...(where === undefined ? {} : { components: where }) };
  const syncOptions = { adoptExisting: [...keys, "E"], deletionLimit: 99, disableSecretDeletion };
  return [sync("web", own, { destination, syncOptions })];
}

function envsAt(spec: Spec, slot: string): EnvEntry[] {
  const body = slot === "app" ? spec : spec.services?.find(({ name }) => name === slot);
  if (body === undefined) throw new Error(`no slot ${slot}`);
  body.envs ??= [];
  return body.envs;
}

function applyEdit(spec: Spec, { slot, key, what }: ConsoleEdit): void {
  const envs = envsAt(spec, slot);
  const at = envs.findIndex((env) => env.key === key);
  const env = envs[at];
  if (env === undefined) return void (what !== "remove" && envs.push({ key, value: `by-hand-${key}` }));
  if (what === "remove") envs.splice(at, 1);
  else if (what === "scope") env.scope = env.scope === "RUN_TIME" ? "BUILD_TIME" : "RUN_TIME";
  else envs[at] = { key, value: `by-hand-${what}`, type: what === "type" ? "GENERAL" : "SECRET" };
}

/** Every variable by slot and key, as JSON. */
function entries(spec: Spec): Map<string, string> {
  const copy = structuredClone(spec);
  return new Map(slots.flatMap((slot) => envsAt(copy, slot).map((env) => [`${slot}/${env.key}`, JSON.stringify(env)])));
}

function differing(before: Map<string, string>, after: Map<string, string>): string[] {
  const places = new Set([...before.keys(), ...after.keys()]);
  return [...places].filter((place) => before.get(place) !== after.get(place)).sort();
}

/** Keys that the preview names: in the engine's own diff of `keys`, or in our message. */
function namedKeys(preview: Run): string[] {
  const shown = preview.steps.flatMap((step) => step.shown);
  const inDiff = shown.flatMap((path) => /^(?:keys|retained)\.(.*)/.exec(path)?.[1] ?? []);
  const inMessage = [...said(preview).matchAll(/^ {2}[+~><-] \w+\/(\w+)/gm)].map((match) => match[1] ?? "");
  return [...inDiff, ...inMessage];
}

/** A new sync shows all its inputs, and a changed destination concerns every key: nothing is named apart then. */
function concernsAll(preview: Run): boolean {
  return preview.steps.some(({ op, shown }) => op === "create" || shown.includes("destination"));
}

/** Thousands of requests of one token would meet the hourly limit. */
const unlimited = { perHour: 1_000_000, perMinute: 1_000_000 };

/** What decides is the same code under both hosts; the plugin has to carry it over faithfully. */
const worlds = host.name === "plugin" ? 100 : 500;

test(`in ${worlds} random worlds up does what its preview said, converges, and leaves foreign keys alone`, async () => {
  const cloud = await startDigitalOcean({ deployment: { phaseMs: 0 }, rateLimit: unlimited });
  let number = 0;
  const property = fc.asyncProperty(world, async ({ foreign, first, rounds }) => {
    const stack = stackOn(cloud);
    const { id: appId } = cloud.createApp({
      name: `shop-${(number += 1)}`,
      services: [{ name: "web" }, { name: "api" }],
    });
    const live = () => entries(cloud.app(appId).spec);
    const touch = (edits: readonly ConsoleEdit[]) => {
      cloud.editConsole(appId, (spec) => edits.forEach((one) => applyEdit(spec, one)));
      cloud.settle(appId);
    };
    touch(foreign.map((one) => ({ ...one, what: "set" })));
    let now = first;
    let last: Record<string, string> = {};
    for (const { own, edits, refresh, rearranged } of rounds) {
      now = rearranged ?? now;
      touch(edits);
      const refreshed = refresh ? await stack.refresh() : undefined;
      expect(refreshed?.problems ?? "").toBe("");
      const program = programOf(own, now, appId);
      const before = live();
      const owned = (stack.outputs("web")["managedKeys"] ?? []) as string[];
      // These come back under their old value and need no write.
      const retained = owned.filter((key) => !Object.hasOwn(last, key));
      last = own;
      const preview = await stack.preview(program);
      expect(differing(before, live())).toEqual([]);
      const up = await stack.up(program);
      expect(preview.problems + up.problems).toBe("");
      expect(up.steps.map(({ op }) => op)).toEqual(preview.steps.map(({ op }) => op));

      const written = differing(before, live());
      expect(puts(up)).toBe(written.length === 0 ? 0 : 1);
      const touched = written.map((place) => place.split("/")[1] ?? "");
      const told = concernsAll(preview) ? touched : namedKeys(preview);
      expect(
        touched.filter((key) => !told.includes(key)),
        "written, but not told",
      ).toEqual([]);
      // Told and not written is only what has left the source and is kept, gone or somebody else's, and plain text as it was.
      const idle = told.filter((key) => Object.hasOwn(own, key) && ![...touched, ...retained].includes(key));
      expect(now.variableType === "SECRET" ? idle : [], "told, but not written").toEqual([]);
      const slotValues = (now.components ?? ["app"]).map((slot) => valuesAt({ cloud }, appId, slot));
      for (const found of slotValues) expect(found).toMatchObject(own);
      const again = await stack.preview(program);
      expect(again.steps.map(({ op }) => op)).toEqual(["same"]);
    }
  });
  try {
    await fc.assert(property, { numRuns: worlds });
  } finally {
    await cloud.close();
  }
}, 400_000);
