// A stand-in for a program that a world starts: a script that comes first on the world's PATH.

import { existsSync, mkdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { writeExecutable } from "../executable.js";
import type { World } from "./harness.js";

/** @param script is given the program that it stands in for. */
export function placeLauncher(
  { directory, environment }: Pick<World, "directory" | "environment">,
  { program, script }: { program: string; script: (real: string) => string },
): void {
  const bin = join(directory, ".bin");
  const folders = environment["PATH"]?.split(delimiter).filter((folder) => folder !== bin) ?? [];
  const real = folders.map((folder) => join(folder, program)).find((file) => existsSync(file));
  if (real === undefined) throw new Error(`${program} is not on PATH`);
  mkdirSync(bin, { recursive: true });
  writeExecutable(join(bin, program), script(real));
  environment["PATH"] = [bin, ...folders].join(delimiter);
}
