// Test support: sources composed as the provider composes them, with credentials and environment given by the test.

import type { Credentials } from "../../provider/credentials/credentials.js";
import { systemClock, type Clock } from "../../provider/clock.js";
import { redact } from "../../provider/redacted.js";
import { createSources, type Sources } from "../../provider/sources/registry.js";
import { takeKeys } from "../../provider/sources/selection.js";
import type { SourceOptions } from "../../provider/sources/source.js";
import { source as sourceSchema, type ConnectionApp, type Source } from "../../schema/index.js";
import { sourceOptions } from "./canary.js";

export interface Settings {
  readonly config?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly clock?: Clock;
  readonly timeoutMs?: number;
}

/** Patience with a broken server is for users; its waits take no time here, and time goes on by as much. */
export function createHastyClock(): Clock & { advance(ms: number): void } {
  let ahead = 0;
  return {
    now: () => Date.now() + ahead,
    sleep: async (ms) => {
      ahead += ms;
      await new Promise((resolve) => {
        setTimeout(resolve, 1);
      });
    },
    advance: (ms) => {
      ahead += ms;
    },
  };
}

export function sourcesWith(settings: Settings = {}): Sources {
  const { config = {}, environment = {}, clock = systemClock, timeoutMs = 5_000 } = settings;
  const network = { clock, random: () => 0.5, mask: () => [], timeoutMs };
  return createSources(network, () => ({ config: (key) => config[key], environment }));
}

export function makeCredentials(
  app: ConnectionApp,
  credentials: Readonly<Record<string, string>>,
  baseUrl?: string,
): Credentials {
  const known = Object.entries(credentials).map(([field, value]) => [field, redact(value)] as const);
  return { app, fields: new Map(known), baseUrl };
}

/** Reads one source as a run does: parsed first, then read, then taken from. */
export async function readSource(
  source: Source,
  around: SourceOptions = sourceOptions(),
  { credentials, sources = sourcesWith() }: { credentials?: Credentials; sources?: Sources } = {},
) {
  const parsed = sourceSchema.parse(source);
  return takeKeys(parsed, await sources.read({ source: parsed, options: around, credentials }));
}
