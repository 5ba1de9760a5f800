// Runs a program: collects what it prints, hands its stderr on line by line, and never throws for a failing one.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/**
 * @param {string} program
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string, timeout?: number, onLine?: (line: string) => void }} [options]
 * @returns {Promise<{ ok: boolean, stdout: string, stderr: string }>}
 */
export function runCommand(program, args, { env, cwd, timeout, onLine } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { env, cwd, timeout, stdio: ["ignore", "pipe", "pipe"], windowsHide: true });
    let stdout = "";
    /** @type {string[]} */
    const tail = [];
    child.stdout.setEncoding("utf8").on("data", (text) => (stdout += text));
    createInterface({ input: child.stderr }).on("line", (line) => {
      onLine?.(line);
      tail.push(line);
      // A build prints thousands of lines; only the last ones explain a failure.
      if (tail.length > 20) tail.shift();
    });
    child.on("error", (error) => resolve({ ok: false, stdout, stderr: error.message }));
    child.on("close", (code) => resolve({ ok: code === 0, stdout, stderr: tail.join("\n") }));
  });
}
