// Test side: the browser of this machine, for the tests that look at a page.

import { accessSync, constants } from "node:fs";
import path from "node:path";

const names = ["chromium", "chromium-browser", "google-chrome"];

/**
 * `$CHROMIUM`, or a browser on the PATH.
 *
 * @returns undefined where there is none, said in one line. It is a system package, so a machine without root has no way to it:
 * unlike the servers that the project makes by itself, it may be missing even where servers are required.
 */
export function findChromium(): string | undefined {
  const given = process.env["CHROMIUM"];
  const folders = (process.env["PATH"] ?? "").split(path.delimiter).filter(Boolean);
  const places = given ? [given] : folders.flatMap((folder) => names.map((name) => path.join(folder, name)));
  const found = places.find(isExecutable);
  if (found !== undefined) return found;
  const remedy =
    "tools/ci/chromium.mjs installs Debian's where it runs as root with apt; else install it, or set CHROMIUM";
  console.warn(`skipped: there is no Chromium ${given ? "at CHROMIUM" : "on the PATH"}; ${remedy}`);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
