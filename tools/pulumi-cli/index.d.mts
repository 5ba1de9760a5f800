// Types of index.mjs, for the TypeScript that calls it.

/** A CLI that can run this project's programs. */
export interface PulumiCli {
  /** The folder above `bin`; what the Automation API takes as `root` when `bin` is really called bin. */
  root: string;
  /** The folder that holds `pulumi`, to be put on PATH. */
  bin: string;
  /** Without the leading v. */
  version: string;
  origin: "path" | "cache" | "download" | "built";
}

/** Everything that is taken from the machine, so that tests can give their own. */
export interface Machine {
  env: NodeJS.ProcessEnv;
  platform: NodeJS.Platform;
  arch: string;
  /** The project's folder: its node_modules holds the SDK's script, its .tools is the last resort for a cache. */
  repository: string;
  fetch: typeof globalThis.fetch;
  log: (line: string) => void;
}

/** Finds the CLI on PATH or in the cache, else downloads it, else builds it. Throws with what to install when nothing works. */
export function ensurePulumi(options?: Partial<Machine>): Promise<PulumiCli>;

/** An environment for running it: PATH begins with it and with the project's own Node; quiet and offline unless `base` says otherwise. */
export function cliEnvironment(cli: Pick<PulumiCli, "bin">, base?: NodeJS.ProcessEnv): Record<string, string>;

/** The folder in which Node keeps what V8 compiled for a run. */
export const compiled: string;
