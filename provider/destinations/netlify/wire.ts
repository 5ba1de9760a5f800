// Pure: what is read from Netlify's answers, and the one shape in which the rest of the adapter knows a variable.
// https://open-api.netlify.com/#tag/environmentVariables

import { z } from "zod";

/** Described as texts; a number is the same id. */
const anyId = z.union([z.string(), z.number()]).transform(String);
const id = anyId.pipe(z.string().min(1));

const user = z.looseObject({ id: anyId.nullish(), full_name: z.string().nullish(), email: z.string().nullish() });

const rawValue = z.looseObject({
  id: anyId.nullish(),
  value: z.string().nullish(),
  context: z.string(),
  context_parameter: z.string().nullish(),
});

// Key and values are required: an answer without them would look like a variable without values, and be written over.
const rawVariable = z.looseObject({
  key: z.string().min(1),
  scopes: z.array(z.string()).nullish(),
  values: z.array(rawValue),
  is_secret: z.boolean().nullish(),
  updated_at: z.string().nullish(),
  updated_by: user.nullish(),
});

/** Messages call an answer by the description of its shape. */
export const variableAnswer = rawVariable.transform(toVariable).describe("variable");
export const variablesAnswer = z.array(variableAnswer);

const site = z.looseObject({
  id,
  name: z.string().nullish(),
  url: z.string().nullish(),
  ssl_url: z.string().nullish(),
  custom_domain: z.string().nullish(),
  account_id: anyId.nullish(),
  account_slug: z.string().nullish(),
  account_name: z.string().nullish(),
  build_settings: z
    .looseObject({
      repo_url: z.string().nullish(),
      repo_path: z.string().nullish(),
      repo_branch: z.string().nullish(),
      stop_builds: z.boolean().nullish(),
    })
    .nullish(),
  published_deploy: z.looseObject({ id: anyId.nullish(), locked: z.boolean().nullish() }).nullish(),
});

export const siteAnswer = site.describe("site");
export const sitesAnswer = z.array(site).describe("list of sites");

const account = z.looseObject({
  id,
  slug: z.string().nullish(),
  name: z.string().nullish(),
  // Used only for advice, so an unexpected type does not make the answer invalid.
  type_name: z.string().nullish().catch(undefined),
  type_slug: z.string().nullish().catch(undefined),
});
// A single account was seen to be returned as a list of one.
const accounts = z.union([account, z.array(account).length(1)]).transform((one) => [one].flat()[0]);
export const accountAnswer = accounts.describe("team");

export const userAnswer = user.describe("user");

/** An error of Netlify's own: as documented, or as the CLI reads it (netlify/cli: src/utils/command-helpers.ts). */
export const errorAnswer = z.union([z.looseObject({ code: z.number() }), z.looseObject({ msg: z.string() })]);

// Either id will do to follow a build, and the answer to a new one may leave out both.
const build = z.looseObject({
  id: anyId.nullish(),
  deploy_id: anyId.nullish(),
  done: z.boolean().nullish(),
  error: z.string().nullish(),
  created_at: z.string().nullish(),
});
export const buildAnswer = build.describe("build");
/** With the key that distinguishes the builds of a list: the build's own id, because a deploy's may come later. */
export const buildsAnswer = z
  .array(build)
  .transform((builds) => builds.map((one) => ({ ...one, key: one.id ?? one.deploy_id ?? "" })));

const deploy = z.looseObject({
  id,
  state: z.string().nullish(),
  error_message: z.string().nullish(),
  branch: z.string().nullish(),
  context: z.string().nullish(),
  site_id: anyId.nullish(),
});

export const deployAnswer = deploy.describe("deploy");

export type Site = z.infer<typeof siteAnswer>;
export type Account = z.infer<typeof account>;
export type Build = z.infer<typeof buildAnswer>;
export type Deploy = z.infer<typeof deployAnswer>;

export const scopeNames = ["builds", "functions", "runtime", "post_processing"] as const;

/** One value of a variable. */
export interface Value {
  readonly id: string;
  readonly slot: string;
  readonly value: string;
  /** The value shown is a mask. It must never be written anywhere. */
  readonly masked: boolean;
}

export interface Variable {
  readonly key: string;
  readonly isSecret: boolean;
  /** In one order and one spelling. */
  readonly scopes: readonly string[];
  readonly values: readonly Value[];
  /** One time for all values of the variable; empty if not given. */
  readonly updatedAt: string;
  readonly updatedBy: { readonly id: string | undefined; readonly name: string | undefined };
}

function toVariable(raw: z.infer<typeof rawVariable>): Variable {
  const isSecret = raw.is_secret === true;
  const values = raw.values.map((one): Value => {
    const value = one.value ?? "";
    const slot = slotOfValue(one);
    return { id: one.id ?? "", slot, value, masked: isSecret && (!isLocal(slot) || /^\*+$/.test(value)) };
  });
  return {
    key: raw.key,
    isSecret,
    scopes: orderScopes(raw.scopes ?? scopeNames),
    // An unset context may be listed as an empty value (netlify/cli: src/utils/env/index.ts).
    values: values.filter((one) => one.masked || one.value !== ""),
    updatedAt: raw.updated_at ?? "",
    updatedBy: { id: raw.updated_by?.id ?? undefined, name: raw.updated_by?.full_name ?? undefined },
  };
}

/** `branch` values differ by the branch's name. */
export function slotOfValue(value: {
  readonly context: string;
  readonly context_parameter?: string | null | undefined;
}) {
  return value.context === "branch" ? `branch:${value.context_parameter ?? ""}` : value.context;
}

/** Whether masks are shown as text, as they have been seen: a run of asterisks (Infisical/infisical#6829). */
export function showsMasks(variables: readonly Variable[]): boolean {
  return variables.some(({ values }) => values.some((one) => one.masked && one.value !== ""));
}

/**
 * Drops the empty values of secrets: if masks are shown, these are contexts without a value. If no mask is visible, an empty value may
 * be one, and stays: what may be somebody's value is neither overwritten nor deleted.
 */
export function dropUnset(variables: readonly Variable[], masksShow: boolean): readonly Variable[] {
  if (!masksShow) return variables;
  return variables.map((one) => ({ ...one, values: one.values.filter(({ value }) => value !== "") }));
}

/** Secrets can be read back in local development. https://docs.netlify.com/environment-variables/secrets-controller/ */
export function isLocal(slot: string): boolean {
  return slot === "dev" || slot === "dev-server";
}

/** The API answers `post_processing` where its description says `post-processing`; a spaced form has been seen too. */
export function orderScopes(scopes: readonly string[]): string[] {
  const normal = new Set(scopes.map((scope) => scope.toLowerCase().replace(/[- ]/g, "_")));
  const known = scopeNames.filter((scope) => normal.has(scope));
  const others = [...normal].filter((scope) => !(scopeNames as readonly string[]).includes(scope)).sort();
  return [...known, ...others];
}
