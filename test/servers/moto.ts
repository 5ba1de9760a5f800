// Test side: starts moto, which answers as AWS Secrets Manager does. https://docs.getmoto.org/en/latest/docs/server_mode.html

import { findFreePort, type RunningServer, startServer } from "./process.js";

/** @param programs the folder of its Python environment's programs */
export async function startMoto(programs: string): Promise<RunningServer> {
  const port = await findFreePort();
  return startServer([`${programs}/moto_server`, "-H", "127.0.0.1", "-p", String(port)], {
    origin: `http://127.0.0.1:${port}`,
    isReady: async (origin) => (await fetch(`${origin}/moto-api/`)).ok,
  });
}
