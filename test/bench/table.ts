// The table of what was measured beside what was wanted, and what got worse since the one on record, `RESULTS.md`.
// With BENCH_RECORD=1 it becomes the one on record.

import { readFile, writeFile } from "node:fs/promises";
import { availableParallelism, loadavg } from "node:os";
import { join } from "node:path";
import { listWorse, readRecorded } from "./comparison.js";

const onRecord = join(__dirname, "RESULTS.md");

type Row = readonly [what: string, measured: string, goal: string, verdict: string];

interface Wanted {
  readonly what: string;
  /** As it is shown; the number below decides. */
  readonly measured?: string;
  readonly value: number;
  readonly atMost: number;
  readonly unit?: string;
  /** Why it cannot be met, where that is known: the row says "missed" and does not fail. */
  readonly known?: string;
}

export interface Table {
  /** A number that explains another one. */
  note(what: string, measured: string): void;
  goal(wanted: Wanted): void;
  /** The goals missed since this was last asked, but for those missed for a known reason. */
  takeMissed(): string[];
  print(): Promise<void>;
}

export function createTable(): Table {
  const rows: Row[] = [];
  const missed: string[] = [];
  const [loadBefore = 0] = loadavg();
  return {
    note: (what, measured) => void rows.push([what, measured, "", ""]),
    goal: ({ what, measured, value, atMost, unit = "", known }) => {
      const met = value <= atMost;
      const shown = measured ?? `${format(value)}${unit}`;
      rows.push([what, shown, `at most ${format(atMost)}${unit}`, met ? "met" : `missed${known ? `: ${known}` : ""}`]);
      if (!met && known === undefined) missed.push(`${what.trim()}: ${shown}, wanted at most ${format(atMost)}${unit}`);
    },
    takeMissed: () => missed.splice(0),
    print: async () => {
      const lines = render([["what", "measured", "goal", "verdict"], ...rows]);
      const machine = `${availableParallelism()} cores, Node ${process.versions.node}, load ${loadBefore.toFixed(1)} before and ${(loadavg()[0] ?? 0).toFixed(1)} after`;
      console.log([machine, ...lines].join("\n"));
      const worse = listWorse(readRecorded(await readFile(onRecord, "utf8")), readRecorded(lines.join("\n")));
      console.log(
        ["", worse.length === 0 ? "nothing is worse than on record" : "worse than on record:", ...worse].join("\n"),
      );
      if (process.env["BENCH_RECORD"] !== "1") return;
      const day = new Date().toISOString().slice(0, 10);
      const head = ["# What a run costs", "", `Written by \`BENCH_RECORD=1 npm run bench\` on ${day}: ${machine}.`, ""];
      await writeFile(onRecord, `${[...head, ...lines].join("\n")}\n`);
    },
  };
}

function format(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(value < 10 ? 2 : 1);
}

/** A Markdown table that can be read as text. What belongs to the row above it begins with a dash. */
function render(rows: readonly Row[]): string[] {
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  const dashed = rows.map((row) => row.map((cell) => cell.replace(/^ {2}/, "- ")));
  const lines = dashed.map((row) => `| ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(" | ")} |`);
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [...lines.slice(0, 1), rule, ...lines.slice(1)];
}
