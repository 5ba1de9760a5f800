// Leaf: how the runner tells the provider which files it has looked at. A half-written file reads like one that has lost its last keys.

/** JSON: the state of each file by its absolute path. `watch` sets it for an update; a file in another state is not read. */
export const fileStatesVariable = "PULUMI_SECRET_SYNC_FILES";

/** Changes when a file is written or replaced. */
export function formatFileState(found: Readonly<Record<"dev" | "ino" | "size" | "mtimeNs", bigint>>): string {
  return `${found.dev} ${found.ino} ${found.size} ${found.mtimeNs}`;
}

/** The state in which the runner saw a file; undefined if there is no runner, or if it has not looked at this one. */
export function findExpectedState(
  environment: Readonly<Record<string, string | undefined>>,
  file: string,
): string | undefined {
  try {
    const states = JSON.parse(environment[fileStatesVariable] ?? "{}") as Readonly<Record<string, unknown>>;
    const state = Object.hasOwn(states, file) ? states[file] : undefined;
    return typeof state === "string" ? state : undefined;
  } catch {
    return undefined;
  }
}
