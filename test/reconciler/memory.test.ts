// What a process remembers of its run: values that must not be seen, and which sync claims what at which target.

import { expect, test } from "vitest";
import { createMemory, type Survey } from "../../provider/reconciler/memory.js";
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
  memory.limitClaim("urn:api", () => false);
  expect(memory.claimsAt("id", "urn:web")).toContainEqual({
    owner: "api",
    places: [place],
    barred: [place],
    owned: [],
  });
  expect(memory.claimsAt("id")).toHaveLength(2);
});

test("what a sync owned before the run is held for it against all others at its target, and not against itself", () => {
  const memory = createMemory();
  memory.claim("urn:web", claimAt("id", "web"));
  memory.hold("urn:api", { targetId: "id", owner: "api", keys: ["B"] });
  memory.hold("urn:far", { targetId: "other", owner: "far", keys: ["C"] });
  memory.hold("urn:web", { targetId: "id", owner: "web", keys: ["A"] });
  expect(memory.claimsOfOthers("urn:web")).toEqual([{ owner: "api", places: [], keys: ["B"] }]);
  expect(memory.claimsAt("id")).toEqual([{ owner: "web", places: [place] }]);
});

test.each([
  [undefined, undefined, true],
  [undefined, "id", true],
  ["id", undefined, true],
  ["id", "id", true],
  ["id", "other", false],
])("a sync that hands over at %s does so at %s: %s", (at, asked, expected) => {
  const memory = createMemory();
  expect(memory.isHandedOver("urn:web", asked)).toBe(false);
  memory.handOver("urn:web", at);
  expect(memory.isHandedOver("urn:web", asked)).toBe(expected);
  expect(memory.isHandedOver("urn:api", asked)).toBe(false);
});

test("a thing is news of a sync until it was told, and again after another one", () => {
  const memory = createMemory();
  const told = [
    ["urn:web", "a"],
    ["urn:web", "a"],
    ["urn:api", "a"],
    ["urn:web", "b"],
    ["urn:web", "a"],
  ] as const;
  expect(told.map(([urn, text]) => memory.isNews(urn, text))).toEqual([true, false, true, true, true]);
});

test("what a check has put off is taken once, and the last one counts", async () => {
  const memory = createMemory();
  const ran: string[] = [];
  memory.postpone("urn:web", async () => void ran.push("first"));
  memory.postpone("urn:web", async (isPreview) => void ran.push(`second ${isPreview}`));
  await memory.takePostponed("urn:web")?.(true);
  expect(memory.takePostponed("urn:web")).toBeUndefined();
  expect(ran).toEqual(["second true"]);
});

test("the values of every checked sync are among those to hide, beside the ones that were only seen", () => {
  const memory = createMemory();
  const values = new Map([["A", redact("wanted-canary")]]);
  memory.keep("urn:web", { desired: { entries: [], keys: ["A"], values } } as unknown as Survey);
  memory.learn([redact("seen-canary")]);
  expect([...memory.values()].map((value) => value.reveal())).toEqual(["wanted-canary", "seen-canary"]);
});

test("a frozen sync is one, and no other", () => {
  const memory = createMemory();
  memory.freeze("urn:web");
  expect(["urn:web", "urn:api"].map((urn) => memory.isFrozen(urn))).toEqual([true, false]);
});
