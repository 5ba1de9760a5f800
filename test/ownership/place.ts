// Where a variable is, and what is there.

import type { DigitalOceanEmulator, EnvEntry, Spec } from "../emulators/digitalocean/index.js";

export interface Place {
  /** Index of the app. */
  readonly app: number;
  readonly slot: string;
  readonly key: string;
}

export const keys = ["A", "B", "C"];
export const slots = ["app", "web", "api"];

export function nameOf({ app, slot, key }: Place): string {
  return `${app}/${slot}/${key}`;
}

export interface Found {
  readonly entry: EnvEntry;
  /** Byte for byte, with its ciphertext. */
  readonly text: string;
  readonly value: string;
  /** Written by a sync. */
  readonly isOurs: boolean;
}

/** By the name of its place. */
export type Entries = ReadonlyMap<string, Found>;

const ours = "sync-";
let written = 0;

/** A value that nobody has written before, and that shows who wrote it. */
export function drawValue(by: "sync" | "person"): string {
  written += 1;
  return `${by === "sync" ? ours : "person-"}${written}`;
}

export function envsAt(spec: Spec, slot: string): EnvEntry[] {
  const body = slot === "app" ? spec : spec.services?.find(({ name }) => name === slot);
  if (body === undefined) throw new Error(`no slot ${slot}`);
  body.envs ??= [];
  return body.envs;
}

/** Every variable of the apps. */
export function look(cloud: DigitalOceanEmulator, apps: readonly string[]): Map<string, Found> {
  const found = new Map<string, Found>();
  for (const [app, id] of apps.entries()) {
    const spec = structuredClone(cloud.app(id).spec);
    for (const slot of slots) {
      for (const entry of envsAt(spec, slot)) {
        const name = nameOf({ app, slot, key: entry.key });
        if (found.has(name)) throw new Error(`${name} is there twice`);
        const { value: shown = "" } = entry;
        const value = shown.startsWith("EV[") ? cloud.decrypt(id, shown) : shown;
        found.set(name, { entry, text: JSON.stringify(entry), value, isOurs: value.startsWith(ours) });
      }
    }
  }
  return found;
}

/** Names of the places whose variable is not what it was. */
export function listDiffering(was: Entries, is: Entries): string[] {
  return [...new Set([...was.keys(), ...is.keys()])].filter((place) => was.get(place)?.text !== is.get(place)?.text);
}
