// Provider process: routes each call of the engine to its resource, and lets no stack trace out.

import { listProblems, SecretSyncError } from "../errors.js";
import type { Snapshot } from "../destinations/destination.js";
import { printable } from "../printable.js";
import type { World } from "../reconciler/world.js";
import { type Adopted, type AdoptInput, adoptSync } from "./adopt.js";
import { applySync } from "./apply.js";
import type { CheckResult } from "./engine/answer.js";
import { checkSentSync } from "./check.js";
import {
  checkConnection,
  createConnection,
  diffConnection,
  refreshConnection,
  updateConnection,
} from "./connection.js";
import { readConnectionInputs, readConnectionState } from "./state/connection-state.js";
import { diffSync, type DiffResult } from "./diff.js";
import { readInputs } from "./state/inputs.js";
import { PartialFailure } from "./engine/partial-failure.js";
import { refreshSync, type ReadResult } from "./refresh.js";
import { removeSync } from "./remove.js";
import { keepRemoved } from "./replacement/removed.js";
import { readSentConnection } from "./arguments/sent.js";
import { readState } from "./state/state.js";
import { isConnection, type Properties, readUrn } from "./engine/wire.js";

/** The six operations of the engine, bound to one world. */
export interface Lifecycle {
  check(olds: Properties, news: Properties): Promise<CheckResult>;
  diff(id: string, olds: Properties, news: Properties): Promise<DiffResult>;
  create(inputs: Properties): Promise<{ id: string; outs: Properties }>;
  read(id: string, properties: Properties): Promise<ReadResult>;
  update(id: string, olds: Properties, news: Properties): Promise<{ outs: Properties }>;
  delete(id: string, properties: Properties): Promise<void>;
  /** An import: what is at the place that an id names. */
  adopt(input: AdoptInput): Promise<Adopted>;
  /** In a preview, instead of `create` and `update`: for a host that does not know earlier whether it is one. */
  preview(inputs: Properties): Promise<Seen | undefined>;
  /** Shows a host's message about a resource, once in a process. */
  tell(urn: string, text: string): Promise<void>;
}

/** What a look at the target of a sync has shown. */
export type Seen = Pick<Snapshot, "targetName" | "targetUrl">;

export function createLifecycle(world: World): Lifecycle {
  // Syncs are checked one after the other, and those of one app should share its write: the first one waits for the checks of the
  // others. A sync that depends on a connection is checked once the connection is proven.
  const leading = <T>(operation: () => Promise<T>): Promise<T> => plainly(() => world.queue.holdWhile(operation));
  const conclude = async (inputs: Properties, isPreview: boolean) =>
    world.memory.takePostponed(readUrn(inputs))?.(isPreview);
  const step = <T>(properties: Properties, operation: () => Promise<T>): Promise<T> =>
    plainly(() => world.arrivals.step(readUrn(properties), operation));
  return {
    check: (olds, news) =>
      leading(() =>
        isConnection(news)
          ? checkConnection(readConnectionInputs(olds), readSentConnection(news), world)
          : checkSentSync(olds, news, world),
      ),
    diff: (_id, olds, news) =>
      leading(async () =>
        isConnection(news)
          ? diffConnection(readConnectionState(olds), readConnectionInputs(news))
          : diffSync(olds, readInputs(news), world),
      ),
    create: (inputs) =>
      isConnection(inputs)
        ? leading(() => createConnection(readConnectionInputs(inputs), world))
        : step(inputs, () => {
            const news = readInputs(inputs);
            const create = async () => {
              await conclude(inputs, false);
              return applySync(news, undefined, world);
            };
            return keepRemoved(news, create, world);
          }),
    read: (id, properties) =>
      plainly(() =>
        isConnection(properties) ? refreshConnection(id, properties, world) : refreshSync(id, properties, world),
      ),
    update: (_id, olds, news) =>
      isConnection(news)
        ? leading(() => updateConnection(readConnectionState(olds), readConnectionInputs(news), world))
        : step(news, async () => {
            await conclude(news, false);
            return applySync(readInputs(news), readState(olds), world);
          }),
    delete: (id, properties) =>
      step(properties, async () => (isConnection(properties) ? undefined : removeSync(id, properties, world))),
    adopt: (input) => plainly(() => adoptSync(input, world)),
    preview: async (inputs) => {
      await plainly(() => conclude(inputs, true));
      return describeSeen(world.memory.recall(readUrn(inputs))?.snapshot);
    },
    tell: async (urn, text) => {
      if (world.memory.isNews(urn, text)) await world.reporter.say(urn, "info", text);
    },
  };
}

/** As outputs have it. */
function describeSeen(snapshot: Snapshot | undefined): Seen | undefined {
  if (snapshot === undefined) return undefined;
  const { targetName, targetUrl } = snapshot;
  return { targetName: printable(targetName), targetUrl: targetUrl && printable(targetUrl) };
}

/** The server prints whatever is thrown: only our own errors, which have no trace, may pass. */
async function plainly<T>(operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    if (error instanceof PartialFailure) throw error;
    throw hush(error instanceof SecretSyncError ? error : new SecretSyncError(listProblems(error)));
  }
}

/**
 * The server prints `${error}: ${error.stack}` at the stack, and the engine prints the message at the resource: without this, every
 * problem would be shown three times.
 */
function hush(error: SecretSyncError): SecretSyncError {
  const { length } = error.problems;
  error.toString = () => "pulumi-secret-sync";
  error.stack = `${length === 1 ? "one problem" : `${length} problems`}, reported at the resource`;
  return error;
}
