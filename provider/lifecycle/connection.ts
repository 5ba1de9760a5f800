// Provider process: the lifecycle of a Connection. Credentials are proven by one live call and never kept in its state.

import { randomUUID } from "node:crypto";
import { canonical, fingerprint } from "../core/fingerprint.js";
import { isSecretSyncError, listProblems, SecretSyncError } from "../errors.js";
import { type Account, type Credentials, resolveCredentials } from "../credentials/credentials.js";
import { printable } from "../printable.js";
import type { World } from "../reconciler/world.js";
import { redact } from "../redacted.js";
import { type Connection, connection as connectionSchema } from "../../schema/index.js";
import { slugify } from "./arguments/arguments.js";
import { answerCheck, type CheckResult } from "./engine/answer.js";
import type { DiffResult } from "./diff.js";
import {
  type ConnectionInputs,
  type ConnectionState,
  writeConnectionInputs,
  writeConnectionState,
} from "./state/connection-state.js";
import { describeIssues } from "./arguments/issues.js";
import { isRefusal, type ReadResult } from "./refresh.js";
import { findSalt } from "./state/salt.js";
import type { SentConnection } from "./arguments/sent.js";
import { hasUnknown, type Properties, readUrn, unknownValue } from "./engine/wire.js";

/** Parses, proves new credentials in a preview, and returns inputs without them. */
export async function checkConnection(
  olds: ConnectionInputs,
  sent: SentConnection,
  world: World,
): Promise<CheckResult> {
  const { urn } = sent;
  const { salt, isDrawn } =
    olds.salt === undefined ? findSalt(undefined, { seed: sent.seed }) : { salt: olds.salt, isDrawn: false };
  const args = { name: slugify(sent.resourceName).slice(0, 64), ...sent.args };
  const parsed = connectionSchema.safeParse(args);
  const unknown = hasUnknown(args);
  const credentialsHash = unknown ? undefined : fingerprint(salt, redact(canonical(args.credentials)));
  const isHidden = isDrawn && sent.isDryRun === true;
  const inputs = writeConnectionInputs({ urn, args, credentialsHash, salt, isHidden });
  if (!parsed.success) {
    const whole = { name: "", schema: connectionSchema, value: args };
    return answerCheck(inputs, describeIssues(parsed.error.issues, { whole, others: [] }));
  }
  world.memory.keepConnection(urn, parsed.data);
  // In an update, `create` and `update` make the live call; a preview has no later chance to report a refused token.
  if (sent.isDryRun === false || unknown || olds.credentialsHash === credentialsHash) return { inputs, failures: [] };
  const proveNow = async () => warn(await world.prove(parsed.data, openCredentials(parsed.data)), urn, world);
  if (sent.isDryRun === undefined) {
    world.memory.postpone(urn, async (isPreview) => (isPreview ? proveNow() : undefined));
    return { inputs, failures: [] };
  }
  try {
    await proveNow();
    return { inputs, failures: [] };
  } catch (error) {
    return answerCheck(inputs, listProblems(error));
  }
}

function openCredentials(connection: Connection): Credentials {
  return { ...resolveCredentials(connection), foundIn: "the credentials of this Connection" };
}

/** App and method are fixed at creation. */
export function diffConnection(olds: ConnectionState, news: ConnectionInputs): DiffResult {
  const fixed = ["app", "method"] as const;
  const replaces = fixed.filter((field) => news[field] !== olds[field] && news[field] !== unknownValue);
  if (replaces.length > 0) return { changes: undefined, replaces };
  const differs = news.hasUnknown || news.digest !== olds.digest;
  return { changes: differs ? undefined : false };
}

export async function createConnection(
  inputs: ConnectionInputs,
  world: World,
): Promise<{ id: string; outs: Properties }> {
  const account = await prove(inputs, world);
  const id = randomUUID();
  const now = new Date(world.clock.now()).toISOString();
  return { id, outs: writeConnectionState(inputs, { account, version: 1, createdAt: now, updatedAt: now }) };
}

/** Only changed credentials make a live call. */
export async function updateConnection(
  olds: ConnectionState,
  news: ConnectionInputs,
  world: World,
): Promise<{ outs: Properties }> {
  const { version, createdAt } = olds;
  const rotated = olds.credentialsHash !== news.credentialsHash || olds.baseUrl !== news.baseUrl;
  const account = rotated ? await prove(news, world) : olds.account;
  const updatedAt = new Date(world.clock.now()).toISOString();
  return { outs: writeConnectionState(news, { account, version: version + 1, createdAt, updatedAt }) };
}

/** Not a failure: the connection may be for something that needs only these. */
async function warn({ missingScopes = [] }: Account, urn: string, world: World): Promise<void> {
  if (missingScopes.length === 0) return;
  const text = `the token lacks ${missingScopes.join(" and ")}: a sync that uses this connection cannot write`;
  await world.reporter.say(urn, "warning", text);
}

async function prove({ urn }: ConnectionInputs, world: World): Promise<string> {
  const connection: Connection | undefined = world.memory.recallConnection(urn);
  if (connection === undefined) {
    throw new SecretSyncError({
      code: "values.lost",
      message: "the provider process no longer holds the credentials; run up again",
    });
  }
  const proven = await world.prove(connection, openCredentials(connection));
  await warn(proven, urn, world);
  return describeAccount(proven);
}

/**
 * State holds no credentials, so a refresh can ask only if the program has run in this process (`refresh --run-program`).
 * Otherwise the syncs that keep the token report a revoked one.
 */
export async function refreshConnection(id: string, properties: Properties, world: World): Promise<ReadResult> {
  const urn = readUrn(properties);
  const connection = world.memory.recallConnection(urn);
  if (connection === undefined) return { id, props: properties };
  try {
    const account = describeAccount(await world.prove(connection, openCredentials(connection)));
    return { id, props: { ...properties, account } };
  } catch (error) {
    if (!isSecretSyncError(error) || !isRefusal(error)) throw error;
    await world.reporter.say(urn, "warning", `the credentials are refused: ${error.message}`);
    return { id, props: properties };
  }
}

/** For example `owner@example.com`, `owner@example.com, lacks app:update`, `unknown`. */
function describeAccount({ account, missingScopes = [] }: Account): string {
  const whose = printable(account ?? "unknown");
  return missingScopes.length === 0 ? whose : `${whose}, lacks ${missingScopes.join(" and ")}`;
}
