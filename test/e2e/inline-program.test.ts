// An inline program sees what a process of its own would see, and leaves the process of the test as it was.

import { realpathSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { ClientOptions } from "@grpc/grpc-js";
import { loadSdk, requireFromSdk } from "../../provider/plugin/sdk.js";
import { openWorld, type World } from "./harness.js";
import { listen } from "./inline-program.js";

let world: World;
let own: { directory: string; environment: NodeJS.ProcessEnv };
const look = () => ({ directory: process.cwd(), environment: process.env });

beforeAll(async () => {
  world = await openWorld({ program: "inline" });
  world.environment["OF_THE_WORLD"] = "seen";
  process.env["OF_THE_TEST"] = "kept";
});
beforeEach(() => (own = look()));
afterAll(() => {
  delete process.env["OF_THE_TEST"];
  return world.close();
});

test("it runs in the world's folder, with the world's environment and the number of steps", async () => {
  await world.program(`
    exports.pid = process.pid;
    exports.directory = process.cwd();
    exports.variables = [process.env.OF_THE_WORLD, process.env.OF_THE_TEST ?? "none", process.env.PULUMI_NODEJS_PARALLEL];
  `);
  await world.up("--parallel", "3");
  const { stdout } = await world.pulumi("stack", "output", "--json");
  expect(JSON.parse(stdout)).toEqual({
    pid: process.pid,
    directory: realpathSync(world.directory),
    variables: ["seen", "none", "3"],
  });
  expect(look()).toEqual(own);
});

test("each run reads it anew, and one that throws fails the run", async () => {
  await world.program('throw new Error("out of order");');
  const run = await world.pulumi("preview");
  expect(run.code).not.toBe(0);
  expect(run.text).toContain("out of order");
  expect(look()).toEqual(own);
});

test("one that waits for a resource which has failed is left, and the next one runs", async () => {
  const { id } = world.cloud.createApp({ name: "shop", envs: [{ key: "TAKEN", value: "theirs" }] });
  await world.program(`
    const destination = { type: "digital-ocean-app-platform", appId: ${JSON.stringify(id)} };
    exports.sync = new SecretSync("web", { source: { type: "inline", values: { TAKEN: "ours" } }, destination });
  `);
  expect((await world.pulumi("preview")).text).toContain("conflict.exists");
  expect(look()).toEqual(own);
  await world.program("");
  await world.preview();
});

test("two at once would share one folder: the second is refused", async () => {
  await world.program("exports.late = new Promise((done) => setTimeout(done, 3_000, 1));");
  const both = await Promise.all([world.pulumi("preview"), world.pulumi("preview")]);
  expect(both.filter(({ code }) => code === 0)).toHaveLength(1);
  expect(both.map(({ text }) => text).join("")).toContain("an inline program is running");
  expect(look()).toEqual(own);
});

test("an engine is reached on the port of one that ended before its program did", async () => {
  const first = await serveEngine(0);
  const left = first.connect();
  expect(await left.ask()).toBe("UNIMPLEMENTED");
  first.end();
  expect(await left.ask()).toBe("UNAVAILABLE");

  const second = await serveEngine(first.port);
  expect(await second.connect().ask()).toBe("UNIMPLEMENTED");
  second.end();
});

/** Refuses every call, which tells it from one that cannot be reached; its clients have the options that the SDK gives its own. */
async function serveEngine(wanted: number) {
  const { grpc } = loadSdk();
  const { grpcClientOptions } = requireFromSdk("./runtime/settings.js") as { grpcClientOptions: ClientOptions };
  const server = new grpc.Server();
  const port = await listen(server, wanted);
  const connect = () => {
    const client = new grpc.Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), grpcClientOptions);
    const bytes = (value: Buffer) => value;
    const ask = () =>
      new Promise((done) =>
        client.makeUnaryRequest("/engine/ask", bytes, bytes, Buffer.alloc(0), (error) =>
          done(error && grpc.status[error.code]),
        ),
      );
    return { ask };
  };
  return { port, connect, end: () => server.forceShutdown() };
}
