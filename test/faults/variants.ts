// Which platforms the operations of the grid are tried on, beside the default one, and which faults each meets there.

import {
  ALTERNATIVES,
  describeVariant,
  randomVariant,
  readVariant,
  type Variant,
} from "../emulators/digitalocean/index.js";
import { seededRandom } from "../emulators/digitalocean/seeded-random.js";
import { listBlows } from "./faults.js";
import { type Clean, type Row, runCase, runClean, runTold } from "./grid.js";
import type { Operation } from "./operation.js";
import { operations } from "./operations.js";

/** One platform, and how much is tried on it. */
export interface Trial {
  readonly title: string;
  readonly variant: Partial<Variant>;
  readonly seed: number;
  /** How many operations; all where it does not say. */
  readonly operations?: number;
  /** How many of them meet faults, and how many each; all where it does not say. */
  readonly struck?: number;
  readonly faults?: number;
}

const combinations = 200;

/**
 * `sample`: every operation with each switch alone, three with each combination, and a fault for some of them.
 * `all`: every operation, with each switch alone under the whole grid of faults, with each combination under four of them.
 * Else a platform as `describeVariant` writes it: the whole grid on it.
 */
export function listTrials(extent: string): Trial[] {
  if (extent !== "sample" && extent !== "all") return [{ title: extent, variant: readVariant(extent), seed: 0 }];
  const alone = ALTERNATIVES.map(({ title, variant }, index) => ({ title, variant, seed: index }));
  const combined = Array.from({ length: combinations }, (_, index) => {
    const variant = randomVariant(index + 1);
    return { title: `combination ${index + 1}, ${describeVariant(variant)}`, variant, seed: index + 1 };
  });
  return extent === "all"
    ? [...alone, ...combined.map((trial) => ({ ...trial, faults: 4 }))]
    : [
        ...alone.map((trial) => ({ ...trial, struck: 10, faults: 1 })),
        ...combined.map((trial) => ({ ...trial, operations: 3, struck: 2, faults: 1 })),
      ];
}

/** Operations that are played side by side: most of their time is waiting, and faults that are slow mean times. */
const lanes = 4;

/** The same for the same trial. */
export async function playTrial({ variant, seed, ...most }: Trial): Promise<Row[]> {
  const random = seededRandom(seed);
  const chosen = draw(operations, most.operations, random);
  const struck = new Set(draw(chosen, most.struck, random));
  const waiting = [...chosen];
  const rows: Row[] = [];
  const playLane = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      rows.push(...(await playOperation(next, { variant, seed, faults: struck.has(next) ? most.faults : 0 })));
  };
  await Promise.all(Array.from({ length: lanes }, playLane));
  return rows;
}

interface Playing {
  readonly variant: Partial<Variant>;
  readonly seed: number;
  readonly faults: number | undefined;
}

async function playOperation(operation: Operation, { variant, seed, faults }: Playing): Promise<Row[]> {
  const clean = await cleanRunOf(operation);
  const { row, requests } = await runTold({ operation, variant, blow: undefined }, clean);
  const rows = [row];
  const random = seededRandom(seed * operations.length + operations.indexOf(operation));
  for (const blow of draw(listBlows({ ...operation, requests }), faults, random))
    rows.push(await runCase({ operation, variant, blow }, clean));
  return rows;
}

const cleanRuns = new Map<Operation, Promise<Clean>>();

/** What an operation does by default: no switch is a reason to deploy more. */
function cleanRunOf(operation: Operation): Promise<Clean> {
  const run = cleanRuns.get(operation) ?? runClean(operation);
  cleanRuns.set(operation, run);
  return run;
}

function draw<Item>(items: readonly Item[], count = items.length, random: () => number): Item[] {
  if (count >= items.length) return [...items];
  const drawn = items.map((item) => ({ item, rank: random() })).sort((one, other) => one.rank - other.rank);
  return drawn.slice(0, count).map(({ item }) => item);
}

export function describeRow({ operation, request, fault, firstRun, secondRun, complaints }: Row): string {
  return [
    operation,
    request,
    fault,
    firstRun,
    secondRun,
    ...complaints.map((complaint) => complaint.slice(0, 200)),
  ].join(" | ");
}
