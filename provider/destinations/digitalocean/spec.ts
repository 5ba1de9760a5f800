// Pure: turns a spec into entries, and a spec plus edits into a spec. Everything outside the targeted `envs` arrays stays as it came.

import { type Edit, type LiveEntry, type Place, placeName, type Spot } from "../../core/entry.js";
import { fingerprintShown } from "../../core/fingerprint.js";
import { isCiphertext } from "./ciphertext.js";
import type { RawEnv, Spec } from "./wire.js";

/** The slot of `spec.envs`, whose entries reach every component. */
export const appSlot = "app";

// Databases and domains have no envs. https://docs.digitalocean.com/products/app-platform/reference/app-spec/
const componentKinds = ["services", "workers", "jobs", "static_sites", "functions"] as const;

interface Component {
  readonly kind: (typeof componentKinds)[number];
  readonly index: number;
  readonly slot: string;
  readonly body: Spec;
}

/** A component may be called `app` too; then it must not share the slot of the app level. */
export function nameSlot(component: string): string {
  return component === appSlot ? `component:${component}` : component;
}

/** The reverse, for the slot of a component. */
export function readComponent(slot: string): string {
  return slot === nameSlot(appSlot) ? appSlot : slot;
}

/** The app level and every component, by name. */
export function listSlots(spec: Spec): string[] {
  return [appSlot, ...listComponents(spec).map((component) => component.slot)];
}

/** Those of static sites, which only a build makes anything of. */
export function listStaticSlots(spec: Spec): string[] {
  return listComponents(spec).flatMap(({ kind, slot }) => (kind === "static_sites" ? [slot] : []));
}

/** Every variable of a spec with its slot, in the spec's own order. */
export function listEnvs(spec: Spec): Array<Place & { env: RawEnv }> {
  const bodies = [{ slot: appSlot, body: spec }, ...listComponents(spec).map(({ slot, body }) => ({ slot, body }))];
  return bodies.flatMap(({ slot, body }) => readEnvs(body).map((env) => ({ slot, key: env.key, env })));
}

/** The live entries of a spec. */
export function readEntries(spec: Spec, salt: string): LiveEntry[] {
  return countEnvs(spec).map(({ env, ...spot }) => {
    const entry = { ...spot, label: labelEnv(env), fingerprint: fingerprintShown(salt, env.value ?? "") };
    return isSealed(env) ? { ...entry, sealed: true } : entry;
  });
}

/** Every variable; with `nth` if its key occurs more than once in one list. */
function countEnvs(spec: Spec): Array<Spot & { env: RawEnv }> {
  const all = listEnvs(spec);
  const groups = Map.groupBy(all, placeName);
  if (groups.size === all.length) return all;
  return all.map((one) => {
    const group = groups.get(placeName(one)) ?? [];
    return group.length > 1 ? { ...one, nth: group.indexOf(one) } : one;
  });
}

/** Whether the value is shown as ciphertext. */
export function isSealed({ value }: Pick<RawEnv, "value">): boolean {
  return typeof value === "string" && isCiphertext(value);
}

/** Type and scope of a variable with the vendor's defaults filled in. */
export function labelEnv(env: Pick<RawEnv, "type" | "scope">): string {
  const { type, scope } = readAttributes(env);
  return `${type} ${scope}`;
}

/** The same as two words. */
export function readAttributes(env: Pick<RawEnv, "type" | "scope">): EnvAttributes {
  return { type: readType(env), scope: readScope(env) };
}

/** GENERAL may be left out of answers (terraform-provider-digitalocean#515). */
function readType(env: Pick<RawEnv, "type">): string {
  return env.type || "GENERAL";
}

function readScope(env: Pick<RawEnv, "scope">): string {
  return !env.scope || env.scope === "UNSET" ? "RUN_AND_BUILD_TIME" : env.scope;
}

/** Whether two variables are equal, whatever defaults an answer leaves out. */
export function sameEnv(a: RawEnv, b: RawEnv): boolean {
  return labelEnv(a) === labelEnv(b) && (a.value ?? "") === (b.value ?? "");
}

/** Variables by the name of their place. */
export type EnvIndex = ReadonlyMap<string, RawEnv>;

/** Every variable of a spec by place; for a key that occurs twice, the first one that the edits of its place may mean. */
export function indexEnvs(spec: Spec, edits: readonly SpecEdit[] = []): EnvIndex {
  const index = new Map(
    listEnvs(spec)
      .toReversed()
      .map((entry) => [placeName(entry), entry.env]),
  );
  for (const edit of edits.filter(({ beside }) => beside !== undefined)) {
    const [meant] = listMeant(spec, edit);
    if (meant === undefined) index.delete(placeName(edit));
    else index.set(placeName(edit), meant);
  }
  return index;
}

/** The same with all variables of a place. */
export function groupEnvs(spec: Spec): ReadonlyMap<string, readonly RawEnv[]> {
  const groups = Map.groupBy(listEnvs(spec), placeName);
  return new Map([...groups].map(([name, group]) => [name, group.map(({ env }) => env)]));
}

/** The variable at a spot. */
export function envAt(spec: Spec, { nth = 0, ...place }: Spot): RawEnv | undefined {
  return listAt(spec, place)[nth];
}

function listAt(spec: Spec, { slot, key }: Place): RawEnv[] {
  return listEnvs(spec).flatMap((one) => (one.slot === slot && one.key === key ? [one.env] : []));
}

/** An edit of a spec. It carries the other variables of its key, because another look may show them in another order. */
export type SpecEdit = Edit & { readonly beside?: readonly RawEnv[] };

/** Turns edits of the spec that they were planned on into edits of any look at it. */
export function aimEdits(spec: Spec, edits: readonly Edit[]): readonly SpecEdit[] {
  return edits.map((edit) => {
    if (edit.nth === undefined) return edit;
    return { ...edit, beside: listAt(spec, edit).filter((_env, at) => at !== edit.nth) };
  });
}

/** The variables that an edit may mean. */
export function listMeant(spec: Spec, edit: Place & Pick<SpecEdit, "beside">): RawEnv[] {
  const envs = listAt(spec, edit);
  return findMeant(envs, edit).flatMap((at) => envs[at] ?? []);
}

/** Their indexes in a list. */
function findMeant(envs: readonly RawEnv[], { key, beside = [] }: Pick<SpecEdit, "key" | "beside">): number[] {
  const others = [...beside];
  return envs.flatMap((env, at) => {
    if (env.key !== key) return [];
    const other = others.findIndex((one) => sameEnv(one, env));
    if (other < 0) return [at];
    others.splice(other, 1);
    return [];
  });
}

/** Changes the list of variables of the app level and of every component. */
export function mapEnvs(spec: Spec, change: (envs: readonly RawEnv[]) => readonly RawEnv[]): Spec {
  let mapped = withEnvs(spec, change(readEnvs(spec)));
  for (const { kind, index, body } of listComponents(spec)) {
    mapped = replaceComponent(mapped, { kind, index, body: withEnvs(body, change(readEnvs(body))) });
  }
  return mapped;
}

/**
 * A new spec with the edits made: entries keep their position, new ones are appended, foreign ones keep every byte.
 * An `envs` list that becomes empty is left out, which is how the platform itself shows it.
 */
export function editSpec(spec: Spec, edits: readonly SpecEdit[]): Spec {
  let edited = withEnvs(spec, editEnvs(readEnvs(spec), forSlot(edits, appSlot)));
  for (const component of listComponents(spec)) {
    const own = forSlot(edits, component.slot);
    if (own.length === 0) continue;
    const body = withEnvs(component.body, editEnvs(readEnvs(component.body), own));
    edited = replaceComponent(edited, { ...component, body });
  }
  return edited;
}

function replaceComponent(spec: Spec, { kind, index, body }: Omit<Component, "slot">): Spec {
  return { ...spec, [kind]: (spec[kind] as unknown[]).with(index, body) };
}

function forSlot(edits: readonly SpecEdit[], slot: string): SpecEdit[] {
  return edits.filter((edit) => edit.slot === slot);
}

function editEnvs(envs: readonly RawEnv[], edits: readonly SpecEdit[]): readonly RawEnv[] {
  let edited = envs;
  for (const edit of edits) {
    const meant = findMeant(edited, edit);
    if (edit.action === "remove") {
      edited = edited.filter((_env, at) => !meant.includes(at));
      continue;
    }
    const [at] = meant;
    edited = at === undefined ? [...edited, toEnv(edit, undefined)] : edited.with(at, toEnv(edit, edited[at]));
  }
  return edited;
}

/** What `place` hands through the plan: the two fields besides key and value. */
export interface EnvAttributes {
  readonly type: string;
  readonly scope: string;
}

function toEnv(edit: Exclude<Edit, { action: "remove" }>, existing: RawEnv | undefined): RawEnv {
  if (edit.action === "restore") return edit.prior as RawEnv;
  const { type, scope } = edit.attributes as EnvAttributes;
  const env = { ...existing, key: edit.key, value: edit.value.reveal(), scope, type };
  // GENERAL comes back without its type: writing it out would be a change, and a deployment, for nothing.
  return existing !== undefined && sameEnv(existing, env) ? existing : env;
}

function withEnvs(body: Spec, envs: readonly RawEnv[]): Spec {
  // An `envs: null` without an edit stays as it came.
  if (envs === readEnvs(body)) return body;
  if (envs.length > 0) return { ...body, envs };
  const { envs: _emptied, ...rest } = body;
  return rest;
}

const none: readonly RawEnv[] = [];

function readEnvs(body: Spec): readonly RawEnv[] {
  const envs = body["envs"];
  return Array.isArray(envs) ? (envs as RawEnv[]) : none;
}

function listComponents(spec: Spec): Component[] {
  return componentKinds.flatMap((kind) => {
    const list = spec[kind];
    if (!Array.isArray(list)) return [];
    return list.map((body: Spec, index) => ({ kind, index, slot: nameSlot(readName(body, `${kind}.${index}`)), body }));
  });
}

/** `services.0.envs.4`, `envs[4]` */
const envPath = /\b(?:(services|workers|jobs|static_sites|functions)[.[](\d+)\]?\.)?envs[.[](\d+)\]?/g;

/** Rewrites a vendor's index path (`services.0.envs.4.value`) to the names a person knows. */
export function namePath(message: string, spec: Spec): string {
  return message.replace(envPath, (path: string, ...parts: string[]) => nameFound([path, ...parts], spec) ?? path);
}

/** The names of the variables whose paths are in a message. */
export function listNamed(message: string, spec: Spec): string[] {
  return [...new Set([...message.matchAll(envPath)].flatMap((found) => nameFound(found, spec) ?? []))];
}

function nameFound([, kind, at, index]: readonly string[], spec: Spec): string | undefined {
  const component = listComponents(spec).find((one) => one.kind === kind && one.index === Number(at));
  const env = readEnvs(kind === undefined ? spec : (component?.body ?? {}))[Number(index)];
  return env && placeName({ slot: component?.slot ?? appSlot, key: env.key });
}

/** The app's name, or its id if the spec has none. */
export function readName(spec: Spec, id: string): string {
  return typeof spec["name"] === "string" ? spec["name"] : id;
}
