// Network side: looks at apps with as few calls as possible: one GET for one app, one list for many.

import type { Clock } from "../../../clock.js";
import type { LiveEntry } from "../../../core/entry.js";
import type { Look } from "../../destination.js";
import { isHttpError } from "../../../http/error.js";
import type { AppList, AppPlatformApi } from "../api.js";
import { type EnvIndex, indexEnvs, readEntries } from "../spec.js";
import type { App, Spec } from "../wire.js";

/** An earlier look answers a preview for this long; a write always takes a new one. */
const freshForMs = 30_000;

interface Known {
  readonly at: number;
  readonly app: Promise<App | undefined>;
}

export interface AppReader {
  byId(id: string, look: Look): Promise<App | undefined>;
  byName(name: string, look: Pick<Look, "notBefore">): Promise<App | undefined>;
  /** Every app that the token sees, from an earlier list or a new one. */
  all(): Promise<readonly App[]>;
  /** Drops what was learnt about this app, because it is no longer true. */
  forget(id: string): void;
}

export function createAppReader(api: AppPlatformApi, clock: Clock): AppReader {
  const looks = new Map<string, Known>();
  let list: { at: number; apps: Promise<AppList> } | undefined;
  let forgotten = 0;

  /** Every look is dated by its request: it may miss what changed after that. A newer one stays. */
  const keep = (id: string, at: number, app: Promise<App | undefined>) => {
    const known = looks.get(id);
    if (known === undefined || known.at <= at) looks.set(id, { at, app });
    // A failed look must not answer the next question.
    app.catch(() => looks.delete(id));
    return app;
  };

  const listAgain = () => {
    const at = clock.now();
    const apps = api.listApps();
    const own = { at, apps };
    const generation = forgotten;
    list = own;
    apps.then(
      ({ apps: all }) => {
        if (generation === forgotten) for (const app of all) void keep(app.id, at, Promise.resolve(app));
      },
      () => {
        if (list === own) list = undefined;
      },
    );
    return apps;
  };

  const isRecent = (at: number, notBefore: number) => clock.now() - at <= freshForMs && at >= notBefore;
  const listAll = (notBefore: number) => (list && isRecent(list.at, notBefore) ? list.apps : listAgain());

  return {
    byId: async (id, { fresh, notBefore = 0 }) => {
      if (fresh) return keep(id, clock.now(), api.getApp(id));
      const known = looks.get(id);
      if (known && isRecent(known.at, notBefore)) return known.app;
      // A second app in one run: one list answers for all of them.
      const others = [...looks.keys()].some((other) => other !== id);
      if (!others || (list !== undefined && list.at < notBefore)) return keep(id, clock.now(), api.getApp(id));
      const found = (await listAll(notBefore).catch(ignoreMalformed))?.apps.find((app) => app.id === id);
      return found ?? keep(id, clock.now(), api.getApp(id));
    },
    byName: async (name, { notBefore = 0 }) => {
      const named = ({ apps, unread }: AppList) => {
        const app = apps.find((one) => one.spec["name"] === name);
        if (app === undefined && unread !== undefined) throw unread;
        return app;
      };
      const before = list;
      const found = named(await listAll(notBefore));
      // An app that this run has made is not in an earlier list.
      return found ?? (list === before ? named(await listAgain()) : undefined);
    },
    all: async () => (await listAll(0)).apps,
    forget: (id) => {
      looks.delete(id);
      list = undefined;
      forgotten += 1;
    },
  };
}

/** The app itself may still be answered as it should. */
function ignoreMalformed(error: unknown): undefined {
  if (isHttpError(error) && error.code === "http.malformed") return undefined;
  throw error;
}

/** What is read from the specs of apps. */
export interface SpecReader {
  readonly entries: (spec: Spec, salt: string) => readonly LiveEntry[];
  readonly index: (spec: Spec) => EnvIndex;
}

/** The last answers are kept: check and diff of one sync ask the same, each entry costs a keyed hash, and each key asks for its place. */
export function createSpecReader(): SpecReader {
  let last: { spec: Spec; salt: string; entries: readonly LiveEntry[] } | undefined;
  let indexed: { spec: Spec; envs: EnvIndex } | undefined;
  return {
    entries: (spec, salt) => {
      if (last?.spec !== spec || last.salt !== salt) last = { spec, salt, entries: readEntries(spec, salt) };
      return last.entries;
    },
    index: (spec) => {
      if (indexed?.spec !== spec) indexed = { spec, envs: indexEnvs(spec) };
      return indexed.envs;
    },
  };
}
