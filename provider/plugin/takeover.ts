// Pure: a stack that moves from one host to the other. Both keep the same facts in state, but each in its own form; the first run
// after the change rewrites state, and nothing at the destination.

import type { Lifecycle } from "../lifecycle/index.js";
import { isConnection, type Properties, readUrn } from "../lifecycle/engine/wire.js";
import type { HostName } from "../type-tokens.js";
import { credentialsInput, openOutputs } from "./outputs.js";

/** What the dynamic provider recorded names its resource; the plugin gets that from the engine with every request. */
export function isOfDynamic(recorded: Properties): boolean {
  return recorded["__urn"] !== undefined;
}

/** Why a run that changes nothing is an update. */
export function describeTakeover(host: HostName): string {
  const [now, before] = host === "plugin" ? ["plugin", "dynamic provider"] : ["dynamic provider", "plugin"];
  return `the ${now} serves this resource now, and the ${before} did before: its state is written anew, and nothing else`;
}

function isOfPlugin(recorded: Properties): boolean {
  return Object.keys(recorded).length > 0 && !isOfDynamic(recorded);
}

/**
 * The lifecycle for the dynamic provider, which can read what the plugin left. The key of sealed outputs is among the recorded inputs,
 * which only `check` gets.
 */
export function acceptPluginState(lifecycle: Lifecycle): Lifecycle {
  const recorded = new Map<string, Properties>();

  const open = (outputs: Properties, news: Properties): Properties => {
    const urn = readUrn(news);
    const kind = isConnection(news) ? "connection" : "secret-sync";
    return openOutputs(outputs, recorded.get(urn) ?? {}, { urn, kind, name: "", stack: "" });
  };
  return {
    ...lifecycle,
    check: (olds, news) => {
      if (!isOfPlugin(olds)) return lifecycle.check(olds, news);
      const { [credentialsInput]: _kept, ...inputs } = olds;
      const { __resource, __urn } = news;
      recorded.set(readUrn(news), olds);
      return lifecycle.check({ ...inputs, __resource, __urn }, news);
    },
    diff: async (id, olds, news) => {
      if (!isOfPlugin(olds)) return lifecycle.diff(id, olds, news);
      const result = await lifecycle.diff(id, open(olds, news), news);
      if (result.changes !== false) return result;
      await lifecycle.tell(readUrn(news), describeTakeover("dynamic"));
      // Destroy would not find the provider in outputs that the plugin wrote.
      return { ...result, changes: true };
    },
    update: (id, olds, news) => lifecycle.update(id, isOfPlugin(olds) ? open(olds, news) : olds, news),
  };
}
