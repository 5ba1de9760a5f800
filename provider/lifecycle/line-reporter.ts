// Provider process: the one way for a message to the person who runs Pulumi. Nothing of it acts on a terminal or on a CI runner.

import { joinLines, printable } from "../printable.js";
import type { LineReporter, Reporter } from "../reconciler/world.js";

export function createLineReporter(reporter: Reporter): LineReporter {
  return {
    say: (urn, severity, lines) => reporter.say(urn, severity, joinLines([lines].flat())),
    show: (urn, text) => reporter.show(urn, printable(text)),
  };
}
