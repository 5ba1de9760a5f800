// Provider process: what this process gives a session. Everything slow is loaded with the first request that needs it.

import { systemClock } from "../clock.js";
import { createEngineReporter } from "../lifecycle/engine/engine-log.js";
import { watchEngine } from "../lifecycle/engine/engine-watch.js";
import type { ListRecorded } from "../lifecycle/engine/stack-export.js";
import { requireFromSdk } from "./sdk.js";
import type { Process } from "./session.js";

export function openProcess(): Process {
  let list: Promise<ListRecorded> | undefined;
  return {
    clock: systemClock,
    random: Math.random,
    environment: process.env,
    directory: process.cwd(),
    listRecorded: async (...asked) => {
      list ??= import("../lifecycle/engine/stack-export.js").then(({ createStackReader }) =>
        createStackReader(process.env),
      );
      return (await list)(...asked);
    },
    compose: async (host) => (await import("../composition.js")).composeLifecycle(host),
    // The address is the last argument as well, and in a debugger's session it comes with `Attach`.
    reach: (address = process.argv.at(-1)) => ({
      reporter: createEngineReporter(address, requireFromSdk),
      isEngineThere: watchEngine(address, () => process.exit(1)),
    }),
  };
}
