// Pure: where a key goes on App Platform, and which values and slots the platform cannot hold.

import type { Desired, Placement } from "../../core/desired.js";
import { type Place, placeName, readLabel } from "../../core/entry.js";
import type { Plan } from "../../core/plan.js";
import type { KeyGrammar } from "../../core/preflight.js";
import { nameSome } from "../../core/policy.js";
import { countKeys } from "../../core/render.js";
import type { Problem } from "../../errors.js";
import { redact, type Redacted } from "../../redacted.js";
import { askMeant } from "../../spelling.js";
import { isCiphertext } from "./ciphertext.js";
import type { AppPlatformDestination } from "../../../schema/index.js";
import { findUnknownReferences } from "./bindables.js";
import {
  appSlot,
  type EnvAttributes,
  isSealed,
  labelEnv,
  listEnvs,
  listSlots,
  listStaticSlots,
  nameSlot,
  readComponent,
} from "./spec.js";
import type { RawEnv, Spec } from "./wire.js";

/** https://docs.digitalocean.com/reference/api/reference/apps/: `app_variable_definition.key` */
export const keyGrammar: KeyGrammar = {
  pattern: /^[_A-Za-z][_A-Za-z0-9]*$/,
  rule: "a letter or underscore, then letters, digits and underscores",
};

/** The slots that the arguments aim at when no override says otherwise. */
export function defaultSlots(args: AppPlatformDestination): readonly string[] {
  return args.components ? unique(args.components).map(nameSlot) : [appSlot];
}

/** Where one key goes and how it will look there. */
export function placeKey(args: AppPlatformDestination, key: string): Placement[] {
  const override = findOverride(args, key);
  const type = override?.variableType ?? args.variableType ?? "SECRET";
  const attributes: EnvAttributes = { type, scope: override?.scope ?? args.scope ?? defaultScope(type) };
  const slots = override?.components ? unique(override.components).map(nameSlot) : defaultSlots(args);
  return slots.map((slot) => ({ slot, label: labelEnv(attributes), attributes }));
}

/**
 * A secret at build time ends up in layers and logs of the image, so it has to be asked for. What can be read anyway has the
 * platform's own default: https://docs.digitalocean.com/products/app-platform/reference/app-spec/
 */
function defaultScope(type: EnvAttributes["type"]): EnvAttributes["scope"] {
  return type === "SECRET" ? "RUN_TIME" : "RUN_AND_BUILD_TIME";
}

/** The default used to be different: a sync that names no scope did not ask for the change that its plan shows. */
export function adviseScope(args: AppPlatformDestination, plan: Plan): string[] {
  const narrowed = plan.filter(
    (change) =>
      change.action === "update" &&
      change.because.includes("attributes") &&
      change.expected !== undefined &&
      readLabel(change.expected) === "SECRET RUN_AND_BUILD_TIME" &&
      change.label === "SECRET RUN_TIME" &&
      (findOverride(args, change.key)?.scope ?? args.scope) === undefined,
  );
  if (narrowed.length === 0) return [];
  return [
    `secrets are RUN_TIME unless destination.scope says otherwise, and ${countKeys(narrowed.length)} of this sync ${narrowed.length === 1 ? "is" : "are"} ` +
      `so far RUN_AND_BUILD_TIME; set scope to "RUN_AND_BUILD_TIME" where a build needs them`,
  ];
}

/** Its files are made by a build, and nothing runs that could read a variable. */
export function adviseStatic(spec: Spec, plan: Plan): string[] {
  const slots = new Set(listStaticSlots(spec));
  const idle = plan.filter(
    (change) => "label" in change && slots.has(change.slot) && change.label.endsWith(" RUN_TIME"),
  );
  if (idle.length === 0) return [];
  const names = nameSome(idle.map(placeName));
  return [
    `${names}: a static site has no run time, so a RUN_TIME variable has no effect there; set scope to "BUILD_TIME" for it`,
  ];
}

function findOverride(args: AppPlatformDestination, key: string) {
  const { variables } = args;
  return variables && Object.hasOwn(variables, key) ? variables[key] : undefined;
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}

/** The live app as read, and what would be done there. */
export interface Looked {
  readonly spec: Spec;
  readonly plan: Plan;
}

/** Problems of values, and of slots once the live app is known. */
export function inspectDesired(args: AppPlatformDestination, desired: Desired, looked: Looked | undefined): Problem[] {
  // An explicit `emptyValues` is a decision, so nothing is refused here.
  const refusesEmpty = desired.emptyValues === undefined;
  const values = [...desired.values].flatMap(([key, value]) => [
    ...(refusesEmpty ? inspectEmpty(args, key, value) : []),
    ...inspectValue(args, key, value),
  ]);
  if (looked === undefined) return values;
  const references = args.allowBindables === true ? [...desired.values] : [];
  return [
    ...values,
    ...references.flatMap(([key, value]) => findUnknownReferences(key, value, looked.spec)),
    ...findUnknownSlots(args, desired, looked),
  ];
}

/** An empty SECRET blanks the running variable while the spec still shows a ciphertext (caspii/dinkydash#75). */
function inspectEmpty(args: AppPlatformDestination, key: string, value: Redacted): Problem[] {
  const isSecret = placeKey(args, key).some(({ attributes }) => (attributes as EnvAttributes).type === "SECRET");
  if (!isSecret || value.reveal() !== "") return [];
  return [
    {
      code: "value.empty",
      message: `${key} is empty, and an empty SECRET blanks the running variable while App Platform still shows a ciphertext; give it a value, exclude it, make it GENERAL in destination.variables, or set syncOptions.emptyValues to "skip" or "write"`,
    },
  ];
}

function inspectValue(args: AppPlatformDestination, key: string, value: Redacted): Problem[] {
  const text = value.reveal();
  const problems: Problem[] = [];
  if (/^(?:\*{3,}|\[REDACTED\])$/.test(text)) {
    // Whatever literal is sent is stored: masks have become production values.
    problems.push({
      code: "value.masked",
      message: `${key} is a masked value; put the plain value into the source`,
    });
  }
  if (isCiphertext(text)) {
    // Ciphertext of another app or an old one: sent as it is, it became production's value elsewhere.
    problems.push({
      code: "value.encrypted",
      message: `${key} begins with "EV[", which is App Platform's ciphertext; put the plain value into the source`,
    });
  }
  if (text.includes("${") && args.allowBindables !== true) {
    problems.push({
      code: "value.bindable",
      message: `${key} contains "\${", which App Platform replaces as a bindable variable; set destination.allowBindables if you mean a reference`,
    });
  }
  return problems;
}

/** `${…}` becomes something else at run time, so the text is not a value in itself, unless the sync may write such texts. */
export function revealEnv({ allowBindables }: AppPlatformDestination, env: RawEnv | undefined): Redacted | undefined {
  const value = env?.value ?? "";
  const isSecret = isCiphertext(value) || env?.type === "SECRET";
  if (env === undefined || isSecret || (value.includes("${") && allowBindables !== true)) return undefined;
  return redact(value);
}

/** Compares texts: a reference is not the value that it stands for. */
export function compareEnv(env: RawEnv | undefined, value: Redacted): boolean | undefined {
  if (env === undefined || env.type === "SECRET" || isSealed(env)) return undefined;
  return (env.value ?? "") === value.reveal();
}

function findUnknownSlots(args: AppPlatformDestination, desired: Desired, { spec, plan }: Looked): Problem[] {
  const slots = listSlots(spec);
  const existing = new Set(slots);
  const named = new Set([...defaultSlots(args), ...desired.entries.map((entry) => entry.slot)]);
  const components = slots.filter((slot) => slot !== appSlot).map(readComponent);
  const strange = listEnvs(spec).filter(({ slot }) => slot !== appSlot && !named.has(slot));
  return [...named]
    .filter((slot) => !existing.has(slot))
    .sort()
    .map((slot) => {
      const has = `it has ${components.length > 0 ? components.join(", ") : "none"}`;
      const name = readComponent(slot);
      return {
        code: "destination.unknown_component",
        message: `the app has no component ${JSON.stringify(name)}; ${has}${guessName(slot, strange, plan) || askMeant(name, components)}`,
      };
    });
}

/** What the component seems to be called now: the one that holds the keys missing with it. Names alone prove nothing. */
function guessName(slot: string, strange: readonly Place[], plan: Plan): string {
  const missing = new Set(
    plan.filter((one) => one.slot === slot && one.action === "create" && one.drift).map(({ key }) => key),
  );
  const held = Map.groupBy(
    strange.filter(({ key }) => missing.has(key)),
    (entry) => entry.slot,
  );
  const [best, second] = [...held].sort(([, a], [, b]) => b.length - a.length);
  if (best === undefined || best[1].length === second?.[1].length) return "";
  const [holder, { length }] = best;
  const keys = length === 1 ? "a key" : `${length} keys`;
  const [now, before] = [holder, slot].map((one) => JSON.stringify(readComponent(one)));
  return `; ${now} holds ${keys} that this sync wrote to ${before}: if it was renamed, name it in the destination`;
}
