// The test that runs, told from those that run beside it. What it opens is closed when it has ended; Vitest's own hook takes the last one that began.

import { AsyncLocalStorage } from "node:async_hooks";
import { onTestFinished, type TestContext } from "vitest";

export const running = new AsyncLocalStorage<TestContext>();

export function onEnd(close: () => unknown): void {
  const test = running.getStore() ?? { onTestFinished };
  test.onTestFinished(async () => void (await close()));
}

/** For a test that runs beside its like, but alone where `npm run mutate` has to know which test runs a line. */
export const beside = { concurrent: process.env["MUTATE_TESTS"] === undefined };
