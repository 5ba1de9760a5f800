// Pure: the form in which the platform keeps an accepted spec, as far as the switches differ.
import { COMPONENT_KINDS, isObject } from "./model.js";
import type { JsonObject } from "./model.js";
import type { Variant } from "./variant.js";

// Names from the API reference and the product's app spec reference. What lies deeper is not judged.
const SPEC_FIELDS =
  words(`name region envs alerts features services workers jobs static_sites functions databases domains
  ingress egress maintenance vpc disable_edge_cache disable_email_obfuscation enhanced_threat_control_enabled`);
const COMPONENT_FIELDS =
  words(`name envs git github gitlab bitbucket image dockerfile_path build_command run_command source_dir
  environment_slug instance_count instance_size_slug autoscaling termination log_destinations alerts cors health_check
  liveness_health_check http_port internal_ports protocol routes inactivity_sleep kind schedule timeout catchall_document
  error_document index_document output_dir`);
const ENV_FIELDS = words("key value scope type");

/** Defaults that the vendor's own examples show in specs of which nobody sent them. */
const SPEC_DEFAULTS = {
  alerts: [{ rule: "DEPLOYMENT_FAILED" }, { rule: "DOMAIN_FAILED" }],
  features: ["buildpack-stack=ubuntu-22"],
  ingress: {},
  region: "nyc",
};
const SERVICE_DEFAULTS = { http_port: 8080, instance_count: 1, instance_size_slug: "apps-s-1vcpu-0.5gb" };

/** Changes the spec in place. Putting the result again gives the same. */
export function normalizeSpec(spec: JsonObject, variant: Variant): void {
  const workloads = COMPONENT_KINDS.flatMap((kind) => objects(spec[kind]));
  const holders = [spec, ...workloads];
  if (variant.unknownFields === "dropped") {
    keepOnly(spec, SPEC_FIELDS);
    for (const component of workloads) keepOnly(component, COMPONENT_FIELDS);
    for (const env of holders.flatMap((holder) => objects(holder["envs"]))) keepOnly(env, ENV_FIELDS);
  }
  for (const holder of holders) normalizeEnvs(holder, variant);
  if (variant.zeroFields === "dropped") dropZeroFields(spec);
  if (variant.specDefaults === "filled-in") {
    fillIn(spec, SPEC_DEFAULTS);
    for (const service of objects(spec["services"])) fillIn(service, SERVICE_DEFAULTS);
  }
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/));
}

function objects(list: unknown): JsonObject[] {
  return Array.isArray(list) ? list.filter(isObject) : [];
}

function keepOnly(holder: JsonObject, fields: ReadonlySet<string>): void {
  for (const field of Object.keys(holder)) if (!fields.has(field)) delete holder[field];
}

/** What answers show in one form for all is kept in one: putting it back must not look like a change. */
function normalizeEnvs(holder: JsonObject, variant: Variant): void {
  const envs = objects(holder["envs"]);
  if (envs.length === 0 && variant.emptyEnvs !== "as-sent") delete holder["envs"];
  if (variant.emptyValue === "shown") return;
  for (const env of envs) if (env["value"] === "") delete env["value"];
}

/** As Go leaves them out of JSON. Empty objects stay; variables have switches of their own. */
function dropZeroFields(value: unknown): void {
  if (Array.isArray(value)) return value.forEach(dropZeroFields);
  if (!isObject(value)) return;
  for (const [field, content] of Object.entries(value)) {
    if (field === "envs") continue;
    if (isZero(content)) delete value[field];
    else dropZeroFields(content);
  }
}

function isZero(content: unknown): boolean {
  return content === null || content === false || content === 0 || content === "" || isEmptyList(content);
}

function isEmptyList(content: unknown): boolean {
  return Array.isArray(content) && content.length === 0;
}

function fillIn(holder: JsonObject, defaults: JsonObject): void {
  for (const [field, content] of Object.entries(defaults)) {
    if (holder[field] === undefined || holder[field] === null) holder[field] = structuredClone(content);
  }
}
