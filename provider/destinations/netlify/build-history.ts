// Network side: which builds a site has had since an earlier moment. Neither a site nor a variable says which values the running deploy has.

import { type BuildRequest, nameBuild } from "./build-api.js";
import { type Builder, isEnough, listIs, listStarts, pollBuilds } from "./build.js";
import type { Build } from "./wire.js";

export interface BuildHistory {
  /** When the newest build was created, by Netlify's clock: anything newer was started afterwards. */
  position(siteId: string): Promise<string>;
  hasBuiltSince(siteId: string, position: string, order: BuildRequest): Promise<boolean>;
  /** Drops what was listed, because a build was started. */
  forget(siteId: string): void;
}

/** One list for each site and run, however many syncs ask. */
export function createBuildHistory(builder: Builder): BuildHistory {
  const lists = new Map<string, Promise<readonly Build[]>>();
  const list = (siteId: string) => builder.api.listBuilds(siteId, isEnough(builder.clock.now()));
  const listOnce = (siteId: string) => {
    const builds = lists.get(siteId) ?? list(siteId);
    lists.set(siteId, builds);
    builds.catch(() => lists.delete(siteId));
    return builds;
  };
  return {
    position: async (siteId) => String(Math.max(0, ...listStarts(await list(siteId)))),
    hasBuiltSince: async (siteId, position, order) => {
      for (const build of await listOnce(siteId)) {
        const isNewer = listStarts([build]).some((at) => at > Number(position));
        if (isNewer && (await isWell(builder, build, order))) return true;
      }
      return false;
    },
    forget: (siteId) => void lists.delete(siteId),
  };
}

async function isWell(builder: Builder, build: Build, order: BuildRequest): Promise<boolean> {
  const name = nameBuild(build);
  return (await listIs(builder, build, order)) && (await pollBuilds(builder, name)).state === "done";
}
