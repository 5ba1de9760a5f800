// Netlify keeps the contract of a destination, with both readings of what nobody has documented.
import type { NetlifyOptions } from "../emulators/netlify/index.js";
import { startWorld } from "../netlify/world.js";
import { describeDestination } from "./suite.js";
import type { Subject } from "./subject.js";

async function start(variant: NonNullable<NetlifyOptions["variant"]>): Promise<Subject> {
  const world = await startWorld({ variant });
  const { netlify, site, clock } = world;
  return {
    clock,
    slot: "production",
    otherSlot: "deploy-preview",
    open: (owner, slot = "production") => world.sync({ contexts: [slot], functionsLimit: "warn" }, owner),
    stored: () => {
      const bySlot: Record<string, Record<string, string>> = {};
      for (const [key, slots] of Object.entries(netlify.values(site))) {
        for (const [slot, value] of Object.entries(slots)) (bySlot[slot] ??= {})[key] = value;
      }
      return bySlot;
    },
    // Kind and scopes belong to the whole variable: one that others keep in another context has to be of the sync's kind.
    edit: (slot, key, value) => {
      const isNew = slot === "deploy-preview" && !site.variables.has(key);
      netlify.edit(site, { key, slot }, isNew ? { value, isSecret: true } : value);
    },
    drop: (slot, key) => netlify.drop(site, { key, slot }),
    writes: () => netlify.writes().length,
    rest: () => JSON.stringify(netlify.values(site.account)),
    loseNextAnswer: () => void netlify.faults.add({ match: { method: "POST" }, resetAfter: true }),
    refuseWrites: () => {
      for (const method of ["POST", "PATCH", "PUT", "DELETE"])
        netlify.faults.add({ match: { method, times: 1_000 }, status: 403 });
    },
    accept: () => netlify.faults.clear(),
    close: () => world.close(),
  };
}

describeDestination("Netlify, ids of values stay", () => start({ valueIds: "stable", emptyVariable: "keep" }));
describeDestination("Netlify, ids of values change", () => start({ valueIds: "renewed", emptyVariable: "drop" }));
