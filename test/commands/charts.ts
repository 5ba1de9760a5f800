// Charts of syncs on record, as `map` draws them.

import type { SyncOnRecord } from "../../provider/commands/deployment.js";
import { chartSync, type ChartSync } from "../../provider/commands/map/chart.js";
import { nameDestination } from "../../provider/destinations/registry.js";

export function chartsOf(syncs: readonly SyncOnRecord[]): Promise<ChartSync[]> {
  return Promise.all(
    syncs.map(async (sync) => {
      const { destination } = sync.inputs;
      const displayNames = destination.type === "untold" ? undefined : await nameDestination(destination);
      return chartSync(sync, { displayNames, syncs });
    }),
  );
}
