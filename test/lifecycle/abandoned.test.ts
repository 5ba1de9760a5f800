// The engine may end before its provider process: killed, or with the machine's session. What goes on then would meet the next run.

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { expect, onTestFinished, test, vi } from "vitest";
import { watchEngine } from "../../provider/lifecycle/engine/engine-watch.js";
import { openStack, puts, sync, valuesAt } from "./stack.js";
import { waitFor } from "../waiting.js";

test("nothing is written after the engine has ended", async () => {
  const stack = await openStack();
  const { id: appId } = stack.cloud.createApp({ name: "shop", services: [{ name: "web" }] });
  stack.isAttended = () => false;
  const run = await stack.up([sync("web", { A: "1" }, { destination: { appId } })]);
  expect(run.problems).toMatch(/engine\.gone: the run that asked for this has ended/);
  expect([puts(run), valuesAt(stack, appId)]).toEqual([0, {}]);
});

test("nobody waits for a deployment after the engine has ended, and nothing is written again", async () => {
  const stack = await openStack({ deployment: { phaseMs: 60_000 } });
  const { id: appId } = stack.cloud.createApp({ name: "shop", services: [{ name: "web" }] });
  const isWritten = () => stack.cloud.requests.some(({ method }) => method === "PUT");
  stack.isAttended = () => !isWritten();
  const run = await stack.up([sync("web", { A: "1" }, { destination: { appId } })]);
  expect(run.problems).toMatch(/the run that asked for this has ended/);
  expect(puts(run)).toBe(1);
});

async function listen() {
  const sockets = new Set<Socket>();
  let accepted = 0;
  const server: Server = createServer((socket) => {
    accepted += 1;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.write("settings");
    socket.on("error", () => undefined);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const drop = () => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  const close = () => {
    server.close();
    drop();
  };
  onTestFinished(close);
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return { address: `127.0.0.1:${port}`, sockets, accepted: () => accepted, drop, close };
}

/** Stands for an engine in a process of its own, which takes connections as long as it lives. */
async function startEngine() {
  const program =
    'require("net").createServer().listen(0, "127.0.0.1", function () { console.log(this.address().port); })';
  const engine = spawn(process.execPath, ["-e", program], { stdio: ["ignore", "pipe", "ignore"] });
  onTestFinished(() => void engine.kill("SIGKILL"));
  const [port] = (await once(engine.stdout, "data")) as [Buffer];
  return { engine, address: `127.0.0.1:${port.toString().trim()}` };
}

test("an engine that is killed while a connection to it is being made is noticed, too", async () => {
  const { engine, address } = await startEngine();
  const end = vi.fn<() => void>();
  engine.kill("SIGSTOP");
  watchEngine(address, end);
  // The request goes out, and its answer is not looked at before the engine is gone: it is a reset then, not a refusal.
  await new Promise<void>((resolve) => process.nextTick(() => process.nextTick(resolve)));
  engine.kill("SIGKILL");
  execFileSync("sleep", ["0.3"]);
  expect(end).not.toHaveBeenCalled();
  await waitFor(() => expect(end).toHaveBeenCalledTimes(1));
});

test("the end of the engine is noticed at once, and a dropped connection is none", async () => {
  const engine = await listen();
  const end = vi.fn<() => void>();
  const isThere = watchEngine(engine.address, end);
  await waitFor(() => expect(engine.sockets.size).toBe(1));
  engine.drop();
  await waitFor(() => expect(engine.sockets.size).toBe(1));
  expect(end).not.toHaveBeenCalled();
  expect(await isThere()).toBe(true);
  engine.close();
  await waitFor(() => expect(end).toHaveBeenCalledOnce());
  expect(await isThere()).toBe(false);
});

test("a question leaves no connection open beside the one that watches", async () => {
  const engine = await listen();
  const isThere = watchEngine(engine.address, () => undefined);
  expect(await isThere()).toBe(true);
  await waitFor(() => expect([engine.accepted(), engine.sockets.size]).toEqual([2, 1]));
});

test("without an address nobody can tell, and it counts as there", async () => {
  const end = vi.fn<() => void>();
  // Nobody listens on this port any more: read as a part of another text it would say that the engine is gone.
  const { address: closed, close } = await listen();
  close();
  for (const address of [undefined, "", "no address", "/some/path", `http://${closed}`, `${closed}/engine`])
    expect(await watchEngine(address, end)()).toBe(true);
  expect(end).not.toHaveBeenCalled();
  expect(await watchEngine(closed, end)()).toBe(false);
});
