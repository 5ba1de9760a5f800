// Command line, IO side: reads the state of a stack and writes the page.

import { writeFile } from "node:fs/promises";
import path from "node:path";
import { nameDestination } from "../../destinations/registry.js";
import { SecretSyncError } from "../../errors.js";
import { printable } from "../../printable.js";
import { explainUnwritable } from "../file-problem.js";
import { isFolder } from "../folders.js";
import { createFile } from "../new-file.js";
import { readSyncs, type SyncOnRecord } from "../deployment.js";
import { findProject } from "../pulumi/project.js";
import { exportDeployment, type OpenStack, openStack } from "../stack.js";
import { readChoice, type StackOptions } from "../stack-options.js";
import { chartSync, type ChartSync } from "./chart.js";
import { renderPage } from "./page.js";

export interface MapOptions extends StackOptions {
  readonly output: string;
  readonly force?: boolean;
}

/** @throws SecretSyncError `file.exists` unless it may be replaced; `file.unwritable` */
export async function drawMap(options: MapOptions, ending: AbortSignal): Promise<void> {
  const { output, force = false } = options;
  const stack = await openStack(readChoice(options), { ending });
  const recorded = readSyncs(await exportDeployment(stack, { ending }));
  const syncs = await Promise.all(recorded.map((sync) => chart(sync, recorded)));
  const text = renderPage(await nameStack(stack), syncs);
  const writing = force ? writeFile(output, text) : createFile(output, { text });
  await writing.catch(async (error: unknown) => {
    throw await explain(error, output);
  });
  const line = `${output}: ${syncs.length} ${syncs.length === 1 ? "sync" : "syncs"} of ${stack.name}`;
  process.stdout.write(`${printable(line)}\n`);
}

/** Several projects may have a stack of the same name. Pulumi Cloud's stack names include the project. */
async function nameStack({ name, directory }: OpenStack): Promise<string> {
  if (name.includes("/")) return name;
  const project = await findProject(path.resolve(directory));
  return project === undefined ? name : `${project.name}/${name}`;
}

async function chart(sync: SyncOnRecord, syncs: readonly SyncOnRecord[]): Promise<ChartSync> {
  const { destination } = sync.inputs;
  const displayNames = destination.type === "untold" ? undefined : await nameDestination(destination);
  return chartSync(sync, { displayNames, syncs });
}

async function explain(error: unknown, file: string): Promise<unknown> {
  if (await isFolder(file)) {
    const message = `${file} is a folder; give --output the name of a file in it`;
    return new SecretSyncError({ code: "file.unwritable", message });
  }
  if ((error as NodeJS.ErrnoException).code !== "EEXIST")
    return explainUnwritable(error, { place: file, remedy: "correct that, or give another --output" });
  return new SecretSyncError({
    code: "file.exists",
    message: `${file} already exists, and nothing was written; give another --output, or --force to replace it`,
  });
}
