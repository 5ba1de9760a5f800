// Pure: the errors that the CLI reports for a run, from the document of `preview --json` and from the text of `up`.

import { z } from "zod";
import { isOurs, isOurType, readName, type Urn } from "./urn.js";

/** One error of a run. */
export interface RunError {
  /** Undefined if it belongs to no resource. */
  readonly resource: string | undefined;
  /** It is about a SecretSync or a Connection. */
  readonly isOurs: boolean;
  readonly message: string;
  /** Present in a preview, but not in the text of an update. */
  readonly urn?: Urn | undefined;
  readonly type?: string;
}

const told = z.looseObject({ urn: z.string().optional(), message: z.string(), severity: z.string() });

const document = z.looseObject({ diagnostics: z.array(told).nullish() });

/** Of a preview. */
export function listDocumentErrors(stdout: string): RunError[] {
  return readDocument(stdout)
    .filter(({ severity }) => severity === "error")
    .map(({ urn, message }) => ({
      resource: urn === undefined ? undefined : readName(urn),
      isOurs: isOurs(urn),
      message,
      ...(urn === undefined ? {} : { urn }),
    }));
}

/** What the program and its language host print beside the errors of a preview. Its content is unknown. */
export function listAsides(stdout: string): string {
  return readDocument(stdout)
    .filter(({ urn, severity }) => urn === undefined && severity === "info#err")
    .map(({ message }) => message)
    .join("\n");
}

function readDocument(stdout: string) {
  return document.safeParse(parseJson(stdout)).data?.diagnostics ?? [];
}

/** What a resource of ours says in a preview. */
export interface Told {
  readonly urn: Urn;
  readonly isWarning: boolean;
  readonly text: string;
}

export function listTold(stdout: string): Told[] {
  return readDocument(stdout).flatMap(({ urn, message, severity }) => {
    if (urn === undefined || !isOurs(urn) || (severity !== "info" && severity !== "warning")) return [];
    const isWarning = severity === "warning";
    // The CLI begins the text with the severity.
    return [{ urn, isWarning, text: (isWarning ? message.replace(/^warning: /, "") : message).trimEnd() }];
  });
}

/** What a resource of ours says about its plan, each key by name. Drift makes it a warning. */
export function listPlans(stdout: string): ReadonlyMap<Urn, string> {
  const plans = new Map<Urn, string>();
  for (const { urn, text } of listTold(stdout)) plans.set(urn, `${plans.get(urn) ?? ""}${text}\n`);
  return plans;
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
 * Errors of an update. It runs with text output, because with `--json` the SDK prints every output of the stack in clear. Below
 * `Diagnostics:` each resource has a heading, and every line about it is indented further.
 */
export function listTextErrors(stdout: string): RunError[] {
  const lines = stdout.split(/\r?\n/);
  const begin = lines.indexOf("Diagnostics:");
  if (begin < 0) return [];
  const errors: Array<RunError & { lines: string[] }> = [];
  let place: Omit<RunError, "message"> = { resource: undefined, isOurs: false };
  let open: string[] | undefined;
  for (const line of lines.slice(begin + 1)) {
    if (/^\S/.test(line)) break;
    const named = heading.exec(line);
    const severity = said.exec(line)?.[1];
    if (named !== null) {
      const [, type = "", resource] = named;
      place = { resource, isOurs: isOurType(type), type };
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

const stepLine = /^ +[~+]{1,2} +\S+:SecretSync (.+) (?:created|updated)(?: \(|$)/;
/** `~ 2 updated`, `+-1 replaced`, `2 changes. 3 unchanged`. */
const countLine = /^ {4}(?:[^\w\s]+ ?)?(\d+) ([a-z]+)/;

/** What an update itself claims to have done: another one, for example of a killed runner, may have written in between. */
export interface UpdateText {
  /** The names of the syncs that it has created or updated. */
  readonly written: ReadonlySet<string>;
  /** How many resources of any kind it has created or updated. */
  readonly count: number;
}

/** @returns undefined for a text that does not count what was done */
export function readUpdate(stdout: string): UpdateText | undefined {
  const lines = stdout.split(/\r?\n/);
  const begin = lines.lastIndexOf("Resources:");
  const counts = readCounts(lines.slice(begin + 1));
  if (begin < 0 || counts === undefined) return undefined;
  const end = lines.indexOf("Diagnostics:");
  const steps = lines.slice(0, end < 0 ? begin : end);
  const written = steps.flatMap((line) => stepLine.exec(line)?.[1] ?? []);
  return { written: new Set(written), count: (counts.get("created") ?? 0) + (counts.get("updated") ?? 0) };
}

/** Up to the first empty line. */
function readCounts(lines: readonly string[]): ReadonlyMap<string, number> | undefined {
  const end = lines.findIndex((line) => line.trim() === "");
  const counts = (end < 0 ? lines : lines.slice(0, end)).map((line) => countLine.exec(line));
  if (counts.length === 0 || counts.includes(null)) return undefined;
  return new Map(counts.map((count) => [count?.[2] ?? "", Number(count?.[1])]));
}
