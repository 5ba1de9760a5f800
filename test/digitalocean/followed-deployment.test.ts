// How a deployment stands that a run follows, and for how long it is followed.

import { describe, expect, test } from "vitest";
import { openShop } from "./open-shop.js";

const { shop, open } = openShop();

describe("a deployment that is followed", () => {
  const poll = (deployment: object, more: object = {}) => {
    shop.ocean.faults.add({
      match: { path: /deployments\/d-1$/ },
      status: 200,
      body: { deployment: { id: "d-1", ...deployment } },
    });
    return open(more).poll("d-1");
  };

  test.each<[object, object]>([
    [{ phase: "ACTIVE" }, { state: "done" }],
    [{ phase: "SUPERSEDED" }, { state: "superseded", detail: "deployment d-1 SUPERSEDED" }],
    [{ phase: "CANCELED" }, { state: "superseded", detail: "deployment d-1 CANCELED" }],
    [{ phase: "BUILDING" }, { state: "pending", detail: "deployment d-1 BUILDING" }],
    [{ phase: "NEWER" }, { state: "pending", detail: "deployment d-1 NEWER" }],
    [{}, { state: "pending", detail: "deployment d-1 UNKNOWN" }],
    [
      { phase: null, progress: null },
      { state: "pending", detail: "deployment d-1 UNKNOWN" },
    ],
    [
      { phase: "BUILDING", progress: {} },
      { state: "pending", detail: "deployment d-1 BUILDING" },
    ],
    [
      { phase: "BUILDING", progress: { total_steps: 0 } },
      { state: "pending", detail: "deployment d-1 BUILDING" },
    ],
    [
      { phase: "BUILDING", progress: { total_steps: 6 } },
      { state: "pending", detail: "deployment d-1 BUILDING 0/6" },
    ],
    [
      { phase: "DEPLOYING", progress: { success_steps: 4, total_steps: 6 } },
      { state: "pending", detail: "deployment d-1 DEPLOYING 4/6" },
    ],
  ])("%j is %j", async (deployment, progress) => {
    expect(await poll(deployment)).toEqual(progress);
  });

  test("is superseded when it is gone", async () => {
    expect(await open().poll("d-1")).toEqual({ state: "superseded", detail: "deployment d-1 is gone" });
  });

  test("has failed with a way back for those who do not go back by themselves", async () => {
    const told = "put the earlier values into the source, or let deployment.onFailure";
    const progress = await poll({ phase: "ERROR" });
    expect(progress).toMatchObject({ state: "failed", wayBack: expect.stringContaining(told) as string });
    expect(progress).not.toMatchObject({ problem: { message: expect.stringContaining(told) as string } });
  });

  test("is waited for half an hour, unless the sync says otherwise", () => {
    expect(open().deployment).toEqual({ wait: true, timeoutMs: 1_800_000, onFailure: "report" });
    expect(open({ deployment: {} }).deployment).toEqual({ wait: true, timeoutMs: 1_800_000, onFailure: "report" });
    expect(open({ deployment: { wait: false, timeoutSeconds: 5, onFailure: "restore" } }).deployment).toEqual({
      wait: false,
      timeoutMs: 5_000,
      onFailure: "restore",
    });
  });
});
