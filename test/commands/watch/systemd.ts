// The far side of sd_notify: a datagram socket as systemd opens it, which tells what arrives on it and when.

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";

/** One message, in milliseconds of the clock that Date.now() reads. */
export interface Heard {
  readonly at: number;
  readonly message: string;
}

export interface Systemd {
  /** As in NOTIFY_SOCKET: a path, or with @ an abstract name. */
  readonly socket: string;
  readonly heard: readonly Heard[];
  messages(): string[];
  close(): Promise<void>;
}

/** Whether this machine has what it takes. */
export function canNotify(): boolean {
  try {
    execFileSync("systemd-notify", ["--version"], { stdio: "ignore" });
    execFileSync("python3", ["-c", "import socket; socket.AF_UNIX, socket.SOCK_DGRAM"], { stdio: "ignore" });
    return process.platform === "linux";
  } catch {
    return false;
  }
}

// The descriptors that come with BARRIER=1 are closed when they have been read, which is what systemd-notify waits for.
const program = `
import array, json, os, socket, sys, time
name = sys.argv[1]
line = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
line.bind("\\0" + name[1:] if name.startswith("@") else name)
print("{}", flush=True)
while True:
    message, ancillary, _, _ = line.recvmsg(4096, 4096)
    for _, kind, data in ancillary:
        if kind == socket.SCM_RIGHTS:
            for descriptor in array.array("i", data): os.close(descriptor)
    print(json.dumps({"at": time.time() * 1000, "message": message.decode()}), flush=True)
`;

export async function startSystemd(socket: string): Promise<Systemd> {
  const child: ChildProcess = spawn("python3", ["-c", program, socket], { stdio: ["ignore", "pipe", "inherit"] });
  const heard: Heard[] = [];
  let text = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    text += chunk.toString();
    const lines = text.split("\n");
    text = lines.pop() ?? "";
    const told = lines.map((line) => JSON.parse(line) as Partial<Heard>);
    for (const { at, message } of told)
      if (at !== undefined && message !== undefined && message !== "BARRIER=1") heard.push({ at, message });
  });
  await once(child.stdout!, "data");
  return {
    socket,
    heard,
    messages: () => heard.map(({ message }) => message),
    close: async () => {
      child.kill("SIGKILL");
      await once(child, "close");
    },
  };
}
