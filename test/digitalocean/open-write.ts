// Writes to an app that somebody else has a variable in, and what each of them costs.

import type { Edit } from "../../provider/core/entry.js";
import type { Receipt } from "../../provider/destinations/destination.js";
import { redact } from "../../provider/redacted.js";
import { openShop } from "./open-shop.js";

export const set = (key: string, value: string, type = "SECRET"): Edit => ({
  action: "set",
  slot: "app",
  key,
  value: redact(value),
  attributes: { type, scope: "RUN_TIME" },
  label: `${type} RUN_TIME`,
});
export const remove = (key: string): Edit => ({ action: "remove", slot: "app", key });

/** The calls of a write that meets nobody. */
export const usual = ["PUT app", "GET app/deployments"];
export const oneApp = /\/apps\/[^/]+$/;
export const lost = { match: { method: "PUT" }, resetAfter: true };
export const never = { match: { method: "PUT" }, resetBefore: true };
export const unconfirmed =
  "write.unconfirmed: DigitalOcean did not say whether app shop took the new spec, and reading the app again did not show it; run up again, it compares first and sends only what is missing";

/** Filled anew for every test of the file. */
export function openWrites() {
  const { shop, open, calls } = openShop({ envs: [{ key: "THEIRS", value: "1" }] });
  return {
    shop,
    target: open,
    /** Writes on a new look, and tells the calls of the write alone. */
    write: async (...edits: Edit[]): Promise<Receipt & { calls: string[] }> => {
      const target = open();
      const look = await target.observe({ fresh: true });
      const before = shop.ocean.requests.length;
      shop.clock.sleeps.length = 0;
      const receipt = await target.write(look, edits);
      return {
        ...receipt,
        calls: calls()
          .slice(before)
          .map((call) => call.replace(/ .*\{\w+\}/, " app")),
      };
    },
    newest: () => shop.ocean.deployments(shop.appId).at(-1)?.id,
    valueOf: (key: string) => {
      const env = shop.ocean.app(shop.appId).spec.envs?.find((one) => one.key === key);
      return env?.type === "SECRET" ? shop.ocean.decrypt(shop.appId, env.value ?? "") : env?.value;
    },
  };
}
