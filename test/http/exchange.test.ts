// One request as undici may play it, also in ways that no server can cause: what is said of it, and that it is sent once.

import type { Dispatcher } from "undici";
import { describe, expect, test } from "vitest";
import { exchange, type Outcome } from "../../provider/http/exchange.js";

type Play = (handler: Required<Dispatcher.DispatchHandler>, controller: Dispatcher.DispatchController) => void;

/** A dispatcher that does as it is told. */
async function play(acts: Play): Promise<{ outcome: Outcome; aborted: string[] }> {
  const aborted: string[] = [];
  const controller = {
    abort: (reason: Error) => aborted.push(reason.message),
  } as unknown as Dispatcher.DispatchController;
  const dispatcher = {
    dispatch: (_: unknown, handler: Required<Dispatcher.DispatchHandler>) => {
      acts(handler, controller);
      return true;
    },
  } as unknown as Dispatcher;
  const sending = {
    origin: "https://a.example",
    path: "/",
    method: "GET",
    headers: {},
    body: null,
    timeoutMs: 5_000,
  } as const;
  return { outcome: await exchange(dispatcher, sending), aborted };
}

const codeOf = async (error: unknown) => {
  const { outcome } = await play((handler, controller) => handler.onResponseError(controller, error as Error));
  return outcome.kind === "answer" ? undefined : outcome.fault.code;
};
const coded = (code: unknown, cause?: unknown) => Object.assign(new Error("canary", { cause }), { code });

describe("one request", () => {
  test("that cannot even begin was not sent", async () => {
    const { outcome } = await play(() => {
      throw coded("UND_ERR_INVALID_ARG");
    });
    expect(outcome).toEqual({ kind: "silence", sent: false, fault: { kind: "broken", code: "UND_ERR_INVALID_ARG" } });
  });

  test("is not begun a second time", async () => {
    const { outcome, aborted } = await play((handler, controller) => {
      handler.onRequestStart(controller, undefined);
      handler.onRequestStart(controller, undefined);
      handler.onResponseError(controller, coded("ECONNRESET"));
    });
    expect(outcome).toMatchObject({ kind: "silence", sent: true });
    expect(aborted).toHaveLength(2);
  });

  test("is answered by the last status, and not by one that only announces it", async () => {
    const { outcome } = await play((handler, controller) => {
      handler.onRequestStart(controller, undefined);
      handler.onResponseStart(controller, 103, { link: "x" }, "Early Hints");
      handler.onResponseStart(controller, 200, { "X-One": "1", "set-cookie": ["a", "b"], none: undefined }, "OK");
      handler.onResponseData(controller, Buffer.from("{}"));
      handler.onResponseEnd(controller, {});
    });
    expect(outcome).toStrictEqual({
      kind: "answer",
      status: 200,
      headers: { "x-one": "1", "set-cookie": "a, b" },
      text: "{}",
    });
  });

  test("that ends without a status is broken", async () => {
    const { outcome } = await play((handler, controller) => {
      handler.onRequestStart(controller, undefined);
      handler.onResponseStart(controller, 199, {}, "");
      handler.onResponseEnd(controller, {});
    });
    expect(outcome).toEqual({ kind: "silence", sent: true, fault: { kind: "broken", code: "" } });
  });

  test("keeps what came of a body that breaks off", async () => {
    const { outcome } = await play((handler, controller) => {
      handler.onRequestStart(controller, undefined);
      handler.onResponseStart(controller, 400, {}, "");
      handler.onResponseData(controller, Buffer.from('{"message"'));
      handler.onResponseError(controller, coded("UND_ERR_SOCKET"));
    });
    expect(outcome).toMatchObject({ kind: "cut", status: 400, text: '{"message"', fault: { code: "UND_ERR_SOCKET" } });
  });

  test("takes 32 MiB and not a byte more", async () => {
    const ofSize = (size: number) =>
      play((handler, controller) => {
        handler.onRequestStart(controller, undefined);
        handler.onResponseStart(controller, 200, {}, "");
        handler.onResponseData(controller, Buffer.alloc(size));
        handler.onResponseEnd(controller, {});
      });
    expect((await ofSize(32 * 1024 * 1024)).outcome.kind).toBe("answer");
    expect((await ofSize(32 * 1024 * 1024 + 1)).outcome).toMatchObject({ kind: "cut", fault: { kind: "too-large" } });
  });
});

describe("of what went wrong", () => {
  test.each([
    ["a code", coded("ECONNREFUSED"), "ECONNREFUSED"],
    ["the code of the cause, which says more", coded("UND_ERR_SOCKET", coded("EPIPE")), "EPIPE"],
    ["the outer code where the cause has none", coded("UND_ERR_SOCKET", new Error("canary")), "UND_ERR_SOCKET"],
    ["nothing that only begins like a code", coded("ECONN canary"), ""],
    ["nothing that only ends like a code", coded("canary ECONN"), ""],
    ["no number", coded(5), ""],
    ["no single letter", coded("E"), ""],
    ["no code of more than 61 characters", coded(`E${"X".repeat(61)}`), ""],
    ["a code of 61 characters", coded(`E${"X".repeat(60)}`), `E${"X".repeat(60)}`],
    ["nothing of what is no error", { code: "ECONNRESET" }, ""],
  ])("is told %s", async (_, error, code) => {
    expect(await codeOf(error)).toBe(code);
  });
});
