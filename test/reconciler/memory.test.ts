// What a process remembers of its run: values that must not be seen, and which sync claims what at which target.

import { expect, test } from "vitest";
import { createMemory } from "../../provider/reconciler/memory.js";
import { redact } from "../../provider/redacted.js";

const place = { slot: "app", key: "A" };
const claimAt = (targetId: string, owner: string) => ({ targetId, owner, places: [place] });

test("a value that was learnt is among those to hide, once", () => {
  const memory = createMemory();
  memory.learn([redact("first-canary"), redact("second-canary")]);
  memory.learn([redact("first-canary")]);
  expect([...memory.values()].map((value) => value.reveal())).toEqual(["first-canary", "second-canary"]);
});

test("a sync that moves claims its new target alone", () => {
  const memory = createMemory();
  memory.claim("urn:web", claimAt("old", "web"));
  memory.claim("urn:web", claimAt("new", "web"));
  expect(memory.claimsAt("old")).toEqual([]);
  expect(memory.claimsAt("new")).toMatchObject([{ owner: "web" }]);
});

test("a sync that claims once more claims what it says last, beside the others of its target", () => {
  const memory = createMemory();
  memory.claim("urn:web", claimAt("id", "web"));
  memory.claim("urn:api", claimAt("id", "api"));
  memory.claim("urn:web", { ...claimAt("id", "web"), places: [] });
  expect(memory.claimsAt("id")).toMatchObject([
    { owner: "web", places: [] },
    { owner: "api", places: [place] },
  ]);
  expect(memory.claimsOfOthers("urn:web")).toMatchObject([{ owner: "api" }]);
});

test("a sync whose target is not known yet meets no claim", () => {
  const memory = createMemory();
  memory.claim("urn:web", claimAt("id", "web"));
  expect(memory.claimsOfOthers("urn:new")).toEqual([]);
});

test("a sync takes from others what its last plan allows: all that it claims, or only what it owns", () => {
  const memory = createMemory();
  const barredBy = (urn: string) => memory.claimsOfOthers(urn).map(({ barred }) => barred);
  const places = [place, { slot: "web", key: place.key }];
  memory.claim("urn:web", { targetId: "id", owner: "web", places });
  memory.claim("urn:api", claimAt("id", "api"));
  memory.limitClaim("urn:web", ({ slot }) => slot === "web");
  expect(barredBy("urn:api")).toContainEqual([place]);
  const owned = [places[1]];
  expect(memory.claimsAt("id", "urn:web")).toContainEqual({ owner: "web", places, barred: [], owned });
  memory.acceptClaim("urn:web", ({ slot }) => slot === "web");
  expect(memory.claimsOfOthers("urn:api")).toContainEqual({ owner: "web", places, barred: [], owned });
  memory.limitClaim("urn:unknown", () => false);
  expect(memory.claimsAt("id")).toHaveLength(2);
});
