// Command line, IO side: a stack that is watched: its name, its lock, and where its file sources lie.

import { stat } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import type { SyncOnRecord } from "../deployment.js";
import { askCli, openStack, type OpenStack, type StackChoice } from "../stack.js";
import { openCli, type StackCli } from "./cli.js";
import { type Lock, takeLock } from "./lock.js";

export interface WatchedStack {
  /** Project and stack, for people. */
  readonly label: string;
  readonly cli: StackCli;
  readonly lock: Lock;
  /** Absolute paths of the file sources of these syncs. */
  readonly filesOf: (syncs: readonly SyncOnRecord[]) => string[];
}

/** @throws SecretSyncError `stack.missing`, `stack.unreadable`, `watch.held` */
export async function openWatched(choice: StackChoice): Promise<WatchedStack> {
  const stack = await openStack({ ...choice, directory: path.resolve(choice.directory) });
  const { name, workspace } = stack;
  const project = await askCli(choice.directory, () => workspace.projectSettings());
  const { url = "" } = await askCli("the backend", () => workspace.whoAmI());
  const label = `${project.name}/${name}`;
  const lock = await takeLock({
    // Pulumi's own folder of this user: two checkouts of one program find each other there.
    folder: path.join(readHome(stack), "pulumi-secret-sync"),
    key: JSON.stringify([url, project.name, name]),
    stack: label,
  });
  const directory = await programFolder(workspace.workDir, project.main);
  return { label, lock, cli: openCli(stack), filesOf: (syncs) => listFiles(syncs, directory) };
}

function readHome({ workspace }: OpenStack): string {
  return workspace.pulumiHome ?? process.env["PULUMI_HOME"] ?? path.join(homedir(), ".pulumi");
}

/** Where the provider runs, and relative paths begin: the folder of `main`, which may be a file. */
async function programFolder(project: string, main = "."): Promise<string> {
  const place = path.resolve(project, main);
  const found = await stat(place).catch(() => undefined);
  return found?.isFile() === true ? path.dirname(place) : place;
}

function listFiles(syncs: readonly SyncOnRecord[], directory: string): string[] {
  const sources = syncs.flatMap(({ inputs }) => inputs.source);
  const files = sources.flatMap((source) => (source.type === "file" ? [path.resolve(directory, source.path)] : []));
  return [...new Set(files)].sort();
}
