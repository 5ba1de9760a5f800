// Provider process: `check` of a provider plugin: the arguments of a program in any language, taken apart for the lifecycle, and its answer
// with what the next run must find in the inputs.

import { type Problem, SecretSyncError } from "../errors.js";
import type { CheckResult } from "../lifecycle/engine/answer.js";
import type { Lifecycle } from "../lifecycle/index.js";
import { hiddenInput, withoutLook } from "../lifecycle/state/stored-inputs.js";
import { type Properties, secret, toStruct } from "../lifecycle/engine/wire.js";
import { open, openPlain, reseal } from "./envelopes.js";
import { findMisspelt } from "./known-arguments.js";
import { credentialsInput, readKept } from "./outputs.js";
import { isImported, isUnchanged, listSources, withSubject } from "./recorded-inputs.js";
import {
  commandsInput,
  isSeparated,
  readSeparated,
  type Separated,
  separateConnection,
  separateSync,
} from "./separation.js";
import type { Subject } from "./subject.js";

export interface CheckRequest {
  readonly subject: Subject;
  /** Recorded inputs, empty for a new resource. */
  readonly olds: Properties;
  readonly news: Properties;
  /** Random bytes that a saved plan and its update share. */
  readonly seed: Uint8Array;
}

/** Later checks know what this process has checked before: a sync finds the credentials of its connection. */
export function createCheck(
  load: () => Promise<Lifecycle>,
): (request: CheckRequest, settledAt: number | undefined) => Promise<CheckResult> {
  const connections = new Map<string, Properties>();

  const separate = (news: Properties, { subject, olds, settledAt }: Separating): Separated => {
    if (isSeparated(news)) return readSeparated(news);
    if (subject.kind === "connection") return separateConnection(news, subject);
    const recall = (urn: string) => connections.get(urn);
    return separateSync(news, subject, { recall, kept: readKept(olds), olds, settledAt });
  };

  return async (request, settledAt) => {
    const { subject } = request;
    const { kind, urn } = subject;
    const lifecycle = await load();
    if (isUnchanged(request)) return repeatCheck(request, lifecycle);
    const olds = withSubject(openPlain(request.olds), subject);
    const { properties, secrets } = open(listSources(request.news));
    const separated = separate(properties, { subject, olds, settledAt });
    if (kind === "connection") connections.set(urn, properties);
    const refused = [...findMisspelt(kind, properties), ...separated.problems];
    if (refused.length > 0) return refuse(refused);
    const seed = request.seed.length < leastSeedBytes ? {} : { __seed: Buffer.from(request.seed).toString("base64") };
    const checked = await lifecycle.check(olds, { ...separated.news, ...seed, __resource: kind, __urn: urn });
    if (checked.failures.length > 0) return { ...checked, inputs: {} };
    return { inputs: reseal(writeInputs(checked.inputs, separated), secrets), failures: [] };
  };
}

/** Fewer could be guessed. */
const leastSeedBytes = 32;

interface Separating {
  readonly subject: Subject;
  readonly olds: Properties;
  /** Since when looks of other syncs count; any does if undefined. */
  readonly settledAt: number | undefined;
}

/** A failure without a name: a named property would be printed with its value. */
function refuse(problems: readonly Problem[]): CheckResult {
  return { inputs: {}, failures: [{ property: "", reason: new SecretSyncError(problems).message }] };
}

/** What the engine sends with every request, and what the detailed diff shows, is not recorded. */
function writeInputs({ __resource, __urn, ...checked }: Properties, { kept, commands = [] }: Separated): Properties {
  const inputs = hiddenInput in checked ? withoutLook(checked) : checked;
  // A disabled sync makes no calls, not even when it is destroyed.
  const isKept = kept !== undefined && inputs["isEnabled"] !== false;
  return toStruct({
    ...inputs,
    ...(isKept ? { [credentialsInput]: secret(kept) } : {}),
    ...(commands.length > 0 ? { [commandsInput]: commands } : {}),
  });
}

/** Recorded inputs that come as the program's: `ignoreChanges: ["*"]`. State does not change. */
async function repeatCheck({ subject, olds }: CheckRequest, lifecycle: Lifecycle): Promise<CheckResult> {
  // After an import, the engine checks what was read.
  if (subject.kind === "connection" || isImported(openPlain(olds))) return { inputs: olds, failures: [] };
  const recorded = withSubject(openPlain(olds), subject);
  const { failures } = await lifecycle.check(recorded, recorded);
  return { inputs: olds, failures };
}
