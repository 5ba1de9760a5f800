// A stack of 20 syncs with 50 keys each: shared sources, apps with components, sites with contexts, every status, drift.

import type { SyncOnRecord } from "../../provider/commands/deployment.js";
import { resourceOf, syncsOf } from "./state.js";

const words = ["DATABASE", "REDIS", "STRIPE", "SMTP", "OAUTH", "SENTRY", "S3", "FEATURE", "QUEUE", "PAYMENT"];
const parts = ["URL", "PASSWORD", "CLIENT_SECRET", "ENDPOINT_FOR_INTERNAL_USE", "TOKEN"];
const statuses = ["succeeded", "succeeded", "succeeded", "written-not-live", "disabled", "failed"];

export const keysOf = (count: number): string[] =>
  Array.from({ length: count }, (_, at) => {
    const round = Math.floor(at / (words.length * parts.length));
    const name = `${words[at % words.length]}_${parts[Math.floor(at / words.length) % parts.length]}`;
    return round === 0 ? name : `${name}_${round}`;
  });

const sources = [
  { type: "file", path: "secrets/production.env" },
  { type: "infisical", projectId: "8f0c-billing", environment: "prod", secretPath: "/api" },
  { type: "exec", command: ["sops", "decrypt", "secrets.enc.yaml"] },
  { type: "vault", mount: "kv", path: "web/production" },
];

const destinations = [
  { type: "digital-ocean-app-platform", appName: "shop", components: ["web", "worker"] },
  { type: "digital-ocean-app-platform", appName: "billing-api" },
  {
    type: "netlify",
    siteId: "storefront.example.com",
    contexts: ["production", "deploy-preview", { context: "branch", branch: "release/next" }],
    variables: { DATABASE_URL: { contexts: ["dev"] } },
  },
  { type: "digital-ocean-app-platform", appName: "shop", components: ["mailer"], scope: "RUN_TIME" },
];

export function manySyncs(count = 20, keysEach = 50): SyncOnRecord[] {
  const resources = Array.from({ length: count }, (_, at) => {
    const managedKeys = keysOf(keysEach);
    const place = at % destinations.length;
    const several = at % 5 === 1;
    const syncStatus = statuses[at % statuses.length];
    return resourceOf(`sync-${String(at).padStart(2, "0")}`, {
      inputs: {
        source: several ? [sources[0], sources[at % sources.length]] : sources[at % sources.length],
        destination: destinations[place],
      },
      outputs: {
        managedKeys,
        syncStatus,
        lastSyncMessage: syncStatus === "failed" ? "the deployment failed in the build of web" : "50 added",
        targetId: `target-${place % 3}`,
        targetUrl: `https://target-${place % 3}.example.com`,
        lastSyncedAt: `2026-03-01T12:${String(at).padStart(2, "0")}:15.123Z`,
        drift:
          at % 7 === 2
            ? [`web/${managedKeys[0]} is gone`, `web/${managedKeys[3]}: value changed at the destination`]
            : [],
        ...(several && at % 2 === 0 ? { origins: [managedKeys.slice(0, 30), managedKeys.slice(20, 45)] } : {}),
      },
    });
  });
  return syncsOf(...resources);
}
