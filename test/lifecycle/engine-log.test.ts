// What the engine is told while a run goes on, over its own protocol, and what becomes of it where no engine listens.

import type { sendUnaryData, Server, ServerUnaryCall, ServiceDefinition } from "@grpc/grpc-js";
import type * as proto from "@pulumi/pulumi/proto/engine_pb.js";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { createEngineReporter, type LoadFromSdk } from "../../provider/lifecycle/engine/engine-log.js";
import { loadSdk, requireFromSdk } from "../../provider/plugin/sdk.js";

const sdk = loadSdk();
const urn = "urn:pulumi:test::world::secret-sync:index:SecretSync::web";

type Log = (call: ServerUnaryCall<proto.LogRequest, unknown>, done: sendUnaryData<unknown>) => void;

/** The log of an engine, which takes a line or answers that it cannot. */
async function openEngine(refusal?: Error) {
  const { EngineService } = requireFromSdk("./proto/engine_grpc_pb.js") as { EngineService: ServiceDefinition };
  const logged: proto.LogRequest.AsObject[] = [];
  const log: Log = ({ request }, done) => {
    logged.push(request.toObject());
    done(refusal ?? null, new sdk.Empty());
  };
  const server: Server = new sdk.grpc.Server();
  server.addService(EngineService, { log });
  onTestFinished(() => server.forceShutdown());
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", sdk.grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return { address: `127.0.0.1:${port}`, logged };
}

/** What goes to standard output meanwhile. */
function watchOutput(): string[] {
  const written: string[] = [];
  const spy = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  onTestFinished(() => spy.mockRestore());
  return written;
}

describe("the engine is told", () => {
  test("messages of a resource with their weight, which stay, and the status of its row, which does not", async () => {
    const { address, logged } = await openEngine();
    const written = watchOutput();
    const load = vi.fn<LoadFromSdk>(requireFromSdk);
    const reporter = createEngineReporter(address, load);
    await reporter.say(urn, "info", "2 added");
    expect(load).toHaveBeenCalled();
    load.mockClear();
    await reporter.say(urn, "warning", "changed at the target");
    await reporter.show(urn, "waiting");
    const { LogSeverity } = requireFromSdk("./proto/engine_pb.js") as typeof proto;
    const { INFO, WARNING } = LogSeverity;
    expect(logged).toMatchObject([
      { urn, severity: INFO, message: "2 added", ephemeral: false },
      { urn, severity: WARNING, message: "changed at the target", ephemeral: false },
      { urn, severity: INFO, message: "waiting", ephemeral: true },
    ]);
    expect(written).toEqual([]);
    expect(load, "one connection is enough").not.toHaveBeenCalled();
  });
});

describe("standard output gets messages, and no status,", () => {
  const open = async (how: string) => {
    if (how === "answers with an error")
      return createEngineReporter((await openEngine(new Error("no"))).address, requireFromSdk);
    if (how === "is not there") return createEngineReporter("127.0.0.1:1", requireFromSdk);
    const { address } = await openEngine();
    return createEngineReporter(address, () => {
      throw new Error("an SDK without a protocol");
    });
  };

  test.each([undefined, "", "web", "127.0.0.1", "--flag=127.0.0.1:80", "127.0.0.1:80/path"])(
    "where the process is given no address of an engine (%s)",
    async (address) => {
      const written = watchOutput();
      const load = vi.fn<LoadFromSdk>(requireFromSdk);
      const reporter = createEngineReporter(address, load);
      await reporter.say(urn, "warning", "changed at the target");
      await reporter.show(urn, "waiting");
      expect(written).toEqual(["changed at the target\n"]);
      expect(load, "an SDK takes its time to load").not.toHaveBeenCalled();
    },
  );

  test.each(["answers with an error", "is not there", "speaks a protocol that is not there"])(
    "where the engine %s",
    async (how) => {
      const written = watchOutput();
      const reporter = await open(how);
      await reporter.say(urn, "info", "2 added");
      await reporter.show(urn, "waiting");
      expect(written).toEqual(["2 added\n"]);
    },
  );
});
