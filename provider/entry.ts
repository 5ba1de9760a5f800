// FROZEN subpath "./provider": what the text in every stack's state loads. The composition root: the only file that builds adapters.
// It loads in a few milliseconds; everything else is imported on first use.

import type { Lifecycle } from "./lifecycle/index.js";
import type { Properties } from "./lifecycle/wire.js";
import type { Redacted } from "./redacted.js";

interface ConfigureRequest {
  readonly config: { get(key: string): string | undefined };
}

let config: ConfigureRequest["config"] | undefined;
let lifecycle: Promise<Lifecycle> | undefined;

/** Must stay synchronous: the server hands the provider out before an asynchronous configure has ended. */
export function configure(request: ConfigureRequest): void {
  config = request.config;
}

export const check: Lifecycle["check"] = async (olds: Properties, news: Properties) => (await load()).check(olds, news);
export const diff: Lifecycle["diff"] = async (id, olds, news) => (await load()).diff(id, olds, news);
export const create: Lifecycle["create"] = async (inputs) => (await load()).create(inputs);
export const read: Lifecycle["read"] = async (id, properties) => (await load()).read(id, properties);
export const update: Lifecycle["update"] = async (id, olds, news) => (await load()).update(id, olds, news);
const remove: Lifecycle["delete"] = async (id, properties) => (await load()).delete(id, properties);
export { remove as delete };

/** One world per process: what check learns, the write that follows must find. */
function load(): Promise<Lifecycle> {
  lifecycle ??= compose();
  return lifecycle;
}

/** An older Node fails to load the HTTP client, with words that name no cause. */
async function refuseOldNode(): Promise<void> {
  const [{ findNodeProblem }, { SecretSyncError }] = await Promise.all([
    import("./node-version.js"),
    import("./errors.js"),
  ]);
  const problem = findNodeProblem(process.versions.node);
  if (problem !== undefined) throw new SecretSyncError(problem);
}

async function compose(): Promise<Lifecycle> {
  await refuseOldNode();
  const [
    { systemClock },
    { createMemory },
    { createTargetQueue },
    { reconcileBatch },
    { createLifecycle },
    { createEngineReporter },
    { createDestinations },
    { findCredentials },
    { createSourceReader, createSourceWriter },
    { createSources },
    { createProver },
  ] = await Promise.all([
    import("./clock.js"),
    import("./reconciler/memory.js"),
    import("./reconciler/target-queue.js"),
    import("./reconciler/reconcile.js"),
    import("./lifecycle/index.js"),
    import("./lifecycle/engine-log.js"),
    import("./destinations/registry.js"),
    import("./credentials/destination-lookup.js"),
    import("./sources/reader.js"),
    import("./sources/registry.js"),
    import("./credentials/prover.js"),
  ]);
  const clock = systemClock;
  const memory = createMemory();
  const known = (): Iterable<Redacted> => memory.values();
  const settings = () => ({ config: (key: string) => config?.get(key), environment: process.env });
  const network = { clock, random: Math.random, mask: known };
  const destinations = createDestinations({ ...network, environment: process.env });
  const sources = createSources(network, settings);
  const place = { environment: process.env, directory: process.cwd() };
  return createLifecycle({
    clock,
    memory,
    queue: createTargetQueue(clock, (jobs, late) => reconcileBatch(jobs, clock, late)),
    reporter: createEngineReporter(process.argv.at(-1)),
    readSource: createSourceReader(sources, place),
    isWritable: (source) => sources.isWritable(source),
    writeSource: createSourceWriter(sources, place),
    findCredentials: (destination, explicit) => findCredentials(destination.type, explicit, settings()),
    openTarget: (destination, credentials) => destinations.open(destination, credentials),
    prove: createProver(sources, destinations),
  });
}
