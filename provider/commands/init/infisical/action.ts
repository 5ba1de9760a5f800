// Command line, IO side: reads the secret syncs of a project in Infisical and writes a program that does the same.

import { systemClock } from "../../../clock.js";
import type { Credentials, CredentialSettings } from "../../../credentials/credentials.js";
import { findSourceCredentials } from "../../../credentials/source-lookup.js";
import { createDestinations } from "../../../destinations/registry.js";
import { SecretSyncError } from "../../../errors.js";
import { version } from "../../../http/version.js";
import type { Redacted } from "../../../redacted.js";
import { createSources, loadSyncLister } from "../../../sources/registry.js";
import type { ListedSync, SyncLister } from "../../../sources/sync-lister.js";
import { writeFiles } from "../files.js";
import { nameOnce } from "../names.js";
import { lookAtSync, type LookInput } from "./look.js";
import { type LeftSync, moveSync } from "./move.js";
import type { InfisicalProgram, SyncToWrite } from "./moved-project.js";
import { renderInfisicalProgram } from "./program.js";

export interface InfisicalOptions {
  readonly project?: string;
  readonly environment?: readonly string[];
  readonly directory: string;
}

export async function writeInfisicalProgram(options: InfisicalOptions): Promise<string[]> {
  const { directory } = options;
  const settings: CredentialSettings = { config: () => undefined, environment: process.env, isBare: true };
  const credentials = findSourceCredentials("infisical", undefined, settings);
  const seen: Redacted[] = [...credentials.fields.values()];
  const network = { clock: systemClock, random: Math.random, mask: () => seen };
  const lister = await loadSyncLister(network);
  const project = await chooseProject(
    lister,
    credentials,
    (options.project ?? process.env["INFISICAL_PROJECT_ID"]) || undefined,
  );
  const syncs = chooseSyncs(await lister.listSyncs(project.id, credentials), options.environment, project.name);
  const program = await draft(syncs, project.name, {
    sources: createSources(network, () => settings),
    destinations: createDestinations(network),
    settings,
    directory,
    learn: (values) => seen.push(...[...values].filter((value) => value !== undefined)),
  });
  const files = renderInfisicalProgram(program);
  await writeFiles(directory, files);
  const names = files.map(({ name }) => name).join(", ");
  return [`${directory}: ${names}`, ...describe(program)];
}

interface Project {
  readonly id: string;
  readonly name: string;
}

/** The only project that the identity sees needs no name. */
async function chooseProject(
  lister: SyncLister,
  credentials: Credentials,
  given: string | undefined,
): Promise<Project> {
  // If the identity may not list projects, it may still use one.
  const projects = await lister.listProjects(credentials).catch((error: unknown) => {
    if (given === undefined) throw error;
    return [];
  });
  if (given !== undefined) return projects.find(({ id }) => id === given) ?? { id: given, name: given };
  const [only, ...others] = projects;
  if (only !== undefined && others.length === 0) return only;
  const known = projects.map(({ id, name }) => (id === name ? id : `${id} (${name})`)).join(", ");
  throw new SecretSyncError({
    code: "argument.invalid",
    message: `the project is missing; give --project with its id${known === "" ? "" : `: the machine identity sees ${known}`}`,
  });
}

function chooseSyncs(
  syncs: readonly ListedSync[],
  environments: readonly string[] | undefined,
  project: string,
): readonly ListedSync[] {
  const chosen = syncs.filter(
    ({ environment }) =>
      environments === undefined || (environment !== undefined && environments.includes(environment)),
  );
  if (chosen.length > 0) return chosen;
  const where = environments === undefined ? "" : ` in ${environments.join(", ")}`;
  throw new SecretSyncError({
    code: "source.no_syncs",
    message: `the project ${project} has no secret sync to App Platform or Netlify${where} that the machine identity may see, and nothing was written; check --project, --environment and its role`,
  });
}

async function draft(syncs: readonly ListedSync[], project: string, world: LookInput): Promise<InfisicalProgram> {
  const [written, left]: [SyncToWrite[], LeftSync[]] = [[], []];
  for (const move of syncs.map(moveSync)) {
    if ("left" in move) {
      left.push(move.left);
      continue;
    }
    const looked = await lookAtSync(move.moved, world);
    const isRead = "comparison" in looked;
    written.push({ ...move.moved, looked: isRead ? looked : undefined, unread: isRead ? [] : looked });
  }
  return { name: nameOnce(project, new Set()), project, version, syncs: written, left };
}

function describe({ syncs, left }: InfisicalProgram): string[] {
  const count = (list: (sync: SyncToWrite) => readonly unknown[] | undefined) =>
    syncs.reduce((sum, sync) => sum + (list(sync)?.length ?? 0), 0);
  const same = count(({ looked }) => looked?.comparison.same);
  const hidden = count(({ looked }) => looked?.comparison.hidden);
  const different = count(({ looked }) => looked?.comparison.different);
  const unread = syncs.filter(({ looked }) => looked === undefined).length;
  return [
    `syncs: ${syncs.length} in the program, ${left.length} left out`,
    `keys: ${same} with the same value, ${hidden} that cannot be compared, ${different} with another value (not adopted)`,
    ...(unread === 0 ? [] : [`${unread} not compared: set the token of the destination to compare keys and values`]),
    "then: read MIGRATION.md, which says in which order to go on",
  ];
}
