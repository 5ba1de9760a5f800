// Provider process: writes to the engine's log, which a dynamic provider is not given but can reach.

import { createRequire } from "node:module";
import type { Reporter } from "../../reconciler/world.js";

type Severity = "info" | "warning";

interface LogCall {
  readonly urn: string;
  readonly severity: Severity;
  readonly text: string;
  readonly ephemeral: boolean;
}

type Log = (call: LogCall) => Promise<void>;

/**
 * Messages with the resource's URN; ephemeral ones become the status column of its row.
 * The engine's address is the last argument of the plugin process. Without an engine, lines go to standard output,
 * which the CLI shows, too, but without the resource.
 */
export function createEngineReporter(address: string | undefined, load: LoadFromSdk = loadFromProgram): Reporter {
  let log: Promise<Log> | undefined;
  const send = async (call: LogCall) => {
    log ??= connect(address, load).catch(() => printLine);
    await (await log)(call).catch(() => printLine(call));
  };
  return {
    say: (urn, severity, text) => send({ urn, severity, text, ephemeral: false }),
    show: (urn, text) => send({ urn, severity: "info", text, ephemeral: true }),
  };
}

/** Status is a courtesy: without an engine its lines are lost. */
async function printLine({ text, ephemeral }: LogCall): Promise<void> {
  if (!ephemeral) process.stdout.write(`${text}\n`);
}

interface EngineProto {
  LogRequest: new () => {
    setSeverity(severity: number): void;
    setMessage(text: string): void;
    setUrn(urn: string): void;
    setEphemeral(ephemeral: boolean): void;
  };
  LogSeverity: { INFO: number; WARNING: number };
}

interface EngineClient {
  log(request: unknown, done: (error: Error | null) => void): void;
}

/** Loads a module of the SDK, or of what the SDK depends on. */
export type LoadFromSdk = (name: string) => unknown;

/** The SDK that runs this process ships the engine's protocol; its own gRPC copy is already loaded here. */
function loadFromProgram(name: string): unknown {
  return createRequire(createRequire(`${process.cwd()}/package.json`).resolve("@pulumi/pulumi"))(name);
}

async function connect(address: string | undefined, fromSdk: LoadFromSdk): Promise<Log> {
  if (address === undefined || !/^[\w.[\]:-]+:\d+$/.test(address)) return printLine;
  const proto = fromSdk("./proto/engine_pb.js") as EngineProto;
  const { EngineClient: Client } = fromSdk("./proto/engine_grpc_pb.js") as {
    EngineClient: new (address: string, credentials: unknown) => EngineClient;
  };
  const grpc = fromSdk("@grpc/grpc-js") as { credentials: { createInsecure(): unknown } };
  const client = new Client(address, grpc.credentials.createInsecure());
  return ({ urn, severity, text, ephemeral }) => {
    const request = new proto.LogRequest();
    request.setSeverity(severity === "warning" ? proto.LogSeverity.WARNING : proto.LogSeverity.INFO);
    request.setMessage(text);
    request.setUrn(urn);
    request.setEphemeral(ephemeral);
    return new Promise((resolve, reject) => client.log(request, (error) => (error ? reject(error) : resolve())));
  };
}
