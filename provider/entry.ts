// Provider process. FROZEN subpath "./provider": what the text in every stack's state loads.
// It loads in a few milliseconds; everything else is imported on first use.

import type { Lifecycle } from "./lifecycle/index.js";
import type { Properties } from "./lifecycle/engine/wire.js";

interface ConfigureRequest {
  readonly config: { get(key: string): string | undefined };
}

let config: ConfigureRequest["config"] | undefined;
let lifecycle: Promise<Lifecycle> | undefined;

/** Must stay synchronous: the server hands out the provider before an asynchronous configure has ended. */
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

/** One world per process: the write that follows must find what check learnt. */
function load(): Promise<Lifecycle> {
  lifecycle ??= compose();
  return lifecycle;
}

/** An older Node fails to load the HTTP client, and the message names no cause. */
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
    { createEngineReporter },
    { watchEngine },
    { createStackReader },
    { composeLifecycle },
    { acceptPluginState },
    { openRecorded },
  ] = await Promise.all([
    import("./clock.js"),
    import("./lifecycle/engine/engine-log.js"),
    import("./lifecycle/engine/engine-watch.js"),
    import("./lifecycle/engine/stack-export.js"),
    import("./composition.js"),
    import("./plugin/takeover.js"),
    import("./plugin/recorded-inputs.js"),
  ]);
  const listRecorded = createStackReader(process.env);
  const composed = composeLifecycle({
    clock: systemClock,
    random: Math.random,
    reporter: createEngineReporter(process.argv.at(-1)),
    isEngineThere: watchEngine(process.argv.at(-1), () => process.exit(1)),
    listRecorded: async (...asked) => openRecorded(await listRecorded(...asked)),
    config: (key) => config?.get(key),
    environment: process.env,
    directory: process.cwd(),
  });
  return acceptPluginState(composed);
}
