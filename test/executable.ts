// Writes a program that a test starts.

import { writeFileSync } from "node:fs";

/**
 * Written at one go: a process that another test starts while the file is open takes the open file with it, and until that one has begun,
 * the system starts no program from the file ("text file busy").
 */
export function writeExecutable(file: string, text: string): void {
  writeFileSync(file, text, { mode: 0o755 });
}
