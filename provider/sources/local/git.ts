// IO side: whether git has a file, or would take it. It asks the installed git, and says nothing if there is none.

import { execFile } from "node:child_process";
import { lstat, realpath } from "node:fs/promises";
import path from "node:path";

/** The state of a file in git. */
export interface GitFile {
  readonly state: "tracked" | "exposed";
  /** The file that a link leads to: its values are there, whatever git has of the link. Undefined for anything but a link. */
  readonly linked: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** A preview never waits longer for advice; git answers within milliseconds. */
const patienceMs = 1_000;

/**
 * Variables that a child needs, and those of a person's own rules (https://git-scm.com/docs/gitignore), without those that point git
 * elsewhere, as in a hook.
 */
const passed = [
  "PATH",
  "Path",
  "HOME",
  "USERPROFILE",
  "SystemRoot",
  "XDG_CONFIG_HOME",
  "GIT_CONFIG_GLOBAL",
  "GIT_CONFIG_SYSTEM",
  "GIT_CONFIG_NOSYSTEM",
  "GIT_CEILING_DIRECTORIES",
];

/** Undefined if the file is ignored, encrypted by git, in no repository, or if that is unknown. */
export async function readGitState(file: string, environment: Environment): Promise<GitFile | undefined> {
  const linked = await followLink(file);
  const state = await askState(linked ?? file, environment);
  return state === undefined ? undefined : { state, linked };
}

async function followLink(file: string): Promise<string | undefined> {
  try {
    return (await lstat(file)).isSymbolicLink() ? await realpath(file) : undefined;
  } catch {
    return undefined;
  }
}

async function askState(file: string, environment: Environment): Promise<GitFile["state"] | undefined> {
  const ask = (...args: string[]) => askGit(args, { directory: path.dirname(file), environment });
  const name = path.basename(file);
  // `H` and other letters for what is in the index, `?` for what is neither there nor ignored, nothing for what is ignored.
  // https://git-scm.com/docs/git-ls-files
  const [listed = ""] = await ask("ls-files", "-t", "--cached", "--others", "--exclude-standard", "--", name);
  if (listed === "") return undefined;
  if (listed.startsWith("?")) return "exposed";
  // git-crypt, transcrypt and their like keep ciphertext in the repository: https://git-scm.com/docs/gitattributes#_filter
  const [filter = ""] = await ask("check-attr", "filter", "--", name);
  return /: filter: (?:unspecified|unset|lfs)$/.test(filter) ? "tracked" : undefined;
}

/** The lines of an answer; none if git fails, is missing, or takes too long. */
function askGit(
  args: readonly string[],
  { directory, environment }: { directory: string; environment: Environment },
): Promise<string[]> {
  const env = Object.fromEntries(passed.flatMap((name) => (environment[name] ? [[name, environment[name]]] : [])));
  // Run no hook of the repository, take no lock, and read a name as a name, not as a pattern.
  const safe = ["-c", "core.fsmonitor=false", "--no-optional-locks", "--literal-pathspecs"];
  return new Promise((resolve) => {
    execFile("git", [...safe, ...args], { cwd: directory, env, timeout: patienceMs }, (error, stdout) =>
      resolve(error === null ? stdout.split("\n").filter((line) => line !== "") : []),
    );
  });
}
