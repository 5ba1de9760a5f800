// The Netlify emulator as a program of its own: `main --port 4020 --site-id ID`. Prints one JSON line, then serves.
import { parseArgs } from "node:util";
import { startNetlify } from "./index.js";

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { port: { type: "string" }, "site-id": { type: "string" }, "phase-ms": { type: "string" } },
  });
  const netlify = await startNetlify({ port: Number(values.port ?? 0), phaseMs: Number(values["phase-ms"] ?? 250) });
  const siteId = values["site-id"];
  const site = netlify.addSite(siteId === undefined ? {} : { id: siteId });
  console.log(JSON.stringify({ url: netlify.url, siteId: site.id, token: netlify.token }));
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void netlify.close());
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
