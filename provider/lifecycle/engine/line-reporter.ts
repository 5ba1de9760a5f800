// Provider process: the one way for messages to the person who runs Pulumi. They cannot act on a terminal or on a CI runner.

import { joinLines, printable } from "../../printable.js";
import type { LineReporter, Reporter } from "../../reconciler/world.js";

export function createLineReporter(reporter: Reporter): LineReporter {
  return {
    say: (urn, severity, lines) => reporter.say(urn, severity, joinLines([lines].flat())),
    show: (urn, text) => reporter.show(urn, printable(text)),
  };
}
