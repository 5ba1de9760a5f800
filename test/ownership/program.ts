// A program as it changes from round to round: which syncs it declares, in which order, and what each of them wants where.

import type { ResourceOptions } from "../lifecycle/host.js";
import { type Program, sync } from "../lifecycle/stack.js";
import type { Operation, Operations } from "./arbitraries.js";
import { drawValue, type Entries, keys, nameOf, type Place } from "./place.js";
import type { Platform } from "./platform.js";

/** How a variable is declared, in the words of App Platform. */
export interface Kind {
  readonly scope: string;
  readonly variableType: string;
}

/** One sync, as the program has it. */
export interface Declared {
  name: string;
  /** The name under which state has it, if another one. */
  alias: string | undefined;
  isDeclared: boolean;
  isEnabled: boolean;
  app: number;
  slots: readonly string[];
  scope: string;
  variableType: string;
  /** Of single keys, where others have values of the same variable. */
  agreed: Map<string, Kind>;
  values: Map<string, string>;
  adopts: boolean;
  /** `initialSyncBehavior`. */
  behaviour: Operations["begin"]["behaviour"];
  /** The file that has the values of one that imports. */
  readonly file: string;
  /** The app at which a run of it has succeeded. */
  begunAt: number | undefined;
  /** The slot from which the next run is to import it. */
  importFrom: string | undefined;
  /** What an import has found, until a run with it succeeds. */
  found: Entries;
  disableSecretDeletion: boolean;
  onDestroy: string | undefined;
  onFailure: string;
  /** How the next run replaces it. */
  replacement: Pick<ResourceOptions, "replace" | "deleteBeforeReplace">;
}

export interface Source {
  /** In the order of the program. */
  syncs: Declared[];
  /** Of the platform. */
  readonly slots: readonly string[];
}

export function begin(count: number, slots: readonly string[]): Source {
  return { syncs: ["one", "two", "three"].slice(0, count).map((name) => declareNew(name, slots)), slots };
}

export function declareNew(name: string, slots: readonly string[]): Declared {
  return {
    name,
    alias: undefined,
    isDeclared: true,
    isEnabled: true,
    app: 0,
    slots: slots.slice(0, 1),
    scope: "RUN_TIME",
    variableType: "SECRET",
    agreed: new Map(),
    values: new Map(),
    adopts: false,
    behaviour: "merge",
    file: `${name}.env`,
    begunAt: undefined,
    importFrom: undefined,
    found: new Map(),
    disableSecretDeletion: false,
    onDestroy: undefined,
    onFailure: "report",
    replacement: {},
  };
}

/** After a run: what was asked of it once is not asked again. */
export function settle({ syncs }: Source, hasSucceeded: boolean, targets?: readonly string[]): void {
  for (const one of syncs) {
    one.replacement = {};
    if (targets?.includes(one.name) === false) continue;
    if (!one.isDeclared) Object.assign(one, { begunAt: undefined, found: new Map() });
    if (!hasSucceeded) continue;
    one.alias = undefined;
    if (one.isEnabled) one.found = new Map();
    if (one.isDeclared && one.isEnabled) one.begunAt = one.app;
  }
}

/** Whether a sync takes over and removes what it finds at its app. */
export function overwrites({ behaviour, begunAt, app }: Declared): boolean {
  return behaviour === "overwrite-destination" && begunAt !== app;
}

/** Whether a sync takes over what it finds at its app, and what can be read there into its source. */
export function imports(one: Declared): boolean {
  return hasFile(one) && one.begunAt !== one.app;
}

export function hasFile({ behaviour }: Declared): boolean {
  return behaviour.startsWith("import-");
}

/** Changes the program, unless two syncs would claim one place. */
export function change(source: Source, operation: Operation): void {
  const before = source.syncs.map((one) => ({ ...one, values: new Map(one.values) }));
  const at = operation.sync % before.length;
  const [one, other] = [source.syncs[at], source.syncs[(at + 1) % before.length]];
  if (one === undefined || other === undefined) return;
  const act = acts[operation.does] as (acting: Acting<Operation>) => void;
  act({ one, other, operation, source });
  if (isContested(source)) source.syncs = before;
}

interface Acting<T> {
  readonly one: Declared;
  readonly other: Declared;
  readonly operation: T;
  readonly source: Source;
}

const acts: { readonly [K in keyof Operations]: (acting: Acting<Operations[K]>) => void } = {
  set: ({ one, operation: { key } }) => void one.values.set(key, drawValue("sync")),
  drop: ({ one, operation: { which } }) => void one.values.delete(pickKey(one, which) ?? ""),
  handOver: ({ one, other, operation: { which, adopts } }) => {
    const key = pickKey(one, which);
    if (key === undefined) return;
    one.values.delete(key);
    other.values.set(key, drawValue("sync"));
    other.adopts ||= adopts;
  },
  adopt: ({ one }) => void (one.adopts = true),
  move: ({ one }) => void (one.app = 1 - one.app),
  place: ({ one, operation, source }) => void (one.slots = operation.slots.map((at) => source.slots[at] ?? "")),
  dress: ({ one, operation: { scope, variableType } }) => void Object.assign(one, { scope, variableType }),
  rename: ({ one, operation: { hasAlias } }) => {
    if (one.alias !== undefined) return;
    if (hasAlias) one.alias = one.name;
    else {
      Object.assign(one, { adopts: true, begunAt: undefined, found: new Map() });
    }
    one.name = `${one.name}-again`;
  },
  replace: ({ one, operation: { replace, deleteBeforeReplace } }) =>
    void (one.replacement = { replace, deleteBeforeReplace }),
  enable: ({ one }) => void (one.isEnabled = !one.isEnabled),
  declare: ({ one }) => void (one.isDeclared = !one.isDeclared),
  reorder: ({ one, source }) => void (source.syncs = [...source.syncs.filter((sibling) => sibling !== one), one]),
  retain: ({ one }) => void (one.disableSecretDeletion = !one.disableSecretDeletion),
  end: ({ one, operation: { onDestroy } }) => void (one.onDestroy = onDestroy),
  begin: ({ one, operation }) => void (one.behaviour = operation.behaviour),
  import: ({ one, operation, source }) => void (one.importFrom = source.slots[operation.slot]),
  fail: ({ one, operation: { onFailure } }) => void (one.onFailure = onFailure),
};

function pickKey({ values }: Declared, which: number): string | undefined {
  return [...values.keys()][which % values.size];
}

function isContested({ syncs }: Source): boolean {
  const places = syncs.filter(({ isDeclared }) => isDeclared).flatMap((one) => claims(one).map(nameOf));
  return new Set(places).size < places.length;
}

/** The places that a sync wants, enabled or not. */
export function claims({ app, slots, values }: Declared): Place[] {
  return slots.flatMap((slot) => [...values.keys()].map((key) => ({ app, slot, key })));
}

export function claimsAt(one: Declared, place: string): boolean {
  return claims(one).some((claimed) => nameOf(claimed) === place);
}

/** The syncs that a run writes. */
export function listActing({ syncs }: Source, targets?: readonly string[]): Declared[] {
  return syncs.filter(
    ({ name, isDeclared, isEnabled }) => isDeclared && isEnabled && targets?.includes(name) !== false,
  );
}

export function programOf({ syncs }: Source, platform: Platform): Program {
  return syncs.filter(({ isDeclared }) => isDeclared).map((one) => declare(one, { syncs, platform }));
}

interface Declaring {
  readonly syncs: readonly Declared[];
  readonly platform: Platform;
}

function declare(one: Declared, { syncs, platform }: Declaring): Program[number] {
  const { name, alias, disableSecretDeletion, onDestroy, isEnabled, behaviour: initialSyncBehavior } = one;
  // By name: a readable value that changes needs it.
  const adoptExisting = one.adopts ? keys : [];
  const syncOptions = { adoptExisting, deletionLimit: 99, disableSecretDeletion, onDestroy, initialSyncBehavior };
  const destination = platform.destinationOf(one);
  const source = hasFile(one) && { type: "file", path: one.file, ...leaveToOthers(one, syncs) };
  const given = { destination, syncOptions, isEnabled, ...(source && { source }) };
  const declared = sync(name, Object.fromEntries(one.values), given);
  return { ...declared, options: { ...one.replacement, ...(alias === undefined ? {} : { alias }) } };
}

/** Syncs that import are kept apart: each key may get into one source. */
export function leaveToOthers(one: Declared, syncs: readonly Declared[]): { exclude?: string[] } {
  const first = syncs.find((sibling) => sibling.isDeclared && hasFile(sibling));
  const exclude = keys.filter((key) => {
    const having = syncs.filter(({ values }) => values.has(key));
    return having.length > 0 ? !having.includes(one) : one !== first;
  });
  return exclude.length === 0 ? {} : { exclude };
}
