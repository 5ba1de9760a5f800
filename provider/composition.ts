// Composition: builds the readers, the adapters and the queue of one provider process, and hands them to the lifecycle.

import type { Clock } from "./clock.js";
import { addEndpoint, findCredentials, listCredentials } from "./credentials/destination-lookup.js";
import { createProver } from "./credentials/prover.js";
import { rememberValues } from "./destinations/known-target.js";
import { createDestinations } from "./destinations/registry.js";
import { openCallLog } from "./lifecycle/engine/call-log.js";
import { createLifecycle, type Lifecycle } from "./lifecycle/index.js";
import type { ListRecorded } from "./lifecycle/engine/stack-export.js";
import { createLineReporter } from "./lifecycle/engine/line-reporter.js";
import { attendClock, attendTarget, createAttendance } from "./reconciler/attended.js";
import { createArrivals } from "./reconciler/batch/arrivals.js";
import { createMemory } from "./reconciler/memory.js";
import { reconcileBatch } from "./reconciler/reconcile.js";
import { createTargetQueue } from "./reconciler/target-queue.js";
import type { Reporter } from "./reconciler/world.js";
import { nameSource } from "./sources/description.js";
import { createSourceAdviser } from "./sources/exposure.js";
import { createOwnWrites } from "./sources/own-writes.js";
import { createSourceReader, createSourceWriter } from "./sources/reader.js";
import { createSources, loadGit } from "./sources/registry.js";

/** What a provider process runs in. */
export interface Host {
  readonly clock: Clock;
  readonly random: () => number;
  readonly reporter: Reporter;
  /** Reads the state of a stack; without it, a forced replacement does not find what it follows, nor a key its origin. */
  readonly listRecorded?: ListRecorded | undefined;
  /** Whether the engine still answers; if missing, it counts as there. */
  readonly isEngineThere?: (() => Promise<boolean>) | undefined;
  /** Stack configuration by its full key, for example `digitalocean:token`. */
  readonly config: (key: string) => string | undefined;
  /** How a person writes such a key; the key itself if missing. */
  readonly nameConfig?: ((key: string) => string | undefined) | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where relative paths of sources start. */
  readonly directory: string;
  /** How long one try of a request may take, in milliseconds; the HTTP client's own limit if missing. */
  readonly timeoutMs?: number | undefined;
}

/** One lifecycle for a whole process: the write that follows must find what check learnt. */
export function composeLifecycle(host: Host): Lifecycle {
  const { clock, random, reporter, environment, directory, timeoutMs } = host;
  const memory = createMemory();
  const arrivals = createArrivals();
  const settings = () => ({ config: host.config, nameConfig: host.nameConfig, environment });
  const attendance = createAttendance(host.isEngineThere ?? (async () => true));
  const attended = attendClock(clock, attendance);
  const network = { clock: attended, random, timeoutMs, onCall: openCallLog(environment), mask: () => memory.values() };
  const destinations = createDestinations({ ...network, environment });
  const sources = createSources(network, settings);
  const place = { environment, directory };
  const own = createOwnWrites();
  const { read, confirm, confirmWhole } = createSourceReader(sources, place, {
    look: (source) => sources.look(source, directory),
    own,
  });
  return createLifecycle({
    clock,
    memory,
    arrivals,
    queue: createTargetQueue(
      clock,
      async (jobs, door) => {
        await attendance.require();
        return reconcileBatch(jobs, attended, door);
      },
      (...asked) => arrivals.outlook(...asked),
    ),
    reporter: createLineReporter(reporter),
    listRecorded: host.listRecorded ?? (async () => new Map()),
    readSource: async (source, secrets, credentials) => {
      const values = await read(source, secrets, credentials);
      // Even if another source of the sync fails: the rest of the run may quote these.
      memory.learn([...values.values()].filter((value) => value !== undefined));
      return values;
    },
    confirmSource: confirm,
    confirmWholeSource: confirmWhole,
    adviseOnSource: createSourceAdviser(place, loadGit),
    nameSource,
    isWritable: (source) => sources.isWritable(source),
    writeSource: createSourceWriter(sources, place, own),
    findCredentials: (destination, explicit) => findCredentials(destination.type, explicit, settings()),
    listCredentials: (destination, connections) => listCredentials(destination.type, connections, settings()),
    openTarget: async (destination, credentials) =>
      attendTarget(
        rememberValues(await destinations.open(destination, credentials), (values) => memory.learn(values)),
        attendance,
      ),
    prove: createProver(sources, {
      prove: (app, credentials) => destinations.prove(app, addEndpoint(credentials, settings())),
    }),
  });
}
