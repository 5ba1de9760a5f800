// A process of the plugin, called over a real connection, with what it says.

import { systemClock } from "../../provider/clock.js";
import { composeLifecycle } from "../../provider/composition.js";
import type { ListRecorded } from "../../provider/lifecycle/engine/stack-export.js";
import { openSession } from "../../provider/plugin/session.js";
import { connect, type PluginClient } from "../lifecycle/plugin-client.js";
import { onEnd } from "../running.js";

export interface PluginProcess extends PluginClient {
  readonly said: readonly string[];
}

/** @param listRecorded what state has of the syncs of a stack; without it state cannot be read */
export async function openPlugin(
  environment: Record<string, string> = {},
  listRecorded?: ListRecorded,
): Promise<PluginProcess> {
  const said: string[] = [];
  const session = openSession({
    clock: systemClock,
    random: Math.random,
    listRecorded,
    environment,
    directory: ".",
    timeoutMs: undefined,
    compose: async (host) => composeLifecycle(host),
    reach: () => ({
      reporter: {
        say: async (_urn, _severity, text) => void said.push([text].flat().join("\n")),
        show: async () => undefined,
      },
      isEngineThere: async () => true,
    }),
  });
  const client = await connect(session);
  onEnd(() => client.close());
  return { ...client, said };
}
