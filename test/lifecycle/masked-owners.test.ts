// Netlify shows no change when our own token writes a masked value of a shared variable again. Then state says whose a key is.

import { describe, expect, onTestFinished, test } from "vitest";
import { startNetlify } from "../emulators/netlify/index.js";
import { openStack, type Program, sync } from "./stack.js";

describe.each([1, 2, undefined])(
  "a value that a giver keeps and a taker has written again, --parallel %s",
  (parallel) => {
    async function taken() {
      const stack = await openStack();
      if (parallel !== undefined) stack.parallel = parallel;
      const netlify = await startNetlify({ phaseMs: 0 });
      onTestFinished(() => netlify.close());
      Object.assign(stack.environment, { NETLIFY_AUTH_TOKEN: netlify.token, NETLIFY_API_URL: netlify.url });
      const site = netlify.addSite();
      const one = (name: string, values: object, syncOptions: object = {}) =>
        sync(name, values, {
          destination: { type: "netlify", siteId: site.id, contexts: ["production"] },
          syncOptions: { adoptExisting: ["K"], ...syncOptions },
        });
      const keep = { disableSecretDeletion: true };
      await stack.up([one("giver", { S: "1", K: "k" }, keep), one("taker", { T: "2" })]);
      netlify.edit(site, { key: "K", slot: "deploy-preview" }, "theirs");
      await stack.up([one("giver", { S: "1" }, keep), one("taker", { T: "2" })]);
      const taking: Program = [one("giver", { S: "1" }, keep), one("taker", { T: "2", K: "new" })];
      expect((await stack.up(taking)).problems).toBe("");
      expect(netlify.values(site)["K"]).toEqual({ production: "new", "deploy-preview": "theirs" });
      return { stack, netlify, site, one, taking };
    }

    test("stays the taker's when the giver no longer keeps it", async () => {
      const { stack, netlify, site, one, taking } = await taken();
      expect((await stack.up(taking)).problems).toBe("");
      const before = netlify.writes().length;
      const run = await stack.up([one("giver", { S: "1" }), one("taker", { T: "2", K: "new" })]);
      expect([run.problems, netlify.writes().length - before]).toEqual(["", 0]);
      expect(netlify.values(site)["K"]).toEqual({ production: "new", "deploy-preview": "theirs" });
      expect(stack.outputs("giver")["managedKeys"]).toEqual(["S"]);
    });

    test("stays when the giver leaves the program", async () => {
      const { stack, netlify, site, one } = await taken();
      expect((await stack.up([one("taker", { T: "2", K: "new" })])).problems).toBe("");
      expect(netlify.values(site)).toEqual({
        T: { production: "2" },
        K: { production: "new", "deploy-preview": "theirs" },
      });
    });

    test("goes when neither wants it, and with the stack", async () => {
      const { stack, netlify, site, one, taking } = await taken();
      expect((await stack.up([one("giver", { S: "1" }), one("taker", { T: "2" })])).problems).toBe("");
      expect(netlify.values(site)["K"]).toEqual({ "deploy-preview": "theirs" });
      expect((await stack.up(taking)).problems).toBe("");
      expect((await stack.destroy()).problems).toBe("");
      expect(netlify.values(site)).toEqual({ K: { "deploy-preview": "theirs" } });
    });
  },
);
