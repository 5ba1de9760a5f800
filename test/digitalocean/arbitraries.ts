// App Platform specs of every kind, with parts that do not exist yet, and syncs that fit them.

import * as fc from "fast-check";
import type { AppPlatformDestination } from "../../schema/index.js";
import type { RawEnv, Spec } from "../../provider/destinations/digitalocean/wire.js";

export const keys = ["A", "B", "C", "D", "E", "APP_A", "APP_DB_A"];
const scopes = ["RUN_TIME", "BUILD_TIME", "RUN_AND_BUILD_TIME"] as const;

/** The same object with its members in another order. */
function shuffled<T extends object>(made: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return made.chain((object) => {
    const members = Object.entries(object).filter(([, value]) => value !== undefined);
    return fc
      .shuffledSubarray(members, { minLength: members.length })
      .map((entries) => Object.fromEntries(entries) as T);
  });
}

/** Fields that do not exist yet. */
const future = fc.dictionary(fc.constantFrom("x_future", "preview_mode", "limits_v2"), fc.jsonValue({ maxDepth: 2 }), {
  maxKeys: 2,
});

function thing(fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Spec> {
  return shuffled(
    fc
      .tuple(fc.record(fields, { requiredKeys: Object.keys(fields).filter((field) => field === "name") }), future)
      .map(([known, more]) => ({ ...known, ...more })),
  );
}

const base64 = fc.base64String({ minLength: 4, maxLength: 24 });
const ciphertext = fc.tuple(base64, base64).map(([nonce, sealed]) => `EV[1:${nonce}:${sealed}]`);
const scope = fc.option(fc.constantFrom(...scopes, "UNSET", ""), { nil: undefined });
const plainEnv = fc.record({
  key: fc.constantFrom(...keys),
  value: fc.oneof(fc.string(), fc.constantFrom("${db.DATABASE_URL}", "")),
  scope,
  type: fc.option(fc.constantFrom("GENERAL", ""), { nil: undefined }),
});
const secretEnv = fc.record({ key: fc.constantFrom(...keys), value: ciphertext, scope, type: fc.constant("SECRET") });
const env = shuffled(
  fc.tuple(fc.oneof(plainEnv, secretEnv), future).map(([known, more]) => ({ ...known, ...more })),
) as fc.Arbitrary<RawEnv>;
const envs = fc.uniqueArray(env, { selector: ({ key }) => key, minLength: 1, maxLength: 5 });

const image = thing({
  name: fc.constant("image"),
  registry: fc.string(),
  repository: fc.string(),
  registry_credentials: ciphertext,
});
const common = {
  envs,
  image,
  alerts: fc.array(thing({ rule: fc.constantFrom("CPU_UTILIZATION", "MEM_UTILIZATION") })),
};
const logs = fc.array(thing({ name: fc.string(), papertrail: fc.record({ endpoint: fc.webUrl() }) }), { maxLength: 2 });

function component(name: string, fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Spec> {
  return thing({ name: fc.constant(name), ...common, ...fields });
}

const number = fc.integer({ min: 0, max: 10 });
const lists: Record<string, fc.Arbitrary<unknown>> = {
  services: fc.tuple(
    component("web", { http_port: number, instance_count: number, log_destinations: logs, routes: fc.array(future) }),
    component("api", { autoscaling: future, health_check: future, termination: future }),
  ),
  workers: fc.tuple(component("queue", { run_command: fc.string(), log_destinations: logs })),
  jobs: fc.tuple(
    component("nightly", {
      kind: fc.constantFrom("PRE_DEPLOY", "POST_DEPLOY", "SCHEDULED"),
      schedule: fc.record({ cron: fc.constant("0 3 * * *"), time_zone: fc.constant("UTC") }),
    }),
  ),
  static_sites: fc.tuple(component("site", { catchall_document: fc.string() })),
  functions: fc.tuple(component("fn", { source_dir: fc.string(), cors: future })),
};

/** Specs of every kind; every list and every field may be absent. */
export const spec: fc.Arbitrary<Spec> = thing({
  name: fc.constant("shop"),
  region: fc.constantFrom("fra", "nyc"),
  features: fc.array(fc.string(), { maxLength: 2 }),
  envs,
  ...lists,
  databases: fc.array(thing({ name: fc.constant("db"), engine: fc.constant("PG"), production: fc.boolean() }), {
    maxLength: 1,
  }),
  domains: fc.array(thing({ domain: fc.domain(), type: fc.constant("PRIMARY") }), {
    maxLength: 2,
  }),
  ingress: fc.record({ rules: fc.array(future) }),
  vpc: fc.record({ id: fc.uuid(), egress_ips: fc.array(fc.ipV4()) }),
  egress: fc.record({ type: fc.constantFrom("AUTOASSIGN", "DEDICATED_IP") }),
  alerts: fc.array(thing({ rule: fc.constant("DEPLOYMENT_FAILED"), disabled: fc.boolean() })),
  maintenance: fc.record({ enabled: fc.boolean(), archive: fc.boolean() }),
});

/** Slots that a spec really has. */
function slotsOf(made: Spec): string[] {
  const bodies = Object.keys(lists).flatMap((kind) => (made[kind] as Spec[] | undefined) ?? []);
  return ["app", ...bodies.map((body) => String(body["name"]))];
}

export const canary = "cnry-19ac";

/** Values of a source; every one holds the canary. */
export function values(names: readonly string[]): fc.Arbitrary<Record<string, string>> {
  const value = fc.string().map((text) => `${text}${canary}${text}`);
  return fc.dictionary(fc.constantFrom(...names), value, { noNullPrototype: true });
}

/** Arguments that aim at slots of this spec. */
export function destination(made: Spec): fc.Arbitrary<AppPlatformDestination> {
  const slots = slotsOf(made).slice(1);
  const components = slots.length === 0 ? fc.constant(undefined) : fc.subarray(slots, { minLength: 1 });
  const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
  return fc
    .record({
      components: optional(components),
      scope: optional(fc.constantFrom(...scopes)),
      variableType: optional(fc.constantFrom("SECRET" as const, "GENERAL" as const)),
    })
    .map((fields) => ({
      type: "digital-ocean-app-platform" as const,
      appId: "id",
      allowBindables: true,
      ...Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)),
    }));
}
