// The Netlify adapter against the emulator, on one clock.
import { createAdapter } from "../../provider/destinations/netlify/index.js";
import type { Credentials } from "../../provider/destinations/destination.js";
import { redact, type Redacted } from "../../provider/redacted.js";
import { netlifyDestination } from "../../schema/index.js";
import { createHastyClock } from "../contract/hasty-clock.js";
import { createSync, type Sync } from "../contract/sync.js";
import { closeUncomplaining } from "../emulators/netlify/caller.js";
import {
  type NetlifyEmulator,
  type NetlifyOptions,
  type SiteRecord,
  startNetlify,
} from "../emulators/netlify/index.js";

export interface NetlifyWorld {
  readonly netlify: NetlifyEmulator;
  readonly site: SiteRecord;
  readonly clock: ReturnType<typeof createHastyClock>;
  /** Values that may not show up in what a vendor says. */
  readonly masked: Redacted[];
  /** A sync with these arguments, as a new process would open it: nothing is remembered from before. */
  sync(args?: Record<string, unknown>, owner?: string): Sync;
  credentials(token?: string): Credentials;
  /** Stops the emulator; fails when it has seen anything that it should not have. */
  close(): Promise<void>;
  /** The same sync in the next process. */
  reopen(sync: Sync, args?: Record<string, unknown>): void;
}

export async function startWorld(options: NetlifyOptions = {}): Promise<NetlifyWorld> {
  const clock = createHastyClock();
  const netlify = await startNetlify({ clock: () => clock.now(), ...options });
  const site = netlify.addSite();
  const masked: Redacted[] = [];
  const credentials = (token = netlify.token): Credentials => ({
    app: "netlify",
    fields: new Map([["accessToken", redact(token)]]),
    baseUrl: netlify.url,
  });
  const open = (args: Record<string, unknown>) => {
    const adapter = createAdapter({ clock, random: () => 0.5, mask: () => masked });
    const destination = netlifyDestination.parse({
      type: "netlify",
      ...(args["level"] === "team" ? {} : { siteId: site.id }),
      ...args,
    });
    return adapter.open(destination, credentials());
  };
  return {
    netlify,
    site,
    clock,
    masked,
    credentials,
    close: () => closeUncomplaining(netlify),
    sync: (args = {}, owner = "sync") => createSync(open(args), clock, owner),
    reopen: (sync, args = {}) => {
      sync.target = open(args);
    },
  };
}
