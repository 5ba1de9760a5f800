// Provider process: the look of an import. The engine passes an id but no arguments, so every credential of this run may be meant: those
// of the program's connections, and those that a sync without one takes. Only those that see the target count.

import type { Snapshot, Target } from "../../destinations/destination.js";
import { listProblems, SecretSyncError } from "../../errors.js";
import type { World } from "../../reconciler/world.js";
import type { Destination } from "../../../schema/index.js";

interface Look {
  readonly target: Target;
  readonly snapshot: Snapshot;
}

/** @throws SecretSyncError why no credential sees the target, or that one name means several */
export async function lookForImport(
  { id, destination }: { id: string; destination: Destination },
  world: World,
): Promise<Look> {
  const looks = await Promise.allSettled(
    world.listCredentials(destination, world.memory.connections()).map(async (credentials): Promise<Look> => {
      const target = await world.openTarget(destination, credentials);
      return { target, snapshot: await target.observe({ fresh: true }) };
    }),
  );
  const seen = looks.flatMap((look) => (look.status === "fulfilled" ? [look.value] : []));
  const targets = [...new Set(seen.map(({ snapshot }) => snapshot.targetId))];
  if (targets.length > 1) throw ambiguous(id, targets);
  const [first] = seen;
  if (first !== undefined) return first;
  const failed = looks.find((look) => look.status === "rejected");
  throw new SecretSyncError(listProblems(failed?.reason));
}

function ambiguous(id: string, targets: readonly string[]): SecretSyncError {
  return new SecretSyncError({
    code: "import.address",
    message: `${JSON.stringify(id)} is in ${targets.length} accounts that this run has credentials for; give its id: ${targets.join(" or ")}`,
  });
}
