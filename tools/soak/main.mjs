// Soak: the unattended runner among changes, drift, faults and kills, for `--minutes` (10). Ends with 1 on a lost key, a wrong value or
// a leak; `--seed N` plays the same changes again.
import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import path from "node:path";
import { parseArgs } from "node:util";

const root = path.join(import.meta.dirname, "..", "..");
const { values } = parseArgs({ options: { minutes: { type: "string", default: "10" }, seed: { type: "string" } } });
const minutes = Number(values.minutes);
if (!(minutes > 0)) throw new Error(`--minutes ${values.minutes} is not a number of minutes`);

const vitest = path.join(root, "node_modules", "vitest", "vitest.mjs");
const env = { ...process.env, SOAK_MINUTES: String(minutes), SOAK_SEED: values.seed ?? String(randomInt(1, 2 ** 30)) };
const run = spawn(process.execPath, [vitest, "run", "--project", "soak"], { cwd: root, env, stdio: "inherit" });
run.on("close", (code) => {
  process.exitCode = code ?? 1;
});
