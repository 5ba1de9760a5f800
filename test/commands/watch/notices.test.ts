// When somebody is told: at the beginning of a failure or a wait and at its end, once each; and how it is delivered.

import { createServer, type Server } from "node:http";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { noteOutcome, startHealth, type RunHistory } from "../../../provider/commands/watch/health.js";
import { findNotices, type Told } from "../../../provider/commands/watch/notices.js";
import { openNotifier } from "../../../provider/commands/watch/notifier.js";
import { emptyOutcome, failWhole, type Outcome } from "../../../provider/commands/watch/outcome.js";
import { isAlive } from "../alive.js";
import { beside, onEnd } from "../../running.js";
import { waitFor } from "../../waiting.js";
import { writeExecutable } from "../../executable.js";

const urn = (name: string) => `urn:pulumi:prod::shop::pulumi-nodejs:dynamic/secret-sync:SecretSync::${name}`;
const one = (result: "failed" | "unchanged" | "resting" | "held", more: Partial<Outcome> = {}): Outcome => ({
  ...emptyOutcome,
  result: result === "unchanged" ? "unchanged" : "failed",
  syncs: [{ urn: urn("web"), sync: "web", result }],
  ...more,
});
const failed = (code: "http.unavailable" | "source.unreadable") =>
  one("failed", { problems: [{ code, message: "web: m", urn: urn("web") }] });

/** Which notices each of several runs makes. */
function tell(...outcomes: Outcome[]): string[][] {
  let history: RunHistory = startHealth("shop/prod", 0);
  let told: Told = new Map();
  let failures = 0;
  return outcomes.map((outcome) => {
    history = noteOutcome(history, outcome, { now: 0, wall: 0, durationMs: 0 });
    failures = outcome.isWhole ? failures + 1 : 0;
    const found = findNotices(told, outcome, { ...history, nextAt: 0, failures });
    told = found.told;
    return found.notices.map(({ event, syncs }) => [event, ...syncs].join(" "));
  });
}

describe("a notice", () => {
  test("is made when a sync begins to fail and when it is well again, and not in between", () => {
    expect(
      tell(
        one("unchanged"),
        failed("source.unreadable"),
        one("resting"),
        failed("source.unreadable"),
        one("unchanged"),
      ),
    ).toEqual([[], ["failing web"], [], [], ["recovered web"]]);
  });

  test("of a failure that may pass is made when it comes a second time", () => {
    expect(
      tell(failed("http.unavailable"), one("unchanged"), failed("http.unavailable"), failed("http.unavailable")),
    ).toEqual([[], [], [], ["failing web"]]);
  });

  test("is made of a whole stack, of what waits for a person, and of its end", () => {
    const locked = failWhole([{ code: "stack.locked", message: "m" }]);
    const stale = failWhole([{ code: "stack.lock_stale", message: "m" }]);
    const waiting = { ...one("unchanged"), result: "waiting" as const, waiting: ["run pulumi up yourself"] };
    expect(tell(locked, locked, stale, one("unchanged"), waiting, waiting, one("unchanged"))).toEqual([
      [],
      ["failing"],
      [],
      ["recovered"],
      ["waiting"],
      [],
      ["recovered"],
    ]);
    expect(tell(stale)).toEqual([["failing"]]);
  });

  test("of a whole stack with several problems is made at once when one of them does not pass by itself", () => {
    const problems = (...codes: Array<"stack.locked" | "stack.lock_stale" | "http.unavailable">) =>
      failWhole(codes.map((code) => ({ code, message: "m" })));
    expect(tell(problems("stack.locked", "http.unavailable"))).toEqual([[]]);
    expect(tell(problems("stack.locked", "stack.lock_stale"))).toEqual([["failing"]]);
    expect(tell(problems("stack.lock_stale", "http.unavailable"))).toEqual([["failing"]]);
  });

  test("is made of a sync that is held until somebody does something", () => {
    const hold = { urn: urn("web"), sync: "web", kind: "person", reason: "r" } as const;
    expect(tell(one("held", { holds: [hold] }), one("held", { holds: [hold] }))).toEqual([["waiting web"], []]);
    expect(tell(one("held", { holds: [{ ...hold, kind: "soon" }] }))).toEqual([[]]);
  });
});

describe("it is delivered", () => {
  const outcome = failed("source.unreadable");
  const report = {
    run: "r1",
    stack: "shop/prod",
    causes: [],
    outcome,
    attempt: 1,
    endedAt: 0,
    nextAt: 0,
    durationMs: 0,
  };
  const health = {
    ...noteOutcome(startHealth("shop/prod", 0), outcome, { now: 0, wall: 0, durationMs: 0 }),
    nextAt: 0,
    failures: 0,
  };
  const body = {
    event: "failing",
    stack: "shop/prod",
    syncs: ["web"],
    problems: [{ code: "source.unreadable", message: "web: m" }],
    waiting: [],
    run: "r1",
    time: "1970-01-01T00:00:00.000Z",
  };

  test("to a program, on its standard input", async () => {
    const folder = await mkdtemp(join(tmpdir(), "secret-sync-notify-"));
    const program = join(folder, "tell");
    writeExecutable(program, `#!/bin/sh\ncat > ${join(folder, "got")}\n`);
    await openNotifier(program, () => undefined).tell(report, health);
    expect(JSON.parse(await readFile(join(folder, "got"), "utf8"))).toEqual(body);
    await rm(folder, { recursive: true });
  });

  test("to an address; one that fails is told without the address, and fails no run", async () => {
    const got: string[] = [];
    let status = 204;
    const server: Server = createServer((request, response) => {
      let text = "";
      request.on("data", (chunk: Buffer) => (text += chunk.toString()));
      request.on("end", () => (got.push(text), response.writeHead(status).end()));
    });
    await new Promise<void>((up) => server.listen(0, "127.0.0.1", up));
    const { port } = server.address() as { port: number };
    const said: string[] = [];
    const deliver = () =>
      openNotifier(`http://127.0.0.1:${port}/canary-token`, (line) => said.push(line)).tell(report, health);
    await deliver();
    status = 500;
    await deliver();
    await new Promise((closed) => server.close(closed));
    await deliver();
    expect(got.map((text) => JSON.parse(text) as unknown)).toEqual([body, body]);
    expect(said).toEqual([
      'shop/prod: the notice "failing web" was not delivered (it was answered with status 500)',
      'shop/prod: the notice "failing web" was not delivered (its address does not answer)',
    ]);
  });

  test("to a program that is not there: that is told, and no more", async () => {
    const said: string[] = [];
    await openNotifier("/nowhere/tell", (line) => said.push(line)).tell(report, health);
    expect(said).toEqual([expect.stringContaining("ENOENT")]);
  });

  describe("to a program that does not end", () => {
    test.each([
      ["and does not listen: it is killed, with what it has started", "trap '' TERM", "did not end in 10 seconds"],
      ["but listens: it is asked to end, with what it has started", ":", "ended with a signal"],
    ])("%s", beside, async (_title, trap, reason) => {
      const folder = await mkdtemp(join(tmpdir(), "secret-sync-notify-"));
      onEnd(() => rm(folder, { recursive: true }));
      const program = join(folder, "tell");
      const script = `#!/bin/sh\n${trap}\nsleep 300 &\necho $! $$ > ${join(folder, "pids")}\nwait\n`;
      writeExecutable(program, script);
      const said: string[] = [];
      const began = performance.now();
      await openNotifier(program, (line) => said.push(line)).tell(report, health);
      // Ten seconds, and some for a machine with other work.
      expect(performance.now() - began).toBeLessThan(20_000);
      expect(said).toEqual([expect.stringContaining(reason)]);
      const pids = (await readFile(join(folder, "pids"), "utf8")).trim().split(" ").map(Number);
      await waitFor(() => expect(pids.filter(isAlive)).toEqual([]));
    });
  });
});
