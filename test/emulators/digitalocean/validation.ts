// test world: what the emulator refuses in a spec, one error at a time, and the form in which it keeps an accepted one.
import { decrypt, encrypt, looksEncrypted } from "./encryption.js";
import { badRequest, clone, COMPONENT_KINDS, isObject } from "./model.js";
import type { EnvEntry, JsonObject, Spec } from "./model.js";

const ENV_KEY = /^[_A-Za-z][_A-Za-z0-9]*$/;
const NAME = /^[a-z][a-z0-9-]{0,30}[a-z0-9]$/;
const SCOPES = ["UNSET", "RUN_TIME", "BUILD_TIME", "RUN_AND_BUILD_TIME"];
const TYPES = ["GENERAL", "SECRET"];
const REGIONS = ["ams", "nyc", "fra", "sfo", "sgp", "blr", "tor", "lon", "syd", "atl"];

export interface SpecRules {
  /** The app's key; absent for a create, where nothing may be encrypted yet. */
  existingKey?: Buffer;
  /** The key that plaintext secrets are encrypted with. */
  key: Buffer;
  /** A value that matches is refused, and the refusal quotes it. */
  refuseValue?: RegExp;
}

/** Checks a raw spec and returns it as the platform would keep it: secrets sealed, defaults filled in, unknown fields kept. */
export function acceptSpec(raw: unknown, rules: SpecRules): Spec {
  if (!isObject(raw)) throw badRequest("spec is required");
  const spec = clone(raw);
  if (typeof spec["name"] !== "string") refuse("name", "name is required");
  if (!NAME.test(spec["name"])) refuse("name", `${JSON.stringify(spec["name"])} must match ${NAME.source}`);
  if (spec["region"] !== undefined && !REGIONS.some((region) => region === spec["region"])) {
    refuse("region", `${JSON.stringify(spec["region"])} is not a valid region`);
  }
  acceptEnvs(spec, "", rules);
  const names = new Set<string>();
  for (const kind of [...COMPONENT_KINDS, "databases"]) {
    for (const [index, component] of list(spec, kind).entries()) {
      acceptComponent(component, { path: `${kind}.${index}`, names }, rules);
    }
  }
  if (!isSpec(spec)) throw badRequest("spec is required");
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
  acceptEnvs(component, `${place.path}.`, rules);
  sealCredentials(component, place.path, rules);
}

function acceptEnvs(holder: JsonObject, prefix: string, rules: SpecRules): void {
  if (holder["envs"] === undefined) return;
  holder["envs"] = list(holder, "envs", prefix).map((entry, index) =>
    acceptEnv(entry, `${prefix}envs.${index}`, rules),
  );
}

function acceptEnv(raw: unknown, path: string, rules: SpecRules): EnvEntry {
  if (!isObject(raw)) refuse(path, "must be an object");
  const { key, value, scope, type, ...rest } = raw;
  if (typeof key !== "string" || key === "") refuse(`${path}.key`, "key is required");
  if (!ENV_KEY.test(key)) refuse(`${path}.key`, `env key ${JSON.stringify(key)} must match ${ENV_KEY.source}`);
  const text = acceptValue(value, `${path}.value`, rules);
  const shownScope = oneOf(SCOPES, scope ?? "UNSET", `${path}.scope`);
  const shownType = oneOf(TYPES, type ?? "GENERAL", `${path}.type`);
  const kept = { key, scope: shownScope === "UNSET" ? "RUN_AND_BUILD_TIME" : shownScope, ...rest };
  if (shownType === "SECRET") return { ...kept, value: seal(text ?? "", `${path}.value`, rules), type: "SECRET" };
  // GENERAL is the default and is left out of every answer.
  return text === undefined ? kept : { ...kept, value: text };
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

/** An EV of this app stays as it is; plaintext (an empty one as well) becomes a new EV. */
function seal(value: string, path: string, rules: SpecRules): string {
  if (!looksEncrypted(value)) return encrypt(rules.key, value);
  if (!rules.existingKey) refuse(path, "secret env value must not be encrypted before app is created");
  if (decrypt(rules.existingKey, value) === undefined)
    refuse(path, `secret env value ${JSON.stringify(value)} cannot be decrypted`);
  return value;
}

/** The other places that a GET shows sealed: registry credentials and the credentials of log destinations. */
function sealCredentials(component: JsonObject, path: string, rules: SpecRules): void {
  const sealField = (holder: unknown, field: string, at: string) => {
    if (isObject(holder) && typeof holder[field] === "string")
      holder[field] = seal(holder[field], `${at}.${field}`, rules);
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
  if (value === undefined) return [];
  if (!Array.isArray(value)) refuse(`${prefix}${field}`, "must be a list");
  return value as unknown[];
}

function refuse(path: string, problem: string): never {
  throw badRequest(`errors validating app spec; first error in field "${path}": ${problem}`);
}

/** Keys that stand more than once in one list: accepted, because nothing documents a refusal, but worth a complaint. */
export function duplicateKeys(spec: Spec): string[] {
  const lists: [string, EnvEntry[]][] = [["", spec.envs ?? []]];
  for (const kind of COMPONENT_KINDS) {
    for (const component of spec[kind] ?? []) lists.push([`${component.name}.`, component.envs ?? []]);
  }
  return lists.flatMap(([prefix, envs]) => {
    const keys = envs.map((env) => env.key);
    return [...new Set(keys.filter((key, index) => keys.indexOf(key) !== index))].map((key) => prefix + key);
  });
}
