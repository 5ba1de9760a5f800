// Provider process: asks the CLI for the stack's state. The engine announces a replacement that was forced from outside as a new
// resource, without the old one; only state has that, and only the CLI can decrypt it.

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Recorded } from "../../reconciler/past.js";
import { readTypeOfUrn } from "../../type-tokens.js";
import { readStackName } from "./wire.js";

/** The syncs of a stack as recorded, by URN; none if that is unknown. `now` asks again, and is not answered from memory. */
export type ListRecorded = (stack: string, asOf?: "now") => Promise<ReadonlyMap<string, Recorded>>;

/** The export of a stack. One that was never deployed has no resources. */
interface Exported {
  readonly deployment?: { readonly resources?: readonly ExportedResource[] };
}

interface ExportedResource extends Pick<Recorded, "inputs" | "outputs"> {
  readonly urn: string;
  /** Already replaced, but still to be removed. */
  readonly delete?: boolean;
  /** Already removed, but still to be replaced. */
  readonly pendingReplacement?: boolean;
}

/** Asks once per process and stack, and only when needed; never twice at the same time. */
export function createStackReader(environment: NodeJS.ProcessEnv): ListRecorded {
  const stacks = new Map<string, ReturnType<ListRecorded>>();
  const asking = new Set<string>();
  return (stack, asOf) => {
    const known = stacks.get(stack);
    if (known !== undefined && (asOf === undefined || asking.has(stack))) return known;
    asking.add(stack);
    const asked = readSyncs(stack, environment)
      .catch(() => new Map<string, Recorded>())
      .finally(() => asking.delete(stack));
    stacks.set(stack, asked);
    return asked;
  };
}

function openResource({ inputs, outputs, pendingReplacement }: ExportedResource): Recorded {
  const isRemoved = pendingReplacement === true;
  return { inputs: openSecrets(inputs), outputs: openSecrets(outputs), ...(isRemoved && { isRemoved }) };
}

const mostBytes = 512 * 1024 * 1024;
const mostMs = 30_000;

/** Reading takes no lock, so it works during the update that asks. */
async function readSyncs(stack: string, environment: NodeJS.ProcessEnv): Promise<ReadonlyMap<string, Recorded>> {
  const { deployment } =
    (await exportSelected(stack, environment)) ?? (await exportStack(["--stack", stack], environment));
  // What else the stack holds is not needed, so it is not kept.
  const syncs = (deployment?.resources ?? []).filter(({ urn }) => readTypeOfUrn(urn)?.resource === "SecretSync");
  const listed = [...Map.groupBy(syncs, ({ urn }) => urn)].flatMap(([urn, all]): Array<[string, Recorded]> => {
    const found = all.find((resource) => resource.delete !== true);
    const pending = all.filter((resource) => resource !== found).map(openResource);
    return found ? [[urn, { ...openResource(found), ...(pending.length === 0 ? {} : { pending }) }]] : [];
  });
  return new Map(listed);
}

/**
 * A URN has the name of a stack without its organization, and the CLI would take the user's default one. The stack that is selected in the
 * program's folder has it.
 *
 * @returns undefined if that is another stack, or none
 */
async function exportSelected(stack: string, environment: NodeJS.ProcessEnv): Promise<Exported | undefined> {
  if (stack.includes("/")) return undefined;
  const exported = await exportStack([], environment).catch(() => undefined);
  const [first] = exported?.deployment?.resources ?? [];
  return first !== undefined && readStackName(first.urn) === stack ? exported : undefined;
}

/** Nobody is there to type a passphrase. */
async function exportStack(selection: readonly string[], environment: NodeJS.ProcessEnv): Promise<Exported> {
  const args = ["stack", "export", "--show-secrets", ...selection, "--non-interactive"];
  const env = { ...environment, PULUMI_SKIP_UPDATE_CHECK: "true" };
  // Said, because a provider may be served within a process that has another folder.
  const options = { env, cwd: process.cwd(), maxBuffer: mostBytes, timeout: mostMs };
  const { stdout } = await promisify(execFile)("pulumi", args, options);
  return JSON.parse(stdout) as Exported;
}

// An exported secret: https://github.com/pulumi/pulumi/blob/master/sdk/go/common/apitype/core.go, type SecretV1.
const signatureKey = "4dabf18193072939515e22adb298388d";

function openSecrets<T>(value: T): T {
  if (Array.isArray(value)) return value.map(openSecrets) as T;
  if (typeof value !== "object" || value === null) return value;
  if (signatureKey in value && "plaintext" in value) return JSON.parse(String(value.plaintext)) as T;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, openSecrets(member)])) as T;
}
