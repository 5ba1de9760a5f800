// What can happen to one request, and how it is made to happen at exactly that request.

import { setTimeout as sleep } from "node:timers/promises";
import type { DigitalOceanEmulator, Fault as Answer, LoggedRequest } from "../emulators/digitalocean/index.js";

/** The client of a faulted run gives up on one try after this time: longer than a busy machine takes for an answer that comes. */
export const patienceMs = 1_500;

export interface Fault {
  /** Heads a column of the table. */
  readonly name: string;
  /** What the emulator answers instead. */
  readonly answer?: Answer;
  /** The answer takes longer than the client waits; the request is carried out before, or never. */
  readonly slow?: "applied" | "dropped";
  /** `kill -9` of the provider process while it waits for the answer. */
  readonly kill?: "before" | "after";
}

const faults: readonly Fault[] = [
  { name: "400", answer: { status: 400 } },
  { name: "401", answer: { status: 401 } },
  { name: "403", answer: { status: 403 } },
  { name: "404", answer: { status: 404 } },
  { name: "429", answer: { status: 429 } },
  { name: "429 retry-after", answer: { status: 429, retryAfter: 2 } },
  { name: "500", answer: { status: 500 } },
  { name: "503", answer: { status: 503 } },
  { name: "500 applied", answer: { status: 500, afterApply: true } },
  { name: "524 applied", answer: { timeoutAfterApply: true } },
  { name: "reset before", answer: { resetBefore: true } },
  { name: "reset after", answer: { resetAfter: true } },
  { name: "slow, applied", slow: "applied" },
  { name: "slow, dropped", slow: "dropped" },
  { name: "truncated", answer: { truncatedJson: true } },
  { name: "malformed", answer: { malformedJson: true } },
  { name: "kill before", kill: "before" },
  { name: "kill after", kill: "after" },
];

/** Faults that last from one request to the end of the run. */
const lastingFaults: readonly Fault[] = [
  { name: "401", answer: { status: 401 } },
  { name: "403", answer: { status: 403 } },
  { name: "429 retry-after", answer: { status: 429, retryAfter: 900 } },
  { name: "500", answer: { status: 500 } },
  { name: "524 applied", answer: { timeoutAfterApply: true } },
  { name: "reset before", answer: { resetBefore: true } },
  { name: "malformed", answer: { malformedJson: true } },
];

/** One of each family, for operations that differ from another one in little. */
const telling: ReadonlySet<string> = new Set(["403", "503", "524 applied", "reset after", "kill after"]);

export interface Blow {
  readonly fault: Fault;
  /** Which request of the run, counted from 1. */
  readonly at: number;
  /** What that request is when nothing goes wrong. */
  readonly request: string;
  readonly lasting: boolean;
}

interface Meeting {
  readonly requests: readonly string[];
  readonly thorough?: true;
  readonly undisturbed?: true;
}

/** Every fault once at every request, and the lasting ones from there to the end of the run. */
export function listBlows({ requests, thorough, undisturbed }: Meeting): Blow[] {
  if (undisturbed) return [];
  const once = thorough ? faults : faults.filter(({ name }) => telling.has(name));
  return requests.flatMap((request, index) => [
    ...once.map((fault) => ({ fault, at: index + 1, request, lasting: false })),
    ...(thorough ? lastingFaults : []).map((fault) => ({ fault, at: index + 1, request, lasting: true })),
  ]);
}

export interface Struck {
  /** The request, once it came; with `kill`, once it has got as far as it is to get. */
  readonly reached: Promise<LoggedRequest>;
  /** From now on requests are answered as they should be. */
  readonly stop: () => void;
}

/** Strikes one request, or every one from there on. */
export function strike(cloud: DigitalOceanEmulator, { fault, at, lasting }: Blow): Struck {
  let count = 0;
  const hit = new Set<LoggedRequest>();
  const { promise: reached, resolve } = Promise.withResolvers<LoggedRequest>();
  const stops = [
    cloud.onRequest({ times: Infinity }, async (request) => {
      count += 1;
      if (count < at || (count > at && !lasting)) return;
      hit.add(request);
      if (fault.kill !== "after") resolve(request);
      if (fault.kill === "before") await never();
      if (fault.slow === "dropped") await sleep(patienceMs * 2);
      const instead = fault.slow === "dropped" ? { resetBefore: true } : fault.answer;
      // Taken by this very request: nothing else runs between this hook and the answer.
      if (instead !== undefined) cloud.faults.add(instead);
    }),
    cloud.onAnswer({ times: Infinity }, async (request) => {
      if (!hit.has(request)) return;
      if (fault.kill === "after") {
        resolve(request);
        await never();
      }
      if (fault.slow === "applied") await sleep(patienceMs * 2);
    }),
  ];
  return { reached, stop: () => stops.forEach((stop) => stop()) };
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}
