// Provider process: one run of the plugin. The lifecycle is composed with the first request that needs it, when the engine has said where
// it listens and how this provider is configured.

import type { Clock } from "../clock.js";
import type { Host } from "../composition.js";
import type { Lifecycle } from "../lifecycle/index.js";
import type { Properties } from "../lifecycle/engine/wire.js";
import type { Reporter } from "../reconciler/world.js";
import { createCancellation } from "./cancellation.js";
import { nameSetting, readConfiguration } from "./configuration.js";
import { openPlain } from "./envelopes.js";
import { createOperations } from "./operations.js";
import { openRecorded } from "./recorded-inputs.js";
import type { Session } from "./service.js";
import { describeMismatch } from "./version-match.js";

/** What the process gives. */
export interface Process extends Pick<Host, "random" | "listRecorded" | "environment" | "directory" | "timeoutMs"> {
  readonly clock: Clock;
  compose(host: Host): Promise<Lifecycle>;
  /** Reports to the engine at an address, and asks whether it is still there. */
  reach(address: string | undefined): { readonly reporter: Reporter; readonly isEngineThere: () => Promise<boolean> };
}

export function openSession(process: Process): Session {
  const cancellation = createCancellation();
  const clock = cancellation.attend(process.clock);
  let address: string | undefined;
  let args: Properties = {};
  let lifecycle: Promise<Lifecycle> | undefined;

  let reached: ReturnType<Process["reach"]> | undefined;
  const reach = () => (reached ??= process.reach(address));

  const compose = () => {
    const { reporter, isEngineThere } = reach();
    const { random, environment, directory, timeoutMs, listRecorded } = process;
    return process.compose({
      clock,
      random,
      reporter,
      environment,
      directory,
      timeoutMs,
      config: readConfiguration(args),
      nameConfig: nameSetting,
      isEngineThere: async () => !cancellation.isCancelled() && (await isEngineThere()),
      listRecorded: listRecorded && (async (...asked) => openRecorded(await listRecorded(...asked))),
    });
  };
  // One world per process: the write that follows must find what check learnt.
  const load = () => (lifecycle ??= compose());
  return {
    operations: createOperations(load, () => clock.now()),
    attach: (engine) => {
      if (engine !== "") address = engine;
    },
    configure: async (given) => {
      args = given;
      const mismatch = describeMismatch(openPlain(given)["version"]);
      if (mismatch !== undefined) await reach().reporter.say("", "warning", mismatch);
    },
    cancel: () => cancellation.cancel(),
  };
}
