// An exec source whose command takes too long: who is ended with it, whatever group, parent and output they have.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { takeFrom } from "../../provider/sources/documents/content.js";
import { readExec } from "../../provider/sources/local/exec.js";
import { canary, problemsOfFailure, reveal, sourceOptions } from "./canary.js";

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(path.join(tmpdir(), "exec-timeout-"));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Runs a script in node, as an exec source would be given. */
async function run(script: string, { timeoutSeconds = 30 } = {}) {
  const command = [process.execPath, "-e", script];
  return takeFrom(await readExec({ type: "exec", command, timeoutSeconds }, sourceOptions({ directory })));
}

// Skipped on Windows, which has no process groups.
describe.skipIf(process.platform === "win32")("a command that takes too long", { concurrent: true }, () => {
  /** Whether nobody writes any more. A process id is no proof: where nothing reaps orphans, the dead keep theirs. */
  const isSilent = async (name: string) => {
    const size = () => readFileSync(path.join(directory, name)).length;
    const before = size();
    await sleep(300);
    return size() === before;
  };
  /** A command that starts a child and then runs for ever; both go on writing their process id. */
  const family = (name: string, onSignal = "") => {
    const write = `require("node:fs").appendFileSync(${JSON.stringify(path.join(directory, name))}, process.pid + "\\n")`;
    const live = `${onSignal}; ${write}; setInterval(() => ${write}, 20);`;
    return `${live} console.error("${canary}"); console.log("A=${canary}"); require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(live)}], { stdio: "inherit" })`;
  };
  const membersOf = (name: string) => new Set(readFileSync(path.join(directory, name), "utf8").trim().split("\n"));

  test("is stopped with everything that it started, and may be tried again", async () => {
    const [problem] = await problemsOfFailure(run(family("heeds"), { timeoutSeconds: 2.5 }));
    expect(problem).toMatchObject({ code: "source.timeout", retryable: true });
    expect(problem?.message).toContain("did not end within 2.5 seconds; raise `timeoutSeconds`");
    expect(membersOf("heeds").size).toBe(2);
    expect(await isSilent("heeds")).toBe(true);
  });

  test("is killed when it does not heed the first signal", async () => {
    const started = Date.now();
    const [problem] = await problemsOfFailure(
      run(family("stubborn", "process.on('SIGTERM', () => {})"), { timeoutSeconds: 2.5 }),
    );
    expect(problem?.code).toBe("source.timeout");
    expect(Date.now() - started).toBeGreaterThan(4000);
    expect(membersOf("stubborn").size).toBe(2);
    expect(await isSilent("stubborn")).toBe(true);
  });

  /** A line of script that starts another script, in a session of its own. */
  const start = (script: string, stdio: "inherit" | "ignore") =>
    `require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(script)}], { stdio: "${stdio}", detached: true })`;
  const write = (name: string) =>
    `require("node:fs").appendFileSync(${JSON.stringify(path.join(directory, name))}, process.pid + "\\n")`;
  const live = (name: string) =>
    `process.on("SIGTERM", () => {}); ${write(name)}; setInterval(() => ${write(name)}, 20)`;

  test.each(["inherit", "ignore"] as const)(
    "ends a child that has left its group, its output being %s",
    async (stdio) => {
      const name = `left-${stdio}`;
      const script = `${start(live(name), stdio)}; setInterval(() => {}, 1000)`;
      expect((await problemsOfFailure(run(script, { timeoutSeconds: 2 })))[0]?.code).toBe("source.timeout");
      expect(membersOf(name).size).toBe(1);
      expect(await isSilent(name)).toBe(true);
    },
  );

  test("ends grandchildren that have left their groups one after the other", async () => {
    const script = `${start(`${start(live("deep"), "ignore")}; setInterval(() => {}, 1000)`, "ignore")}; setInterval(() => {}, 1000)`;
    expect((await problemsOfFailure(run(script, { timeoutSeconds: 2 })))[0]?.code).toBe("source.timeout");
    expect(membersOf("deep").size).toBe(1);
    expect(await isSilent("deep")).toBe(true);
  });

  test("ends a process that has left its group and lost its parent, and holds the output", async () => {
    const script = `${start(live("orphan"), "inherit")}.unref()`;
    const [problem] = await problemsOfFailure(run(script, { timeoutSeconds: 2 }));
    expect(problem?.code).toBe("source.timeout");
    expect(problem?.message, "which more time would not help").toMatch(
      / ended \(exit code 0\), but a process that it started still held its output after 2 seconds; .*redirect its standard output/,
    );
    expect(membersOf("orphan").size).toBe(1);
    if (process.platform === "linux") expect(await isSilent("orphan")).toBe(true);
    else for (const pid of membersOf("orphan")) process.kill(Number(pid), "SIGKILL");
  });

  test("leaves a daemon alone that a command has left behind when it ended by itself", async () => {
    const script = `${start(`${write("daemon")}; setTimeout(() => {}, 60000)`, "ignore")}.unref(); setTimeout(() => console.log('{"A":"1"}'), 500)`;
    expect(reveal(await run(script))).toEqual({ A: "1" });
    const [pid] = membersOf("daemon");
    expect(() => process.kill(Number(pid), "SIGKILL")).not.toThrow();
  });
});
