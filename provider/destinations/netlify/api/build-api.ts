// Network side: the calls for builds and their deploys, each answer parsed. https://open-api.netlify.com/#tag/build

import type { HttpClient } from "../../../http/client.js";
import { HttpError } from "../../../http/error.js";
import { answers, type Calls } from "./calls.js";
import { readBody } from "./digits.js";
import { type Build, buildAnswer, buildsAnswer, type Deploy, deployAnswer, type Site, siteAnswer } from "../wire.js";

export interface BuildRequest {
  readonly branch: string | undefined;
  readonly clearCache: boolean;
}

type Published = NonNullable<Site["published_deploy"]>;

export interface BuildApi {
  /** Never repeated by itself: every request is a build. */
  startBuild(siteId: string, request: BuildRequest): Promise<Build>;
  /** All builds, or as many as are enough. */
  listBuilds(siteId: string, isEnough: (builds: readonly Build[]) => boolean): Promise<readonly Build[]>;
  getBuild(id: string): Promise<Build | undefined>;
  getDeploy(id: string): Promise<Deploy | undefined>;
  /** The deploy that a site runs, and whether it is locked. */
  getPublished(siteId: string): Promise<Published | undefined>;
}

export function createBuildApi(http: HttpClient, { find, findSurely, list }: Calls): BuildApi {
  return {
    startBuild: async (siteId, { branch, clearCache }) => {
      const query = {
        branch,
        clear_cache: clearCache ? true : undefined,
        title: "variables written by pulumi-secret-sync",
      };
      const answer = await http.request({ method: "POST", path: buildsPath(siteId), query, repeat: "once" });
      const build = answers.fit(buildAnswer, readBody(answer));
      if (build !== undefined && nameBuild(build) !== "") return build;
      throw new HttpError("http.ambiguous", "Netlify took the build, but its answer does not name it", {
        status: answer.status,
      });
    },
    listBuilds: (siteId, isEnough) =>
      list({
        shape: buildsAnswer,
        path: buildsPath(siteId),
        query: { per_page: "100" },
        what: "builds",
        isEnough: (all) => isEnough([...all.values()]),
      }),
    getBuild: (id) => findSurely(buildAnswer, `/api/v1/builds/${encodeURIComponent(id)}`),
    getDeploy: (id) => findSurely(deployAnswer, `/api/v1/deploys/${encodeURIComponent(id)}`),
    getPublished: async (siteId) => {
      const site = await find(siteAnswer, `/api/v1/sites/${encodeURIComponent(siteId)}`);
      return site?.published_deploy ?? undefined;
    },
  };
}

/** A deploy is followed by its own id, or by the build's if it has none yet. Empty if neither is known. */
export function nameBuild({ id, deploy_id }: Build): string {
  if (deploy_id) return deploy_id;
  return id ? `build:${id}` : "";
}

function buildsPath(siteId: string): string {
  return `/api/v1/sites/${encodeURIComponent(siteId)}/builds`;
}
