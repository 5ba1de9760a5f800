// Writes rows down for `npm run faults`, which prints them as tables.

import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Row } from "./grid.js";

export function recordRows(name: string, rows: readonly Row[]): void {
  const folder = process.env["FAULTS_FOLDER"];
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, `${name}.json`), JSON.stringify(rows));
}
