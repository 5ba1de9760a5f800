// Pure but for nonces: what the emulator refuses in a spec, one error at a time, and the form in which it keeps an accepted one.
import { looksEncrypted } from "./encryption.js";
import { ApiError, badRequest, clone, COMPONENT_KINDS, envHolders, isObject } from "./model.js";
import type { EnvEntry, JsonObject, Spec } from "./model.js";
import { normalizeSpec } from "./normal-form.js";
import { refuse, seal } from "./sealing.js";
import type { SealRules } from "./sealing.js";

const ENV_KEY = /^[_A-Za-z][_A-Za-z0-9]*$/;
const NAME = /^[a-z][a-z0-9-]{0,30}[a-z0-9]$/;
const SCOPES = ["UNSET", "RUN_TIME", "BUILD_TIME", "RUN_AND_BUILD_TIME"];
const TYPES = ["GENERAL", "SECRET"];
const REGIONS = ["ams", "nyc", "fra", "sfo", "sgp", "blr", "tor", "lon", "syd", "atl"];

export interface SpecRules extends SealRules {
  /** A value that matches is refused, and the refusal quotes it. */
  refuseValue?: RegExp;
}

/** Checks a raw spec and returns it as the platform would keep it: secrets sealed, scopes filled in, unknown fields kept. */
export function acceptSpec(raw: unknown, rules: SpecRules): Spec {
  try {
    return checkSpec(raw, rules);
  } catch (error) {
    if (!(error instanceof ApiError) || rules.variant.refusalStatus === 400) throw error;
    throw new ApiError(rules.variant.refusalStatus, "unprocessable_entity", error.message);
  }
}

function checkSpec(raw: unknown, rules: SpecRules): Spec {
  if (!isObject(raw)) throw badRequest("spec is required");
  const spec = clone(raw);
  if (typeof spec["name"] !== "string") refuse("name", "name is required");
  if (!NAME.test(spec["name"])) refuse("name", `${JSON.stringify(spec["name"])} must match ${NAME.source}`);
  if (spec["region"] !== undefined && !REGIONS.some((region) => region === spec["region"])) {
    refuse("region", `${JSON.stringify(spec["region"])} is not a valid region`);
  }
  acceptEnvs({ holder: spec, prefix: "", slot: "" }, rules);
  const names = new Set<string>();
  for (const kind of [...COMPONENT_KINDS, "databases"]) {
    for (const [index, component] of list(spec, kind).entries()) {
      acceptComponent(component, { path: `${kind}.${index}`, names }, rules);
    }
  }
  if (!isSpec(spec)) throw badRequest("spec is required");
  normalizeSpec(spec, rules.variant);
  return spec;
}

/** Only after the checks above. */
function isSpec(spec: JsonObject): spec is JsonObject & Spec {
  return typeof spec["name"] === "string";
}

function acceptComponent(component: unknown, place: { path: string; names: Set<string> }, rules: SpecRules): void {
  if (!isObject(component)) refuse(place.path, "must be an object");
  const name = component["name"];
  if (typeof name !== "string" || !NAME.test(name))
    refuse(`${place.path}.name`, `${JSON.stringify(name ?? "")} must match ${NAME.source}`);
  if (place.names.has(name)) refuse(`${place.path}.name`, `component name ${JSON.stringify(name)} is not unique`);
  place.names.add(name);
  acceptEnvs({ holder: component, prefix: `${place.path}.`, slot: name }, rules);
  sealCredentials(component, place.path, rules);
}

interface EnvList {
  holder: JsonObject;
  /** The index path up to the list. */
  prefix: string;
  slot: string;
}

function acceptEnvs({ holder, prefix, slot }: EnvList, rules: SpecRules): void {
  // null is how Go writes an empty list, and a client may send back what it was shown.
  if (holder["envs"] === undefined || holder["envs"] === null) return;
  const entries = list(holder, "envs", prefix).map((entry, index) =>
    acceptEnv(entry, { path: `${prefix}envs.${index}`, slot }, rules),
  );
  holder["envs"] = withoutDuplicates(entries, `${prefix}envs`, rules);
}

function withoutDuplicates(entries: EnvEntry[], path: string, { variant }: SpecRules): EnvEntry[] {
  if (variant.duplicateKeys === "stored") return entries;
  const isRepeated = (entry: EnvEntry, at: number) => entries.findLastIndex((each) => each.key === entry.key) > at;
  const repeated = entries.findIndex(isRepeated);
  if (variant.duplicateKeys === "last-only" || repeated < 0) {
    return entries.filter((entry, at) => !isRepeated(entry, at));
  }
  const { key } = entries[repeated] ?? { key: "" };
  const second = entries.findIndex((each, at) => at > repeated && each.key === key);
  refuse(`${path}.${second}.key`, `env key ${JSON.stringify(key)} is not unique`);
}

function acceptEnv(raw: unknown, place: { path: string; slot: string }, rules: SpecRules): EnvEntry {
  const { path, slot } = place;
  if (!isObject(raw)) refuse(path, "must be an object");
  const { key, value, scope: givenScope, type, ...rest } = raw;
  if (typeof key !== "string" || key === "") refuse(`${path}.key`, "key is required");
  if (!ENV_KEY.test(key)) refuse(`${path}.key`, `env key ${JSON.stringify(key)} must match ${ENV_KEY.source}`);
  const text = acceptValue(value, `${path}.value`, rules);
  const shownScope = oneOf(SCOPES, givenScope ?? "UNSET", `${path}.scope`);
  const shownType = oneOf(TYPES, type ?? "GENERAL", `${path}.type`);
  const scope = shownScope === "UNSET" ? "RUN_AND_BUILD_TIME" : shownScope;
  if (shownType === "SECRET") {
    const sealed = seal({ value: text ?? "", path: `${path}.value`, entry: { slot, key, scope } }, rules);
    return { key, scope, ...rest, value: sealed, type: "SECRET" };
  }
  if (rules.variant.ciphertextAsGeneral === "refused" && looksEncrypted(text ?? ""))
    refuse(`${path}.value`, "encrypted env value must be of type SECRET");
  // GENERAL is the default and is not kept; answers show it where the switch says so.
  return { key, scope, ...rest, ...(text === undefined ? {} : { value: text }) };
}

function acceptValue(value: unknown, path: string, rules: SpecRules): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== "string") refuse(path, `invalid value ${JSON.stringify(value)}, expected a string`);
  const refused = value.includes("\0") || rules.refuseValue?.test(value);
  if (refused) refuse(path, `env value ${JSON.stringify(value)} is not allowed`);
  return value;
}

function oneOf(allowed: readonly string[], given: unknown, path: string): string {
  const found = allowed.find((each) => each === given);
  if (found === undefined) refuse(path, `${JSON.stringify(given)} is not one of ${allowed.join(", ")}`);
  return found;
}

/** The other places that a GET shows sealed: registry credentials and the credentials of log destinations. */
function sealCredentials(component: JsonObject, path: string, rules: SpecRules): void {
  const sealField = (holder: unknown, field: string, at: string) => {
    if (isObject(holder) && typeof holder[field] === "string")
      holder[field] = seal({ value: holder[field], path: `${at}.${field}` }, rules);
  };
  sealField(component["image"], "registry_credentials", `${path}.image`);
  for (const [index, destination] of list(component, "log_destinations", `${path}.`).entries()) {
    if (!isObject(destination)) continue;
    const at = `${path}.log_destinations.${index}`;
    sealField(destination["datadog"], "api_key", `${at}.datadog`);
    sealField(destination["logtail"], "token", `${at}.logtail`);
    const search = destination["open_search"];
    if (isObject(search)) sealField(search["basic_auth"], "password", `${at}.open_search.basic_auth`);
  }
}

function list(holder: JsonObject, field: string, prefix = ""): unknown[] {
  const value = holder[field];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) refuse(`${prefix}${field}`, "must be a list");
  return value as unknown[];
}

/** Keys that stand more than once in one list: accepted, because nothing documents a refusal, but worth a complaint. */
export function duplicateKeys(spec: Spec): string[] {
  return envHolders(spec).flatMap(({ slot, holder }) => {
    const keys = (holder.envs ?? []).map((env) => env.key);
    const repeated = new Set(keys.filter((key, index) => keys.indexOf(key) !== index));
    return [...repeated].map((key) => (slot === "" ? key : `${slot}.${key}`));
  });
}
