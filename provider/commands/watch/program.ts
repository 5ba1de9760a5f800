// Command line, IO side: a watched stack: its name, its lock, and where its file sources are.

import { stat } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { z } from "zod";
import { systemClock } from "../../clock.js";
import { isSecretSyncError, SecretSyncError } from "../../errors.js";
import type { SyncOnRecord } from "../deployment.js";
import { openStack, type StackChoice } from "../stack.js";
import { type CallFile, openCallFile } from "./call-file.js";
import { openCli, type StackCli } from "../pulumi/cli.js";
import { monotonicClock } from "./clock.js";
import type { FileStates } from "./file-settling.js";
import { readFileState } from "./files.js";
import { type HoldFile, openHoldFile } from "./hold-file.js";
import { type Lock, takeLock } from "./lock.js";
import { findProgramProblem } from "../pulumi/program-failure.js";
import { findProject, type Project } from "../pulumi/project.js";
import { askCli } from "../pulumi/question.js";
import type { Urn } from "../pulumi/urn.js";

export interface WatchedStack {
  /** Project and stack, for people. */
  readonly label: string;
  readonly cli: StackCli;
  readonly lock: Lock;
  readonly holds: HoldFile;
  readonly calls: CallFile;
  /** Absolute paths of the file sources of these syncs. */
  readonly filesOf: (syncs: readonly SyncOnRecord[]) => string[];
  /** The state of the files of each sync that has file sources. */
  readonly readFiles: (syncs: readonly SyncOnRecord[]) => Promise<FileStates>;
}

export interface OpenOrder {
  readonly choice: StackChoice;
  /** Milliseconds. */
  readonly limit: number;
  /** Ends the wait at once. */
  readonly ending: AbortSignal;
  /** Of the same stack, opened before. */
  readonly lock?: Lock | undefined;
}

/** @throws SecretSyncError `program.missing`, `cli.missing`, `stack.missing`, `watch.held`, `watch.timeout`, or why the CLI failed */
export async function openWatched({ choice, lock, limit, ending }: OpenOrder): Promise<WatchedStack> {
  const folder = path.resolve(choice.directory);
  const project = await expectProject(folder);
  const opened = new AbortController();
  const late = systemClock.sleep(limit, AbortSignal.any([ending, opened.signal])).then(() => {
    const message = `${choice.directory} was not opened in time; check that the backend answers, or raise --timeout`;
    throw new SecretSyncError({ code: "watch.timeout", message });
  });
  const opening = open({ project, lock, choice: { ...choice, directory: folder }, ended: opened.signal });
  late.catch(() => undefined);
  try {
    return await Promise.race([opening, late]);
  } catch (error) {
    // Nobody uses a stack that is opened after all.
    opening.then((stack) => (lock === undefined ? stack.lock.release() : undefined)).catch(() => undefined);
    throw explain(error);
  } finally {
    // A question to the CLI that is still without an answer ends with it.
    opened.abort();
  }
}

interface Opening {
  readonly project: Project;
  readonly choice: StackChoice;
  readonly lock: Lock | undefined;
  readonly ended: AbortSignal;
}

async function open({ project, choice, lock: known, ended }: Opening): Promise<WatchedStack> {
  const stack = await openStack(choice, { ending: ended });
  const url = await readBackend(choice.directory, ended);
  const { name } = stack;
  const label = `${project.name}/${name}`;
  const order = {
    // Pulumi's own folder of this user: two checkouts of one program find each other there.
    folder: path.join(readHome(), "pulumi-secret-sync"),
    key: JSON.stringify([url, project.name, name]),
    stack: label,
  };
  const lock = known ?? (await takeLock(order));
  const clock = { now: () => monotonicClock.now(), wall: () => systemClock.now() };
  const holds = openHoldFile({ ...order, clock });
  const calls = openCallFile(order);
  // What an earlier runner left is not counted.
  await calls.take();
  const cli = openCli(stack, calls.path);
  const directory = await findProgramFolder(project);
  const filesOf = (syncs: readonly SyncOnRecord[]) => listFiles(syncs, directory);
  return { label, lock, holds, calls, cli, filesOf, readFiles: (syncs) => readStates(syncs, directory) };
}

const identity = z.looseObject({ url: z.string().default("") });

/** The address of the state. */
async function readBackend(directory: string, ending: AbortSignal): Promise<string> {
  const question = { subject: "the backend", directory, args: ["whoami", "--json"], answer: identity, ending };
  return (await askCli(question)).url;
}

async function expectProject(folder: string): Promise<Project> {
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory() !== true) {
    const message = `there is no folder ${folder}; correct the argument, or mount or check out what belongs there`;
    throw new SecretSyncError({ code: "program.missing", message });
  }
  const project = await findProject(folder);
  if (project !== undefined) return project;
  const message = `${folder} holds no Pulumi program (Pulumi.yaml); name the folder of a program`;
  throw new SecretSyncError({ code: "program.missing", message });
}

/** What a wrapper says that finds no CLI. */
const absent = /pulumi: (?:command )?not found|Failed to (?:find|locate|execute) .*pulumi/i;

/** What the CLI or the file system said, with its own code if the cause is known. */
function explain(error: unknown): unknown {
  if (!isSecretSyncError(error)) return explainFileSystem(error);
  if (error.code !== "stack.unreadable") return error;
  if (absent.test(error.message)) {
    const message =
      "the Pulumi CLI cannot be started: pulumi is not on the PATH of the runner; install it, or extend PATH";
    return new SecretSyncError({ code: "cli.missing", message });
  }
  const { code } = findProgramProblem(error.message, "");
  if (code === "stack.failed") return error;
  return new SecretSyncError({ code, message: error.message.replace(/^[^:]*: /, "") });
}

/** An error of the folder with the runner's own lock. */
function explainFileSystem(error: unknown): unknown {
  const { code, path: place } = error as NodeJS.ErrnoException;
  if (code === undefined || place === undefined) return error;
  if (code === "ENOSPC" || code === "EDQUOT") {
    return new SecretSyncError({ code: "stack.disk_full", message: `the disk of ${place} is full; make room there` });
  }
  const message = `${place} cannot be written (${code}); correct its permissions, or set PULUMI_HOME to another folder`;
  return new SecretSyncError({ code: "stack.unreadable", message });
}

function readHome(): string {
  return process.env["PULUMI_HOME"] ?? path.join(homedir(), ".pulumi");
}

/** Where the provider runs, and where relative paths start: the folder of `main`, which may be a file. */
async function findProgramFolder({ folder, main }: Project): Promise<string> {
  const place = path.resolve(folder, main);
  const found = await stat(place).catch(() => undefined);
  return found?.isFile() === true ? path.dirname(place) : place;
}

function listFiles(syncs: readonly SyncOnRecord[], directory: string): string[] {
  const sources = syncs.flatMap(({ inputs }) => inputs.source);
  const files = sources.flatMap((source) => (source.type === "file" ? [path.resolve(directory, source.path)] : []));
  return [...new Set(files)].sort();
}

async function readStates(syncs: readonly SyncOnRecord[], directory: string): Promise<FileStates> {
  const states = new Map<Urn, string>();
  for (const sync of syncs) {
    const files = listFiles([sync], directory);
    if (files.length === 0) continue;
    const each = await Promise.all(files.map(async (file) => [file, await readFileState(file)] as const));
    states.set(sync.urn, JSON.stringify(Object.fromEntries(each)));
  }
  return states;
}
