// Network side: looks at apps with as few calls as can be: one GET for one app, one list for many.

import type { Clock } from "../../clock.js";
import type { Look } from "../destination.js";
import type { AppPlatformApi } from "./api.js";
import type { App } from "./wire.js";

/** An earlier look answers a preview for this long; a write always takes a new one. */
const freshForMs = 30_000;

interface Known {
  readonly at: number;
  readonly app: Promise<App | undefined>;
}

export interface AppReader {
  byId(id: string, look: Look): Promise<App | undefined>;
  byName(name: string): Promise<App | undefined>;
  /** What was learnt about this app is no longer true. */
  forget(id: string): void;
}

export function createAppReader(api: AppPlatformApi, clock: Clock): AppReader {
  const looks = new Map<string, Known>();
  let list: { at: number; apps: Promise<readonly App[]> } | undefined;

  const keep = (id: string, app: Promise<App | undefined>) => {
    looks.set(id, { at: clock.now(), app });
    // A failed look must not answer the next question.
    app.catch(() => looks.delete(id));
    return app;
  };

  const listAll = () => {
    if (list === undefined || clock.now() - list.at > freshForMs) {
      const apps = api.listApps();
      list = { at: clock.now(), apps };
      apps.then(
        (all) => {
          for (const app of all) void keep(app.id, Promise.resolve(app));
        },
        () => {
          list = undefined;
        },
      );
    }
    return list.apps;
  };

  return {
    byId: async (id, { fresh, notBefore = 0 }) => {
      if (fresh) return keep(id, api.getApp(id));
      const known = looks.get(id);
      if (known && clock.now() - known.at <= freshForMs && known.at >= notBefore) return known.app;
      // A second app in one run: one list answers for all of them.
      const others = [...looks.keys()].some((other) => other !== id);
      if (!others || (list !== undefined && list.at < notBefore)) return keep(id, api.getApp(id));
      const found = (await listAll()).find((app) => app.id === id);
      return found ?? keep(id, api.getApp(id));
    },
    byName: async (name) => (await listAll()).find((app) => app.spec["name"] === name),
    forget: (id) => {
      looks.delete(id);
      list = undefined;
    },
  };
}
