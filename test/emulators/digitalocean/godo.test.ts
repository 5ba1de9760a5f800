// The vendor's Go client as a caller, where Go is at hand.
import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { secret, webSpec } from "./caller.js";
import { startDigitalOcean } from "./index.js";

const run = promisify(execFile);
const hasGo = spawnSync("go", ["version"]).status === 0;

// Skipped where Go is not installed.
test.skipIf(!hasGo)(
  "godo lists, gets, puts back without a deployment, adds a secret and follows the deployment",
  async ({ skip }) => {
    const folder = mkdtempSync(path.join(tmpdir(), "godo-"));
    const program = path.join(folder, "caller");
    const built = run("go", ["build", "-o", program, "."], { cwd: path.join(__dirname, "godo") });
    const failure = await built.then(
      () => "",
      (error: unknown) => String(error),
    );
    if (/dial tcp|i\/o timeout|module lookup disabled|no such host/.test(failure)) skip("godo cannot be fetched");
    expect(failure).toBe("");
    const ocean = await startDigitalOcean({ deployment: { phaseMs: 0 } });
    try {
      const { id } = ocean.createApp(webSpec([secret("TOKEN", "one")], [{ key: "MODE", value: "a" }]));
      const { stdout } = await run(program, [ocean.url, ocean.token, id]);
      expect(JSON.parse(stdout)).toMatchObject({
        listed: 1,
        lastPage: true,
        sameSpec: true,
        pending: true,
        deployments: 2,
        phase: "ACTIVE",
        totalSteps: 6,
        missing: expect.stringContaining("404"),
        remaining: 4999,
      });
      expect(ocean.running(id)["web"]).toMatchObject({
        TOKEN: { value: "one" },
        FROM_GO: { value: "plain" },
        MODE: { value: "a" },
      });
      expect(ocean.complaints).toEqual([]);
    } finally {
      await ocean.close();
      rmSync(folder, { recursive: true });
    }
  },
  300_000,
);
