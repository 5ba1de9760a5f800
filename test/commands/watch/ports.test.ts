// The ports of the unattended runner: what it answers to health checks, and what a webhook makes it do.

import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test, vi } from "vitest";
import { waitFor } from "../../waiting.js";
import { findPort, hearEach, nothingToDo, playProgram, refused, stop, watch, well } from "./played-runner.js";

const heard = hearEach();

test("health checks tell that it is ready once its run was well, live, and with its figures", async () => {
  const port = await findPort();
  const runner = watch([playProgram()], { healthPort: port });
  await runner.server;
  const ask = async (page: string) => {
    const answer = await fetch(`http://127.0.0.1:${port}/${page}`);
    return { status: answer.status, type: answer.headers.get("content-type"), body: await answer.text() };
  };
  await waitFor(() => expect(heard.lines()).toHaveLength(1));
  const ready = { stacks: [{ stack: "shop/prod", fine: true, result: "unchanged" }] };
  for (const page of ["ready", "health"]) {
    const { status, body } = await ask(page);
    expect(status).toBe(200);
    expect(JSON.parse(body)).toMatchObject(ready);
  }
  expect(await ask("live")).toEqual({ status: 200, type: "application/json", body: '{"live":true}\n' });
  const metrics = await ask("metrics");
  expect(metrics).toMatchObject({ status: 200, type: expect.stringMatching(/^text\/plain; version=/) });
  expect(metrics.body).toContain('stack="shop/prod"');
  await stop(runner);
  await expect(ask("live")).rejects.toThrow("fetch failed");
});

test("it is not ready while its run fails", async () => {
  const port = await findPort();
  const runner = watch(
    [playProgram({ ...well, preview: refused("resource 'web' has a problem: source.not_found: no") })],
    {
      healthPort: port,
    },
  );
  await runner.server;
  await waitFor(() => expect(heard.lines()).toHaveLength(1));
  expect((await fetch(`http://127.0.0.1:${port}/ready`)).status).toBe(503);
  expect((await fetch(`http://127.0.0.1:${port}/live`)).status).toBe(200);
  await stop(runner);
});

test("it runs after a webhook about what its syncs read, and keeps its secret from the CLI", async () => {
  vi.stubEnv("INFISICAL_WEBHOOK_SECRET", "canary-of-the-webhook");
  const port = await findPort();
  const preview = `echo "[$INFISICAL_WEBHOOK_SECRET]" >> told; ${nothingToDo}`;
  const folder = playProgram({ ...well, preview });
  const runner = watch([folder], { json: true, webhookPort: port });
  await runner.server;
  await waitFor(() => expect(heard.reports()).toHaveLength(1));
  const ring = (secretPath: string) => notify(port, secretPath);
  expect([await ring("/other"), await ring("/web")]).toEqual([200, 200]);
  await waitFor(() => expect(heard.reports()).toHaveLength(2));
  expect(heard.reports().map(({ cause }) => cause)).toEqual([["start"], ["webhook"]]);
  expect(readFileSync(path.join(folder, "told"), "utf8")).toBe("[]\n[]\n");
  await stop(runner);
  await expect(ring("/web")).rejects.toThrow("fetch failed");
});

/** As Infisical signs it. */
async function notify(port: string, secretPath: string): Promise<number> {
  const timestamp = Date.now();
  const project = { workspaceId: "p", projectId: "p", projectName: "Shop", environment: "prod", secretPath };
  const body = JSON.stringify({ event: "secrets.modified", project, timestamp });
  const digest = createHmac("sha256", "canary-of-the-webhook").update(body).digest("hex");
  const headers = { "content-type": "application/json", "x-infisical-signature": `t=${timestamp};${digest}` };
  return (await fetch(`http://127.0.0.1:${port}/webhooks/infisical`, { method: "POST", headers, body })).status;
}
