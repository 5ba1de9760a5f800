// A world's program in the process of its test, as the Automation API runs an inline program: Node and the SDK are loaded once, not per run.

import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { ClientOptions, handleUnaryCall, sendUnaryData, Server, ServerUnaryCall } from "@grpc/grpc-js";
import type { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb.js";
import type { RunRequest } from "@pulumi/pulumi/proto/language_pb.js";
import { loadSdk, requireFromSdk } from "../../provider/plugin/sdk.js";
import type { World } from "./harness.js";
import { placeLauncher } from "./launcher.js";

type Place = Pick<World, "directory" | "environment">;
type Call = ServerUnaryCall<RunRequest, unknown>;
type Answer = sendUnaryData<unknown>;
/** What the Automation API gives the engine for an inline program. */
interface Runtime {
  run(call: Call, answer: Answer): Promise<void>;
  readonly getRequiredPlugins: handleUnaryCall<unknown, unknown>;
  readonly getPluginInfo: handleUnaryCall<unknown, unknown>;
}

export interface InlineProgram {
  close(): void;
}

/** A process has one directory and one environment, so it runs one program at a time: what gives them back while one runs. */
let giveBack: (() => void) | undefined;

/** Serves the program of a world, which is read anew for each run: a `pulumi` that comes first on PATH starts no language host. */
export async function serveProgram(world: Place): Promise<InlineProgram> {
  const { grpc } = loadSdk();
  const { LanguageServer } = requireFromSdk("./automation/server.js") as {
    LanguageServer: new (program: () => Promise<unknown>) => Runtime;
  };
  const { LanguageRuntimeService: service } = requireFromSdk("./proto/language_grpc_pb.js") as {
    LanguageRuntimeService: typeof LanguageRuntimeService;
  };
  keepConnectionsApart();
  const runtime = new LanguageServer(() => Promise.resolve(loadAnew(world.directory)));
  const server = new grpc.Server();
  server.addService(service, {
    getRequiredPlugins: runtime.getRequiredPlugins.bind(runtime),
    getPluginInfo: runtime.getPluginInfo.bind(runtime),
    run: (call: Call, answer: Answer) => {
      if (giveBack) return answer(new Error("an inline program is running; this world needs a process for its own"));
      // The language host tells a process this much by a variable.
      const environment = { ...world.environment, PULUMI_NODEJS_PARALLEL: `${call.request.getParallel()}` };
      const lent = lend({ directory: world.directory, environment });
      const end = () => giveBack === lent && lent();
      // A program whose run has failed may wait for its resources for ever; the engine does not.
      call.on("cancelled", end);
      void runtime.run(call, answer).finally(end);
    },
  });
  const port = await listen(server);
  writeLauncher(world, port);
  return { close: () => server.forceShutdown() };
}

/** @returns the port on loopback, a free one unless it is given */
export function listen(server: Server, port = 0): Promise<number> {
  const { grpc } = loadSdk();
  return new Promise((bound, fail) =>
    server.bindAsync(`127.0.0.1:${port}`, grpc.ServerCredentials.createInsecure(), (error, free) =>
      error ? fail(error) : bound(free),
    ),
  );
}

/**
 * A process of the program's own ends with its connections, but here those of earlier runs live on, and gRPC shares them by address:
 * an engine on the port of one that has ended would be met by the connection that is lost, and be told unreachable.
 */
function keepConnectionsApart() {
  const { grpcClientOptions } = requireFromSdk("./runtime/settings.js") as { grpcClientOptions: ClientOptions };
  grpcClientOptions["grpc.use_local_subchannel_pool"] = 1;
}

/** Whoever starts the CLI, a test or a command, finds this one first. */
function writeLauncher(place: Place, port: number): void {
  const script = (cli: string) => `#!/bin/sh
case "$1" in
  up | preview | refresh | destroy) exec "${cli}" "$@" --client=127.0.0.1:${port} ;;
  *) exec "${cli}" "$@" ;;
esac
`;
  placeLauncher(place, { program: "pulumi", script });
}

function loadAnew(directory: string): unknown {
  if (existsSync(join(directory, "index.ts"))) throw new Error("index.ts needs a process that compiles it");
  const file = join(directory, "index.js");
  const load = createRequire(file);
  delete load.cache[load.resolve(file)];
  return load(file);
}

/** Lends the process the directory and the environment that a process of the program's own would have. */
function lend({ directory, environment }: Place): () => void {
  const own = { directory: process.cwd(), environment: process.env };
  process.chdir(directory);
  process.env = environment;
  giveBack = () => {
    giveBack = undefined;
    process.chdir(own.directory);
    process.env = own.environment;
  };
  return giveBack;
}
