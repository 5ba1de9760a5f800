// Emulator: the stand-in for App Platform as a child process, and the HTTP calls that look at it and play other people.
import { spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import { project } from "../setup/packages.mjs";

/**
 * @typedef {Record<string, { value: string, scope: string }>} Variables what one component sees, by name
 * @typedef {object} Emulator
 * @property {string} url
 * @property {string} token
 * @property {() => Promise<Variables>} look what the component `web` sees
 * @property {(key: string, value: string | null) => Promise<void>} edit a person sets or removes one variable in the console
 * @property {() => void} stop
 */

/**
 * Starts it on a free port, with the one app of app.json.
 * @returns {Promise<Emulator>}
 */
export async function startEmulator() {
  const program = path.join(project, ".quickstart", "emulator", "digitalocean", "main.js");
  const spec = path.join(project, "tools", "quickstart", "app.json");
  const child = spawn(process.execPath, [program, "--spec", spec], { stdio: ["ignore", "pipe", "inherit"] });
  const stop = () => child.kill("SIGTERM");
  process.once("exit", stop);
  const { url, appId, token } = await readFirstLine(child);
  /**
   * @param {string} route
   * @param {unknown} [body]
   * @returns {Promise<any>}
   */
  const call = async (route, body) => {
    const request = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
    const answer = await fetch(`${url}/_emulator/apps/${appId}${route}`, request);
    if (!answer.ok) throw new Error(`the emulator refused ${route}: ${await answer.text()}`);
    return answer.json();
  };
  return {
    url,
    token,
    look: async () => (await call("/running")).web,
    edit: async (key, value) => {
      await call("/envs", value === null ? { key, value } : { key, value, type: "SECRET", scope: "RUN_TIME" });
      await call("/settle", {});
    },
    stop,
  };
}

/**
 * @param {import("node:child_process").ChildProcessByStdio<null, import("node:stream").Readable, null>} child
 * @returns {Promise<{ url: string, appId: string, token: string }>}
 */
function readFirstLine(child) {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the emulator ended with code ${code}`)));
    createInterface({ input: child.stdout }).once("line", (line) => resolve(JSON.parse(line)));
  });
}
