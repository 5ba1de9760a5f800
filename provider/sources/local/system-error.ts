// Leaf: the code of an operating system's error (ENOENT, EACCES, ...). Its message is not used: it may quote arguments.

/** The code of anything thrown by Node. */
export function readSystemCode(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "unknown error";
}
