// Test side: the seven readers of dotenv that decide what a text says, and how each of them is asked here.

import { execFileSync, spawnSync } from "node:child_process";
import { delimiter, join } from "node:path";
import { parse } from "dotenv";

export const readers = [
  "dotenv",
  "Node 20",
  "Node 24",
  "python-dotenv",
  "python-dotenv, interpolating",
  "godotenv",
  "Compose",
] as const;

export type Reader = (typeof readers)[number];

/** What a reader makes of a text; null where it fails. */
export type Answer = Readonly<Record<string, string>> | null;

/** The answers of one reader, or of a program that asks two, to each of the texts. */
type Ask = (texts: readonly string[]) => Readonly<Partial<Record<Reader, readonly Answer[]>>>;

/** The readers that every machine with this repository has: the package, and the Node that runs the tests. */
export const askPackage: Ask = (texts) => ({ dotenv: texts.map((text) => ({ ...parse(text) })) });

/** Undefined where no such Node is on the PATH. */
export function askNode(major: "20" | "24"): Ask | undefined {
  const node = findNode(major);
  if (node === undefined) return undefined;
  return (texts) => ({ [`Node ${major}`]: ask(node, [join(__dirname, "parse-env.cjs")], texts) as Answer[] });
}

/** `programs` is a folder with a Python that has python-dotenv. */
export function askPython(programs: string): Ask {
  return (texts) => ask(join(programs, "python"), ["-I", join(__dirname, "read.py")], texts) as ReturnType<Ask>;
}

export function askGo(program: string): Ask {
  return (texts) => ask(program, [], texts) as ReturnType<Ask>;
}

/** With no environment, which some readers would take values from. */
function ask(program: string, args: readonly string[], texts: readonly string[]): unknown {
  const input = JSON.stringify(texts);
  return JSON.parse(execFileSync(program, args, { input, encoding: "utf8", env: {}, maxBuffer: 1024 ** 3 }));
}

function findNode(major: string): string | undefined {
  const candidates = [
    process.execPath,
    ...(process.env["PATH"] ?? "").split(delimiter).map((folder) => join(folder, "node")),
  ];
  return candidates.find((file) =>
    spawnSync(file, ["--version"], { encoding: "utf8" }).stdout?.startsWith(`v${major}.`),
  );
}
