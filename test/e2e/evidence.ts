// What a run of the CLI left behind, as data: the preview as JSON, the exported state, the calls.

import { expect } from "vitest";
import type { Run, World } from "./harness.js";

interface PreviewStep {
  readonly op: string;
  readonly urn: string;
  readonly diffReasons?: readonly string[];
  readonly detailedDiff?: Readonly<Record<string, unknown>>;
}

export interface Preview {
  readonly steps: readonly PreviewStep[];
  readonly diagnostics?: ReadonlyArray<{ readonly urn?: string; readonly message: string; readonly severity: string }>;
}

export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly initErrors?: readonly string[];
  readonly dependencies?: readonly string[];
}

/** `preview --json`: steps of our resources. The CLI leaves out what stays the same. */
export async function previewJson(world: World): Promise<Preview> {
  const { stdout } = await world.preview("--json");
  const preview = JSON.parse(stdout) as Preview;
  return { ...preview, steps: preview.steps.filter(({ urn }) => /secret-sync:/.test(urn)) };
}

/** The messages that a preview carries for one resource. */
export function messagesOf(preview: Preview, name: string): string {
  const own = (preview.diagnostics ?? []).filter(({ urn }) => urn?.endsWith(`::${name}`));
  return own.map(({ message }) => message).join("\n");
}

/** The state with every secret in clear; the harness has looked for canaries in it. */
export async function exportState(world: World): Promise<StateResource[]> {
  const { code, stdout } = await world.pulumi("stack", "export", "--show-secrets");
  expect(code).toBe(0);
  const state = JSON.parse(stdout) as { deployment: { resources?: StateResource[] } };
  return (state.deployment.resources ?? []).filter(({ type }) => type.includes("secret-sync:"));
}

/** What the last sync of the stack keeps among its inputs as one secret text: the salt of its values, and their fingerprints. */
export async function readHiddenInputs(
  world: World,
): Promise<{ salt: string; keys: Readonly<Record<string, string>> }> {
  const kept = (await exportState(world)).findLast(({ type }) => type.endsWith("SecretSync"));
  const { plaintext = "null" } = (kept?.inputs["__state"] ?? {}) as { readonly plaintext?: string };
  return JSON.parse(JSON.parse(plaintext)) as { salt: string; keys: Record<string, string> };
}

/** Calls of one run, polls of deployments left out: their number depends on how long a deployment takes. */
export async function callsOf(world: World, run: () => Promise<Run>): Promise<Record<string, number>> {
  world.cloud.resetCounts();
  await run();
  const polls = "GET /v2/apps/{app_id}/deployments";
  return Object.fromEntries(Object.entries(world.cloud.counts()).filter(([name]) => !name.startsWith(polls)));
}

/** Calls of a run that writes once: the look before, the write, the look after. */
export const oneWrite = { "GET /v2/apps/{id}": 2, "PUT /v2/apps/{id}": 1 };

/** A change in the console, with its deployment ended. */
export function editConsole({ cloud }: World, appId: string, edit: Parameters<World["cloud"]["editConsole"]>[1]): void {
  cloud.editConsole(appId, edit);
  cloud.settle(appId);
}

/** Values of app-level variables, decrypted. */
export function valuesAt({ cloud }: World, appId: string): Record<string, string> {
  const envs = cloud.app(appId).spec.envs ?? [];
  return Object.fromEntries(
    envs.map(({ key, value = "" }) => [key, value.startsWith("EV[") ? cloud.decrypt(appId, value) : value]),
  );
}
