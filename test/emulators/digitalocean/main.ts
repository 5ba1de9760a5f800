// The emulator as a program of its own: `main --port 4010 --spec app.json`. Prints one JSON line, then serves.
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { startDigitalOcean } from "./index.js";

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: "string" },
      spec: { type: "string" },
      "app-id": { type: "string" },
      "phase-ms": { type: "string" },
    },
  });
  const emulator = await startDigitalOcean({
    port: Number(values.port ?? 0),
    deployment: { phaseMs: Number(values["phase-ms"] ?? 250) },
    control: true,
  });
  const spec: unknown = values.spec === undefined ? undefined : JSON.parse(readFileSync(values.spec, "utf8"));
  const id = values["app-id"];
  const app = spec === undefined ? undefined : emulator.createApp(spec, id === undefined ? {} : { id });
  console.log(JSON.stringify({ url: emulator.url, appId: app?.id ?? null, token: emulator.token }));
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void emulator.close());
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
