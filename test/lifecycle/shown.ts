// What of a provider's answers anybody can see: the CLI prints it, and a state file shows it without a key.

import type { Lifecycle } from "../../provider/lifecycle/index.js";
import type { Properties } from "../../provider/lifecycle/engine/wire.js";
import { hide } from "./envelopes.js";

/** The same lifecycle; what it answers is written down as everybody sees it. */
export function recordShown(lifecycle: Lifecycle, show: (answer: unknown) => void): Lifecycle {
  const record = async <T>(operation: Promise<T>, pick: (answer: T) => unknown): Promise<T> => {
    try {
      const answer = await operation;
      show(hide(pick(answer)));
      return answer;
    } catch (error) {
      const { properties, message, reasons } = error as Error & { properties?: Properties; reasons?: unknown };
      show(hide([properties ?? {}, message, reasons ?? []]));
      throw error;
    }
  };
  return {
    check: (olds, news) => record(lifecycle.check(olds, news), (answer) => answer),
    diff: (id, olds, news) => record(lifecycle.diff(id, olds, news), (answer) => answer),
    create: (inputs) => record(lifecycle.create(inputs), (answer) => answer),
    read: (id, properties) => record(lifecycle.read(id, properties), (answer) => answer),
    update: (id, olds, news) => record(lifecycle.update(id, olds, news), (answer) => answer),
    delete: (id, properties) => record(lifecycle.delete(id, properties), () => ({})),
    adopt: (input) => record(lifecycle.adopt(input), (answer) => answer),
    preview: (inputs) => record(lifecycle.preview(inputs), () => ({})),
    tell: (urn, text) => lifecycle.tell(urn, text),
  };
}
