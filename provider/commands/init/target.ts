// Command line, IO side: reads a target, live through its adapter or from a file, and writes a program for it.

import { systemClock } from "../../clock.js";
import type { Credentials, Snapshot } from "../../destinations/destination.js";
import { findCredentials } from "../../credentials/destination-lookup.js";
import type { DescribedTarget, ListedSlot } from "../../destinations/variable-lister.js";
import {
  createDestinations,
  type Destinations,
  loadVariableLister,
  nameDestination,
} from "../../destinations/registry.js";
import { SecretSyncError } from "../../errors.js";
import { version } from "../../http/version.js";
import { askMeant } from "../../spelling.js";
import type { DestinationType } from "../../../schema/index.js";
import { renderDotenv } from "./dotenv-text.js";
import { draftSync } from "./draft.js";
import { writeFiles } from "./files.js";
import { nameOnce } from "./names.js";
import { readDocument } from "./spec-file.js";
import { type Program, renderProgram } from "./program.js";

export interface TargetOptions {
  readonly app?: string;
  readonly site?: string;
  readonly directory: string;
  readonly component?: string[];
}

export async function writeTargetProgram(options: TargetOptions): Promise<string[]> {
  const { type, target } = readChoice(options);
  const credentials = findCredentials(type, undefined, {
    config: () => undefined,
    environment: process.env,
    isBare: true,
  });
  const destinations = openDestinations(credentials);
  const lister = await loadVariableLister(type);
  const address = lister.address(target);
  const bound = await destinations.open(address, credentials);
  const snapshot = await bound.observe({ fresh: true });
  const slots = lister.listVariables(address, snapshot);
  return writeDraft({ address, snapshot, slots, destinations, credentials }, options);
}

/** From a description in a file, without a call. */
export async function writeFileProgram(file: string, options: TargetOptions): Promise<string[]> {
  const described = (await loadVariableLister(kinds.app)).readFile?.(await readDocument(file));
  if (described === undefined) {
    throw new SecretSyncError({
      code: "argument.invalid",
      message: `${file} is not an app spec of App Platform, which has a name at its top; give a file such as .do/app.yaml`,
    });
  }
  const credentials: Credentials = { app: "digital-ocean", fields: new Map(), baseUrl: undefined };
  return writeDraft({ ...described, destinations: openDestinations(credentials), credentials }, options);
}

function openDestinations(credentials: Credentials): Destinations {
  const mask = () => credentials.fields.values();
  return createDestinations({ clock: systemClock, random: Math.random, mask });
}

interface DraftInput extends DescribedTarget {
  readonly destinations: Destinations;
  readonly credentials: Credentials;
}

async function writeDraft(input: DraftInput, { directory, component }: TargetOptions): Promise<string[]> {
  const { address, snapshot, destinations, credentials } = input;
  const bound = await destinations.open(address, credentials);
  const slots = chooseSlots(input.slots, component);
  const labels = new Map(bound.read(snapshot, "init").map(({ slot, key, label }) => [`${slot}\0${key}`, label]));
  const program = await draft({ slots, snapshot, labels, destinations, credentials });
  const files = renderProgram(program);
  await writeFiles(directory, files);
  const names = files.map(({ name }) => name);
  return describe(directory, program, names);
}

/** Which option means which destination. */
const kinds = { app: "digital-ocean-app-platform", site: "netlify" } as const satisfies Record<string, DestinationType>;

function readChoice(options: TargetOptions): { type: DestinationType; target: string } {
  for (const name of ["app", "site"] as const) {
    const target = options[name];
    if (target !== undefined && target !== "") return { type: kinds[name], target };
  }
  throw new SecretSyncError({
    code: "argument.invalid",
    message: "the app or site is missing; give --app with a name or id, --site with an id, or --from",
  });
}

function chooseSlots(slots: readonly ListedSlot[], names: readonly string[] | undefined): readonly ListedSlot[] {
  if (names === undefined) return slots;
  const missing = names.filter((name) => !slots.some((slot) => slot.name === name));
  if (missing.length === 0) return slots.filter(({ name }) => name !== undefined && names.includes(name));
  const known = slots.flatMap(({ name }) => name ?? []);
  throw new SecretSyncError(
    missing.map((name) => ({
      code: "destination.unknown_component",
      message: `the app has no component ${JSON.stringify(name)}; it has ${known.join(", ") || "none"}${askMeant(name, known)}`,
    })),
  );
}

interface ReadInput {
  readonly slots: readonly ListedSlot[];
  readonly snapshot: Snapshot;
  /** By slot and key. */
  readonly labels: ReadonlyMap<string, string>;
  readonly destinations: Destinations;
  readonly credentials: Credentials;
}

async function draft({ slots, snapshot, labels, destinations, credentials }: ReadInput): Promise<Program> {
  const { targetName } = snapshot;
  const [syncs, left]: [Program["syncs"][number][], Program["left"][number][]] = [[], []];
  const names = new Set<string>();
  for (const slot of slots) {
    const title = (await nameDestination(slot.destination)).titleOf(slot.slot);
    const drafted = await draftSync({
      slot,
      title,
      resource: nameOnce([targetName, slot.name ?? ""].join(" "), names),
      labels: new Map(slot.entries.map(({ key }) => [key, labels.get(`${slot.slot}\0${key}`) ?? ""])),
      open: (destination) => destinations.open(destination, credentials),
    });
    left.push(...drafted.left);
    if (drafted.sync === undefined) continue;
    const dotenv = await renderDotenv(drafted.sync);
    const isEmpty = dotenv.left.length === drafted.sync.values.size && drafted.sync.missing.length === 0;
    if (isEmpty) left.push(...dotenv.left);
    else syncs.push({ sync: drafted.sync, dotenv });
  }
  if (syncs.length === 0) throw nothingThere(targetName, left);
  return { name: nameOnce(targetName, new Set()), target: targetName, version, syncs, left };
}

function nothingThere(name: string, left: Program["left"]): SecretSyncError {
  const reasons = left.map(({ key, reason }) => `${key} (${reason})`).join(", ");
  return new SecretSyncError({
    code: "destination.no_variables",
    message: `${name} has no variable that a sync could take over, and nothing was written${reasons === "" ? "" : `: ${reasons}`}; write the program by hand`,
  });
}

function describe(directory: string, { syncs, left }: Program, files: readonly string[]): string[] {
  const read = syncs.reduce((sum, { sync, dotenv }) => sum + sync.values.size - dotenv.left.length, 0);
  const missing = syncs.reduce((sum, { sync }) => sum + sync.missing.length, 0);
  const stays = left.length + syncs.reduce((sum, { dotenv }) => sum + dotenv.left.length, 0);
  return [
    `${directory}: ${files.join(", ")}`,
    `keys: ${read} with their values, ${missing} whose values you supply, ${stays} left as they are (MISSING.md names them)`,
    "then: npm install, pulumi stack init, pulumi preview",
  ];
}
