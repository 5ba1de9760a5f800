// Provider process: the lifecycle of a Connection. Credentials are proven by one live call and never kept in its state.

import { randomUUID } from "node:crypto";
import { canonical, fingerprint, deriveSalt } from "../core/fingerprint.js";
import { isSecretSyncError, type Problem, listProblems, renderProblems, SecretSyncError } from "../errors.js";
import { type Account, resolveCredentials } from "../credentials/credentials.js";
import type { World } from "../reconciler/world.js";
import { redact } from "../redacted.js";
import { type Connection, connection as connectionSchema } from "../../schema/index.js";
import { slugify } from "./arguments.js";
import type { CheckResult } from "./check.js";
import type { DiffResult } from "./diff.js";
import { digestInputs } from "./inputs.js";
import { describeIssue } from "./issues.js";
import { isRefusal, type ReadResult } from "./refresh.js";
import { hasUnknown, type Properties, secret, toStruct, unknownValue } from "./wire.js";

const fields = ["app", "method", "name", "description", "baseUrl"] as const;
const onlyForm = ["isPlatformManagedCredentials", "isAutoRotationEnabled", "gatewayId", "rotation"] as const;

/** Parses, proves new credentials in a preview, and returns inputs without them. */
export async function checkConnection(olds: Properties, news: Properties, world: World): Promise<CheckResult> {
  const urn = String(news["__urn"]);
  const salt = typeof olds["salt"] === "string" ? olds["salt"] : deriveSalt(urn);
  const named = {
    ...pick(news, [...fields, ...onlyForm, "credentials"]),
    name: news["name"] ?? slugify(String(news["__resourceName"])).slice(0, 64),
  };
  const parsed = connectionSchema.safeParse(named);
  const unknown = hasUnknown(named);
  const credentialsHash = unknown ? unknownValue : fingerprint(salt, redact(canonical(news["credentials"])));
  const inputs = toStruct({
    ...pick(named, fields),
    __resource: "connection",
    __urn: urn,
    credentialsHash: unknown ? unknownValue : secret(credentialsHash),
    salt: secret(salt),
  });
  if (!parsed.success && !unknown) {
    return fail(
      inputs,
      parsed.error.issues.map((issue) => describeIssue(issue, named)),
    );
  }
  if (!parsed.success) return { inputs, failures: [] };
  world.memory.keepConnection(urn, parsed.data);
  // In an update `create` and `update` make the live call; a preview has no later moment to tell a refused token.
  if (news["__dryRun"] !== true || unknown || olds["credentialsHash"] === credentialsHash)
    return { inputs, failures: [] };
  try {
    await warn(await world.prove(parsed.data, resolveCredentials(parsed.data)), inputs, world);
    return { inputs, failures: [] };
  } catch (error) {
    return fail(inputs, listProblems(error));
  }
}

function pick(properties: Properties, names: readonly string[]): Properties {
  return Object.fromEntries(
    names.filter((name) => properties[name] !== undefined).map((name) => [name, properties[name]]),
  );
}

function fail(inputs: Properties, problems: readonly Problem[]): CheckResult {
  return { inputs, failures: [{ property: "", reason: renderProblems(problems) }] };
}

/** App and method are fixed at creation. */
export function diffConnection(olds: Properties, news: Properties): DiffResult {
  const replaces = ["app", "method"].filter((field) => news[field] !== olds[field] && news[field] !== unknownValue);
  if (replaces.length > 0) return { changes: undefined, replaces };
  const differs = hasUnknown(news) || digestInputs(news) !== olds["mark"];
  return { changes: differs ? undefined : false };
}

export async function createConnection(inputs: Properties, world: World): Promise<{ id: string; outs: Properties }> {
  const account = await prove(inputs, world);
  const id = randomUUID();
  const now = new Date(world.clock.now()).toISOString();
  return { id, outs: listOutputs(inputs, { account, version: 1, createdAt: now, updatedAt: now }) };
}

/** Only changed credentials make a live call. */
export async function updateConnection(
  olds: Properties,
  news: Properties,
  world: World,
): Promise<{ outs: Properties }> {
  const rotated = olds["credentialsHash"] !== news["credentialsHash"] || olds["baseUrl"] !== news["baseUrl"];
  const account = rotated ? await prove(news, world) : String(olds["account"]);
  const now = new Date(world.clock.now()).toISOString();
  const version = Number(olds["version"] ?? 0) + 1;
  return { outs: listOutputs(news, { account, version, createdAt: String(olds["createdAt"]), updatedAt: now }) };
}

/** Not a failure: the connection may be meant for something that needs no more. */
async function warn({ missingScopes = [] }: Account, inputs: Properties, world: World): Promise<void> {
  if (missingScopes.length === 0) return;
  const text = `the token lacks ${missingScopes.join(" and ")}: a sync that uses this connection cannot write`;
  await world.reporter.say(String(inputs["__urn"]), "warning", text);
}

async function prove(inputs: Properties, world: World): Promise<string> {
  const connection: Connection | undefined = world.memory.recallConnection(String(inputs["__urn"]));
  if (connection === undefined) {
    throw new SecretSyncError({
      code: "values.lost",
      message: "the provider process no longer holds the credentials; run up again",
    });
  }
  const proven = await world.prove(connection, resolveCredentials(connection));
  await warn(proven, inputs, world);
  return describeAccount(proven);
}

/**
 * State holds no credentials, so a refresh can ask only where the program has run in this process (`refresh --run-program`).
 * Otherwise the syncs that keep the token tell a revoked one.
 */
export async function refreshConnection(id: string, properties: Properties, world: World): Promise<ReadResult> {
  const urn = String(properties["__urn"]);
  const connection = world.memory.recallConnection(urn);
  if (connection === undefined) return { id, props: properties };
  try {
    const account = describeAccount(await world.prove(connection, resolveCredentials(connection)));
    return { id, props: { ...properties, account } };
  } catch (error) {
    if (!isSecretSyncError(error) || !isRefusal(error)) throw error;
    await world.reporter.say(urn, "warning", `the credentials are refused: ${error.message}`);
    return { id, props: properties };
  }
}

/** For example `owner@example.com`, `owner@example.com, lacks app:update`, `unknown`. */
function describeAccount({ account, missingScopes = [] }: Account): string {
  const whose = account ?? "unknown";
  return missingScopes.length === 0 ? whose : `${whose}, lacks ${missingScopes.join(" and ")}`;
}

interface ConnectionFacts {
  readonly account: string;
  readonly version: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

function listOutputs(inputs: Properties, facts: ConnectionFacts): Properties {
  const { salt: _salt, ...visible } = inputs;
  return toStruct({ ...visible, ...facts, mark: secret(digestInputs(inputs)) });
}
