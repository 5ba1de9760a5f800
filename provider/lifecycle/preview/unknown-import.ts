// Provider process: the warning of a preview that does not know everything yet, and so cannot name what will be imported.

import { digest } from "../../core/fingerprint.js";
import type { World } from "../../reconciler/world.js";
import type { SyncArguments } from "../arguments/arguments.js";
import type { SyncInputs } from "../state/inputs.js";
import { readPriority } from "../state/last-run.js";
import { hasUnknown } from "../engine/wire.js";

/**
 * A target that is made in the same run may hold values as soon as it exists, for example those of its spec. They would get into the
 * source although no preview has named them.
 */
export async function warnOfUnknownImport(args: SyncArguments, olds: SyncInputs, world: World): Promise<void> {
  const { destination, problems } = args;
  const priority = readPriority(args.options ?? {});
  // A wrong part is missing, too: the run fails, and says why.
  if (priority === undefined || problems.length > 0) return;
  // With its target known, a sync that has run before has imported before, whatever token it is given.
  const isAddressed = destination !== undefined && !hasUnknown(destination);
  if (isAddressed && olds.keys !== undefined && !olds.isImported) return;
  const replacing = priority === "destination" ? ", also over values that are there now" : "";
  const text =
    `sync ${args.name} imports values, but its target or source is not known yet, so this preview cannot name the keys: ` +
    `the update writes every value that it can read at the target into the source${replacing}; ` +
    "to see the keys, create the target first, or leave initialSyncBehavior out to import nothing";
  // A sync that moves to another target is checked again, as a new one.
  if (world.memory.isNews(args.urn, digest(text))) await world.reporter.say(args.urn, "warning", text);
}
