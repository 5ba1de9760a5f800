// Network side: which builds a site has had since an earlier moment. Neither a site nor a variable says which values the running deploy has.

import { type BuildRequest, nameBuild } from "../api/build-api.js";
import { type Builder, isEnough, listIs, listStarts, pollBuilds } from "./build.js";
import type { Build } from "../wire.js";

export interface BuildHistory {
  /** When the newest build was created, by Netlify's clock: anything newer was started afterwards. */
  position(siteId: string): Promise<string>;
  hasBuiltSince(siteId: string, position: string, wanted: Wanted): Promise<boolean>;
  /** Drops what was listed, because a build was started. */
  forget(siteId: string): void;
}

/** A build of the branch that is ordered. */
interface Wanted {
  readonly order: BuildRequest;
  /** One that is under way will do, or one that a locked site does not publish. */
  readonly mayBeOpen: boolean;
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
    hasBuiltSince: async (siteId, position, wanted) => {
      for (const build of await listOnce(siteId)) {
        const isNewer = listStarts([build]).some((at) => at > Number(position));
        if (isNewer && (await isWell(builder, build, wanted))) return true;
      }
      return false;
    },
    forget: (siteId) => void lists.delete(siteId),
  };
}

async function isWell(builder: Builder, build: Build, { order, mayBeOpen }: Wanted): Promise<boolean> {
  if (!(await listIs(builder, build, order))) return false;
  const progress = await pollBuilds(builder, nameBuild(build));
  const isLocked = progress.state === "failed" && progress.problem.code === "build.locked";
  return progress.state === "done" || (mayBeOpen && (progress.state === "pending" || isLocked));
}
