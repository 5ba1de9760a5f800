// What the environment variable calls do to a set of variables, traps included.
import {
  ALL_SCOPES,
  type AccountRecord,
  ApiError,
  CONTEXTS,
  isObject,
  type JsonObject,
  MASK,
  notFound,
  slotOf,
  unprocessable,
  type User,
  type ValueRecord,
  type VariableRecord,
} from "./model.js";
import { planOf, type Store } from "./store.js";
import type { Plan, Variant } from "./variant.js";

export interface Change {
  readonly store: Store;
  readonly account: AccountRecord;
  readonly variables: Map<string, VariableRecord>;
  readonly user: User;
}

const secretScopes = ["builds", "functions", "runtime"];

/** The bulk POST. By default one existing key refuses all of them. */
export function createVariables(change: Change, body: unknown): VariableRecord[] {
  if (!Array.isArray(body)) throw unprocessable("body must be an array");
  const wanted = body.map((one) => acceptVariable(change, one));
  const taken = wanted.filter(({ key }) => change.variables.has(key)).map(({ key }) => key);
  if (taken.length > 0 && change.store.variant.postConflict === "refuse-all")
    throw unprocessable(`A variable with the key ${taken.join(", ")} already exists`);
  const created = wanted.filter(({ key }) => !taken.includes(key));
  const part = partOf(created, change.store.variant);
  for (const variable of part ?? created) change.variables.set(variable.key, variable);
  if (part !== undefined)
    throw new ApiError(change.store.variant.postPartStatus, "Some variables could not be created");
  if (taken.length > 0) throw unprocessable(`A variable with the key ${taken.join(", ")} already exists`);
  return created;
}

/** What is created of a bulk POST that fails half-way; undefined when this one succeeds. */
function partOf(wanted: VariableRecord[], { postPart }: Variant): VariableRecord[] | undefined {
  const [first] = wanted;
  if (postPart === "variables" && wanted.length > 1) return wanted.slice(0, Math.ceil(wanted.length / 2));
  if (postPart !== "values" || first === undefined) return undefined;
  if (first.values.length > 1) return [{ ...first, values: first.values.slice(0, 1) }];
  return wanted.length > 1 ? [first] : undefined;
}

/** PUT replaces the variable and every one of its values; what the body does not name is gone. */
export function replaceVariable(change: Change, key: string, body: unknown): VariableRecord {
  const before = find(change, key);
  const after = acceptVariable(change, isObject(body) ? { key, ...body } : body);
  if (before.is_secret && !after.is_secret) throw unprocessable("The secret flag cannot be removed from a variable");
  failSplit(change, before, after);
  for (const value of before.values) {
    const slot = slotOf(value);
    if (slot === "all" && coversAll(after, change.store.variant)) continue;
    const twin = after.values.find((one) => slotOf(one) === slot);
    if (twin && change.store.variant.valueIds === "stable") twin.id = value.id;
    if (!twin && value.value !== "") complainLost(change, key, slot);
  }
  change.variables.delete(key);
  change.variables.set(after.key, after);
  return after;
}

/** A value for all contexts that each context has now is not lost, whatever it is there. */
function coversAll({ values }: VariableRecord, { devServer }: Variant): boolean {
  return CONTEXTS.filter(
    (one) => one !== "all" && one !== "branch" && (one !== "dev-server" || devServer === "known"),
  ).every((context) => values.some((one) => one.context === context));
}

/** What is left when the change from one value for all to several fails on its way. */
function failSplit(change: Change, before: VariableRecord, after: VariableRecord): void {
  const { split, splitStatus } = change.store.variant;
  const splits = before.values.some((one) => one.context === "all") && after.values.length > 1;
  if (split === "whole" || !splits) return;
  const left = split === "emptied" ? { ...before, values: [] } : { ...after, values: after.values.slice(0, 1) };
  change.variables.set(before.key, left);
  throw new ApiError(splitStatus, "The values could not be changed");
}

/** PATCH adds or updates one value. It cannot change scopes or the secret flag. */
export function setValue(change: Change, key: string, body: unknown): VariableRecord {
  const variable = find(change, key);
  const value = acceptValue(body, change);
  const slot = slotOf(value);
  if (variable.is_secret && value.context === "all") throw unprocessable("Secret values must have explicit contexts");
  const rivals = variable.values.filter((one) => (value.context === "all") !== (one.context === "all"));
  if (rivals.length > 0) {
    // Nobody has documented what happens here.
    const { mixedContexts } = change.store.variant;
    if (mixedContexts === "refuse") throw unprocessable("A value for all contexts excludes values for single contexts");
    if (mixedContexts === "replace") {
      for (const rival of rivals) complainLost(change, key, slotOf(rival));
      variable.values = variable.values.filter((one) => !rivals.includes(one));
    }
  }
  const existing = variable.values.find((one) => slotOf(one) === slot);
  if (existing) {
    existing.value = value.value;
    if (change.store.variant.valueIds === "renewed") existing.id = change.store.newId();
  } else variable.values.push(value);
  if (change.store.variant.patchTime === "moves") touch(change, variable);
  return variable;
}

export function deleteVariable(change: Change, key: string): void {
  find(change, key);
  change.variables.delete(key);
}

export function deleteValue(change: Change, key: string, id: string): void {
  const variable = find(change, key);
  if (!variable.values.some((one) => one.id === id)) throw notFound();
  variable.values = variable.values.filter((one) => one.id !== id);
  if (change.store.variant.removalTime === "moves") touch(change, variable);
  if (variable.values.length === 0 && change.store.variant.emptyVariable === "drop") change.variables.delete(key);
}

export function find(change: Pick<Change, "variables">, key: string): VariableRecord {
  const variable = change.variables.get(key);
  if (!variable) throw notFound();
  return variable;
}

/** As the API shows it: secrets masked everywhere but in local development, the real spelling of scopes. */
export function showVariable(variable: VariableRecord, variant: Variant): JsonObject {
  const shown = variable.values.map((one) => ({
    ...one,
    value: variable.is_secret && !one.context.startsWith("dev") ? MASK : one.value,
  }));
  return { ...variable, values: [...shown, ...unsetValues(variable, variant)] };
}

/** Some answers list contexts without a value as empty ones (netlify/cli: src/utils/env/index.ts). */
function unsetValues(variable: VariableRecord, { unsetContexts }: Variant): ValueRecord[] {
  if (unsetContexts === "absent" || (variable.is_secret && unsetContexts === "empty")) return [];
  if (variable.values.some((one) => one.context === "all")) return [];
  return ["dev", "branch-deploy", "deploy-preview", "production"]
    .filter((context) => !variable.values.some((one) => one.context === context))
    .map((context) => ({ id: `unset-${variable.key}-${context}`, context, value: "" }));
}

function acceptVariable(change: Change, body: unknown): VariableRecord {
  if (!isObject(body)) throw unprocessable("variable must be an object");
  const key = acceptKey(body["key"]);
  const isSecret = body["is_secret"] === true;
  const values = Array.isArray(body["values"]) ? body["values"].map((one) => acceptValue(one, change)) : [];
  const slots = values.map(slotOf);
  if (new Set(slots).size !== slots.length) throw unprocessable("A context is given twice");
  if (slots.includes("all") && slots.length > 1) throw unprocessable("A value for all contexts excludes the others");
  if (isSecret && slots.includes("all")) throw unprocessable("Secret values must have explicit contexts");
  const scopes = acceptScopes(body["scopes"], isSecret, planOf(change.store, change.account));
  return {
    key,
    scopes,
    values,
    is_secret: isSecret,
    updated_at: change.store.stamp(),
    updated_by: change.user,
  };
}

function acceptKey(key: unknown): string {
  if (typeof key !== "string" || !/^[A-Za-z]\w*$/.test(key) || key.length > 255)
    throw unprocessable(
      "Key names must start with a letter and can only consist of alphanumeric characters and underscores",
    );
  if (["NETLIFY", "CONTEXT", "URL", "BRANCH", "SITE_ID", "AWS_REGION"].includes(key.toUpperCase()))
    throw unprocessable(`${key} is a reserved key name`);
  return key;
}

/** Plans below Pro take no scopes, not even all four, but insists on three for secrets (terraform-provider-netlify#57, #131). */
function acceptScopes(given: unknown, isSecret: boolean, plan: Plan): string[] {
  if (!Array.isArray(given)) {
    if (isSecret && plan !== "pro") throw unprocessable("Secrets need the scopes builds, functions and runtime");
    return isSecret ? [...secretScopes] : [...ALL_SCOPES];
  }
  const scopes = given.map((one) => String(one).replace(/[- ]/, "_"));
  if (scopes.some((one) => !(ALL_SCOPES as readonly string[]).includes(one))) throw unprocessable("Unknown scope");
  if (isSecret && scopes.includes("post_processing"))
    throw unprocessable("Secret values cannot be used within the post-processing scope");
  const three = scopes.length === 3 && secretScopes.every((one) => scopes.includes(one));
  if (plan !== "pro" && !(isSecret && three))
    throw new ApiError(403, "Upgrade your Netlify account to set specific scopes");
  return scopes;
}

function acceptValue(body: unknown, { store }: Change): ValueRecord {
  if (!isObject(body)) throw unprocessable("value must be an object");
  const { context, context_parameter, value } = body;
  if (typeof context !== "string" || !(CONTEXTS as readonly string[]).includes(context))
    throw unprocessable("Unknown context");
  if (context === "dev-server" && store.variant.devServer === "unknown") throw unprocessable("Unknown context");
  if (context === "branch" && (typeof context_parameter !== "string" || context_parameter === ""))
    throw unprocessable("context_parameter is needed for the branch context");
  if (typeof value !== "string") throw unprocessable("value must be a string");
  if (/^\*+$/.test(value)) store.complain("mask-stored", `${context} of a variable was set to asterisks`);
  return {
    id: store.newId(),
    context,
    ...(typeof context_parameter === "string" ? { context_parameter } : {}),
    value,
  };
}

/** `updated_at` stands on the variable, whichever of its values was touched. */
function touch(change: Change, variable: VariableRecord): void {
  variable.updated_at = change.store.stamp();
  variable.updated_by = change.user;
}

function complainLost({ store }: Change, key: string, slot: string): void {
  store.complain("lost-value", `${key} lost its value for ${slot}`);
}
