// Network side: finds the app that the arguments of one sync mean, by id or by name.

import type { Clock } from "../../../clock.js";
import { SecretSyncError } from "../../../errors.js";
import type { AppPlatformDestination } from "../../../../schema/index.js";
import { askMeant } from "../../../spelling.js";
import type { Look } from "../../destination.js";
import type { AppReader } from "./reader.js";
import { readName } from "../spec.js";
import { type App, isId } from "../wire.js";

export interface Finder {
  /** @throws SecretSyncError `destination.not_found` */
  find(look: Look): Promise<App>;
  /** The app's id. A name is looked up once: an app that is written to and followed stays the one that was found. */
  resolve(): Promise<string>;
}

const lookAgainMs = 1_000;

export function createFinder(
  args: AppPlatformDestination,
  { reader, clock }: { readonly reader: AppReader; readonly clock: Clock },
): Finder {
  let found = args.appId;
  const lookUp = async (look: Pick<Look, "notBefore"> = {}): Promise<string> => {
    const { appName = "" } = args;
    const app = (await reader.byName(appName, look)) ?? (await lookUpAgain(appName));
    if (app === undefined) throw await missing(args, reader);
    found = app.id;
    return app.id;
  };
  /** A list may not yet show an app that was made a moment ago. */
  const lookUpAgain = async (name: string): Promise<App | undefined> => {
    await clock.sleep(lookAgainMs);
    return reader.byName(name, { notBefore: clock.now() });
  };
  /** "Not found" takes a sync out of state while its keys stay behind, so it is believed only the second time. */
  const findAgain = async (id: string): Promise<App | undefined> => {
    reader.forget(id);
    await clock.sleep(lookAgainMs);
    return reader.byId(args.appId ?? (await lookUp()), { fresh: true });
  };
  return {
    find: async (look) => {
      const id = found ?? (await lookUp(look));
      const app = (await reader.byId(id, look)) ?? (await findAgain(id));
      if (app === undefined) throw await missing(args, reader);
      checkName(app, args);
      return app;
    },
    resolve: async () => found ?? lookUp(),
  };
}

/** A name beside an id is a check: both are meant, and one of them is wrong. */
function checkName({ id, spec }: App, { appId, appName }: AppPlatformDestination): void {
  const name = readName(spec, id);
  if (appId === undefined || appName === undefined || name === appName) return;
  throw new SecretSyncError({
    code: "destination.wrong_name",
    message: `app ${id} is called ${JSON.stringify(name)}, not ${JSON.stringify(appName)}; set appName: ${JSON.stringify(name)}, leave it out, or correct appId`,
  });
}

async function missing(args: AppPlatformDestination, reader: AppReader): Promise<SecretSyncError> {
  const { appId, appName } = args;
  const which = appId === undefined ? `named ${JSON.stringify(appName)}` : `with id ${JSON.stringify(appId)}`;
  // A list of the other apps improves the message; without it the failure is no worse.
  const apps = await reader.all().catch(() => []);
  return new SecretSyncError({
    code: "destination.not_found",
    message: `there is no app ${which} that this token can see; ${explainAddress(args, apps)}`,
  });
}

/** What was probably meant, else where to look. */
function explainAddress({ appId, appName }: AppPlatformDestination, apps: readonly App[]): string {
  const names = apps.map(({ spec, id }) => readName(spec, id));
  const wanted = appId ?? appName ?? "";
  if (names.some((name) => name === appId))
    return `one has that name: write appName: ${JSON.stringify(appId)} instead of appId`;
  const meant = isId(wanted) ? "" : askMeant(wanted, names);
  const hint = appId === undefined || isId(appId) ? "" : "; an id looks like 4f6c71e2-1e90-4762-9fee-6cc4a0a9f2cf";
  return `check the app, the token's team and its app:read scope${hint}${meant}`;
}
