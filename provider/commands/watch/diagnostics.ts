// Pure: the errors that the CLI reports of a run, from the document of `preview --json` and from the text of `up`.

import { z } from "zod";
import { isOurs, isOurType, readName } from "./urn.js";

/** One error of a run. */
export interface RunError {
  /** Undefined for one that no resource has. */
  readonly resource: string | undefined;
  /** It is about a SecretSync or a Connection. */
  readonly isOurs: boolean;
  readonly message: string;
}

const told = z.looseObject({ urn: z.string().optional(), message: z.string(), severity: z.string() });

const document = z.looseObject({ diagnostics: z.array(told).nullish() });

/** Of a preview. */
export function listDocumentErrors(stdout: string): RunError[] {
  const parsed = document.safeParse(parseJson(stdout));
  return (parsed.data?.diagnostics ?? [])
    .filter(({ severity }) => severity === "error")
    .map(({ urn, message }) => ({
      resource: urn === undefined ? undefined : readName(urn),
      isOurs: isOurs(urn),
      message,
    }));
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const heading = /^ {2}(\S+) \((.+)\):$/;
const said = /^ {4}(error|warning): /;

/**
 * Of an update. It is asked for its text, because with `--json` the SDK prints every output of the stack in clear. Below
 * `Diagnostics:` each resource has a heading, and what is said of it is indented further, every line of it.
 */
export function listTextErrors(stdout: string): RunError[] {
  const lines = stdout.split(/\r?\n/);
  const begin = lines.indexOf("Diagnostics:");
  if (begin < 0) return [];
  const errors: Array<RunError & { lines: string[] }> = [];
  let place: Pick<RunError, "resource" | "isOurs"> = { resource: undefined, isOurs: false };
  let open: string[] | undefined;
  for (const line of lines.slice(begin + 1)) {
    if (/^\S/.test(line)) break;
    const [, type = "", resource] = heading.exec(line) ?? [];
    const severity = said.exec(line)?.[1];
    if (resource !== undefined) {
      place = { resource, isOurs: isOurType(type) };
      open = undefined;
    } else if (severity === "error") {
      open = [line.replace(said, "")];
      errors.push({ ...place, message: "", lines: open });
    } else if (severity === undefined) {
      open?.push(line.replace(/^ {4}/, ""));
    } else {
      open = undefined;
    }
  }
  return errors.map(({ lines: text, ...error }) => ({ ...error, message: text.join("\n").trim() }));
}
