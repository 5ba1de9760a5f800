// Awkward values walk through every way a run can end. No form of them reaches inputs, outputs, messages or errors.

import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Properties } from "../../provider/lifecycle/engine/wire.js";
import {
  type DigitalOceanOptions,
  type DigitalOceanEmulator,
  startDigitalOcean,
} from "../emulators/digitalocean/index.js";
import { type Run, type Stack, stackOn, sync } from "../lifecycle/stack.js";

/** Values that are easily missed by a mask: several lines, quotes, percent signs, other scripts, very long, looking like JSON. */
const awkward: Record<string, string> = {
  LINES: "-----BEGIN canary-----\ncanary-line-one-8f1c\ncanary-line-two-77ab\n-----END canary-----\n",
  QUOTES: `canary"quoted'\\back\`tick-19d2`,
  PERCENT: "canary%20space & amp=4c31",
  SCRIPT: "canary-ключ-鍵-🔑-55e0",
  LONG: `canary-long-${"x".repeat(5000)}`,
  JSON: '{"canary":"json-2b9f"}',
  SPACES: "  canary-spaces-c0de  ",
};

/** The forms in which a value may come back. A bare hash is one: a short secret could be guessed from it. */
function formsOf(value: string): string[] {
  const hashes = ["sha256", "sha1", "md5"].flatMap((algorithm) => [
    createHash(algorithm).update(value).digest("hex"),
    createHash(algorithm).update(value).digest("base64url"),
  ]);
  return [
    value,
    value.trim(),
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(value),
    Buffer.from(value).toString("base64"),
    Buffer.from(value).toString("base64url"),
    Buffer.from(value).toString("hex"),
    ...value.split("\n").filter((line) => line.length >= 12),
    ...hashes,
  ];
}

function findLeaks(evidence: unknown): string[] {
  const text = JSON.stringify(evidence);
  return Object.entries(awkward).flatMap(([key, value]) =>
    formsOf(value)
      .filter((form) => text.includes(form) || text.includes(JSON.stringify(form).slice(1, -1)))
      .map((form) => `${key} as ${form.slice(0, 40)}`),
  );
}

interface Scene {
  readonly stack: Stack;
  readonly cloud: DigitalOceanEmulator;
  readonly appId: string;
  readonly program: (options?: Properties, values?: Record<string, string>) => ReturnType<typeof sync>[];
}

/** Walks, and answers what leaked. */
async function leaksOf(options: DigitalOceanOptions, walk: (scene: Scene) => Promise<Run[]>): Promise<string[]> {
  const cloud = await startDigitalOcean({ deployment: { phaseMs: 1 }, ...options });
  try {
    const stack = stackOn(cloud);
    const { id: appId } = cloud.createApp({ name: "shop", services: [{ name: "web" }] });
    const program = (args: Properties = {}, values = awkward) => {
      const { destination, ...rest } = args;
      return [sync("web", values, { destination: { appId, ...(destination as Properties) }, ...rest })];
    };
    const runs = await walk({ stack, cloud, appId, program });
    expect(runs.length).toBeGreaterThan(0);
    // The values did travel: the emulator has seen them.
    expect(findLeaks(cloud.requests)).not.toEqual([]);
    return findLeaks([runs, [...stack.state]]);
  } finally {
    await cloud.close();
  }
}

const both = async ({ stack, program }: Scene, args?: Properties) => {
  const preview = await stack.preview(program(args));
  return [preview, await stack.up(program(args))];
};

describe("no value comes out", () => {
  test("of a life without trouble", async () => {
    const leaks = await leaksOf({}, async (scene) => {
      const { stack, program, cloud, appId } = scene;
      const first = await both(scene);
      cloud.editConsole(appId, (spec) => (spec.envs = [{ key: "LINES", value: "by hand" }]));
      cloud.settle(appId);
      const rest = [await stack.refresh(), ...(await both(scene)), await stack.up(program({}, { LINES: "x" }))];
      return [...first, ...rest, await stack.destroy()];
    });
    expect(leaks).toEqual([]);
  });

  test("of a life in plain text", async () => {
    const leaks = await leaksOf({}, async (scene) => both(scene, { destination: { variableType: "GENERAL" } }));
    expect(leaks).toEqual([]);
  });

  test("of a refusal that quotes what it refuses", async () => {
    const leaks = await leaksOf({ refuseValue: /canary/ }, async (scene) => {
      const runs = await both(scene);
      expect(runs.at(-1)?.problems).toMatch(/destination\.rejected/);
      return runs;
    });
    expect(leaks).toEqual([]);
  });

  test("of an error whose body echoes the whole request", async () => {
    const body = { id: "server_error", message: JSON.stringify(awkward), values: Object.values(awkward) };
    const leaks = await leaksOf({}, async (scene) => {
      scene.cloud.faults.add({ match: { method: "PUT", times: Infinity }, status: 422, body });
      const runs = await both(scene);
      expect(runs.at(-1)?.problems).toMatch(/destination\.rejected/);
      return runs;
    });
    expect(leaks).toEqual([]);
  });

  test("of a write that was never confirmed", async () => {
    const leaks = await leaksOf({}, async (scene) => {
      scene.cloud.faults.add({ match: { method: "PUT", times: Infinity }, timeoutAfterApply: true });
      scene.cloud.onAnswer({ method: "PUT" }, () => {
        scene.cloud.faults.add({
          match: { method: "GET", times: Infinity },
          status: 503,
          body: Object.values(awkward).join(),
        });
      });
      const runs = await both(scene);
      expect(runs.at(-1)?.problems).toMatch(/write\.unconfirmed/);
      return runs;
    });
    expect(leaks).toEqual([]);
  });

  test("of a deployment that fails with the values in its reason", async () => {
    const leaks = await leaksOf({}, async (scene) => {
      const reasonCode = "DeployContainerExitNonZero";
      const message = Object.values(awkward).join(" ");
      scene.cloud.failNextDeployment(scene.appId, { step: "deploy", reasonCode, message, component: "web" });
      const runs = await both(scene);
      expect(runs.at(-1)?.problems).toMatch(/deployment\.failed/);
      return runs;
    });
    expect(leaks).toEqual([]);
  });

  test("of problems that the values themselves cause", async () => {
    const leaks = await leaksOf({}, async ({ stack, program }) => {
      const written = await stack.up(program());
      const worse = Object.fromEntries(
        Object.entries(awkward).map(([key, value]) => [`${key}-BAD`, `EV[${value}\${x}`]),
      );
      return [written, await stack.preview(program({}, worse)), await stack.up(program({}, worse))];
    });
    expect(leaks).toEqual([]);
  });
});
