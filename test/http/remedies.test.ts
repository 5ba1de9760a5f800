// What a refusal tells to do: the remedy of the call, else of the client, by the vendor's error id, else by status.

import { afterEach, beforeEach, expect, test } from "vitest";
import type { HttpCall } from "../../provider/http/client.js";
import type { Hints } from "../../provider/http/failure.js";
import { type FaultyServer, json, startFaultyServer } from "./faulty-server.js";

let server: FaultyServer;

beforeEach(async () => {
  server = await startFaultyServer();
});
afterEach(() => server.close());

const call = { method: "PUT", path: "/", repeat: "once" } as const;

/** What the client says of a refusal. */
async function tell(hints: Hints, reply: { status: number; body?: object }, own?: Pick<HttpCall, "hints">) {
  server.script(json(reply.status, { message: "no", ...reply.body }));
  return server
    .open({ hints })
    .request({ ...call, ...own })
    .catch(String);
}

const hints = { 403: "ask the owner", pinned: "unpin the app", 500: "wrong here" };
const pinned = { status: 403, body: { id: "pinned" } };

test("by error id before by status", async () => {
  expect(await tell(hints, { status: 403 })).toMatch(/: ask the owner$/);
  expect(await tell(hints, pinned)).toMatch(/: unpin the app$/);
});

test("of the call before of the client", async () => {
  expect(await tell(hints, pinned, { hints: { 403: "log in" } })).toMatch(/: log in$/);
  expect(await tell(hints, pinned, { hints: { pinned: "wait" } })).toMatch(/: wait$/);
  expect(await tell(hints, pinned, { hints: { 404: "wrong here" } })).toMatch(/: unpin the app$/);
});

test("none for an unknown outcome, where nothing is better than to look", async () => {
  const told = await tell(hints, { status: 500 }, { hints: { 500: "wrong here as well" } });
  expect(told).toMatch(/look at the target before writing again/);
  expect(told).not.toContain("wrong here");
});

test.each(["constructor", "toString", "__proto__", "hasOwnProperty", "valueOf"])(
  "none for an error that the server calls like a member of every object: %s",
  async (id) => {
    const told = await tell({ 404: "wrong here" }, { status: 403, body: { id } }, { hints: { 404: "wrong here" } });
    expect(told).toContain(id);
    expect(told).not.toMatch(/native code|function|\[object|undefined/);
  },
);
