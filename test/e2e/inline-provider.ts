// A world's dynamic provider in the process of its test: Node, the SDK and the libraries are loaded once, what is ours for each start.

import { once } from "node:events";
import { createRequire } from "node:module";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { join, resolve, sep } from "node:path";
import type { Server, ServerOptions } from "@grpc/grpc-js";
import { requireFromSdk } from "../../provider/plugin/sdk.js";
import type { World } from "./harness.js";
import { placeLauncher } from "./launcher.js";
import { openModules, type OwnProcess, type Start, startOwnProcess } from "./own-process.js";

type Place = Pick<World, "directory" | "environment">;

const build = resolve(__dirname, "../../dist") + sep;
/** The SDK's server of dynamic providers, which the engine starts by a script that comes with the CLI. */
const program = createRequire(__filename).resolve("@pulumi/pulumi/cmd/dynamic-provider/index.js");
/** By which it makes a provider of the text in state. */
const evaluation = createRequire(program).resolve("require-from-string");

export interface InlineProvider {
  close(): void;
}

/** Serves each start of a world's dynamic provider: a `node` that comes first on PATH starts none for it. */
export async function serveProvider(world: Place): Promise<InlineProvider> {
  const running = new Set<OwnProcess>();
  const listener = createServer((socket) => {
    // The engine kills the script, which is the other end.
    socket.on("error", () => socket.destroy());
    void readStart(socket).then((start) => {
      const own = startOwnProcess(start);
      running.add(own);
      own.onEnd(() => running.delete(own) && socket.destroy());
      socket.once("close", () => own.end());
      runProvider(own);
    });
  });
  await once(listener.listen(0, "127.0.0.1"), "listening");
  writeLauncher(world, (listener.address() as AddressInfo).port);
  const close = () => {
    for (const own of running) own.end();
    listener.close();
  };
  return { close };
}

/** The script that the engine starts asks Node where the provider lies, and then Node to run it. */
function writeLauncher(world: Place, port: number): void {
  const script = (node: string) => `#!/usr/bin/env bash
case "$1 $2" in
  "-e "*"@pulumi/pulumi/cmd/dynamic-provider"*) echo "${program}" ;;
  "${program} "*)
    exec 3<>/dev/tcp/127.0.0.1/${port}
    { printf '%s\\0%s\\0' "$2" "$PWD"; env -0; printf '\\0'; } >&3
    exec cat <&3
    ;;
  *) exec "${node}" "$@" ;;
esac
`;
  placeLauncher(world, { program: "node", script });
}

/** The engine's address, the folder and the variables end with a null byte each; one more ends the list. */
function readStart(socket: Socket): Promise<Start> {
  return new Promise((read) => {
    let text = "";
    const take = (chunk: Buffer) => {
      text += chunk.toString("latin1");
      if (!text.endsWith("\0\0")) return;
      socket.off("data", take);
      // Unread, it would hide the end of the script.
      socket.resume();
      const [engine = "", directory = "", ...lines] = Buffer.from(text.slice(0, -2), "latin1").toString().split("\0");
      const argv = [process.execPath, program, engine];
      const print = (line: string) => void (socket.writable && socket.write(line));
      read({ argv, directory, environment: Object.fromEntries(lines.map(readVariable)), print });
    };
    socket.on("data", take);
  });
}

function readVariable(line: string): [name: string, value: string] {
  const at = line.indexOf("=");
  return [line.slice(0, at), line.slice(at + 1)];
}

function runProvider(own: OwnProcess): void {
  const grpc = requireFromSdk("@grpc/grpc-js") as { readonly Server: new (options?: ServerOptions) => Server };
  class OwnServer extends grpc.Server {
    constructor(options?: ServerOptions) {
      super(options);
      own.onEnd(() => this.forceShutdown());
    }
  }
  class OwnModule {
    static readonly _nodeModulePaths = () => [];
    exports: unknown;
    _compile(text: string) {
      this.exports = modules.evaluate(text, join(own.process.cwd(), "provider.js"));
    }
  }
  const modules = openModules(own.process, {
    isOwn: (file) => file === program || file === evaluation || file.startsWith(build),
    replaced: {
      "@grpc/grpc-js": { ...grpc, Server: OwnServer },
      module: OwnModule,
      // It would change the stack traces of the tests.
      "source-map-support/register": {},
    },
  });
  modules.load(program);
}
