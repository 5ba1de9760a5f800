// Which webhooks are believed, and which sources they are about.

import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import {
  concerns,
  createReplayGuard,
  isAuthentic,
  isTimely,
  type Notice,
  readNotice,
  replayWindow,
} from "../../../provider/commands/watch/webhook.js";
import type { InfisicalSource } from "../../../schema/index.js";

const secret = "canary-of-the-webhook";
const now = 1_790_000_000_000;

/** As the server builds it: the time is put into the payload, and the text of the payload is signed. */
function deliver(payload: object, timestamp = now) {
  const body = new TextEncoder().encode(JSON.stringify({ ...payload, timestamp }));
  const digest = createHmac("sha256", secret).update(body).digest("hex");
  return { body, signature: `t=${timestamp};${digest}` };
}

const project = { workspaceId: "p", projectId: "p", projectName: "Shop", environment: "prod", secretPath: "/web" };
const modified = { event: "secrets.modified", project };

describe("a signature", () => {
  test("of the body with the secret is believed", () => {
    expect(isAuthentic(deliver(modified), secret)).toBe(true);
  });

  test("is not believed over another body, with another secret, or in another form", () => {
    const { body, signature } = deliver(modified);
    const digest = signature.slice(signature.indexOf(";") + 1);
    expect(isAuthentic({ body, signature }, "another")).toBe(false);
    expect(isAuthentic({ body: new TextEncoder().encode(" "), signature }, secret)).toBe(false);
    for (const form of [undefined, "", digest, `t=${now}`, `t=${now};`, `t=${now};${digest}00`, `t=x;${digest}`])
      expect(isAuthentic({ body, signature: form }, secret), String(form)).toBe(false);
  });
});

describe("a notice", () => {
  const noticeAt = (timestamp: number, said = timestamp) => {
    const { body, signature } = deliver(modified, timestamp);
    return isTimely(readNotice(body) as Notice, signature.replace(/t=\d+/, `t=${said}`), now);
  };

  test("is timely within five minutes, on either side", () => {
    expect([noteworthy(-replayWindow), noteworthy(replayWindow)]).toEqual([true, true]);
    expect([noteworthy(-replayWindow - 1), noteworthy(replayWindow + 1)]).toEqual([false, false]);
  });
  const noteworthy = (offset: number) => noticeAt(now + offset);

  test("with an unsigned time that is not the signed one is refused", () => {
    expect(noticeAt(now - 2 * replayWindow, now)).toBe(false);
  });

  test("is accepted once, whatever the case of its letters", () => {
    const isNew = createReplayGuard();
    const { signature } = deliver(modified);
    expect([isNew(signature, now), isNew(signature, now + 1), isNew(signature.toUpperCase(), now)]).toEqual([
      true,
      false,
      false,
    ]);
    expect(isNew(deliver(modified, now + 1).signature, now)).toBe(true);
  });

  test("is accepted once, however its header writes the time, which nobody has signed", () => {
    const { signature } = deliver(modified);
    const digest = signature.slice(signature.indexOf(";"));
    const isNew = createReplayGuard();
    expect(isNew(signature, now)).toBe(true);
    for (const time of [`0${now}`, `00${now}`, `000${now}`, "0", "1", `${now + 1}`])
      expect(isNew(`t=${time}${digest}`, now), time).toBe(false);
    expect(isNew(`T=0${now}${digest.toUpperCase()}`, now)).toBe(false);
    expect(isNew("no signature", now)).toBe(false);
  });

  test("that is no such JSON is none", () => {
    for (const text of ["", "{", "[]", "{}", '{"event":1,"timestamp":1}', '{"event":"test"}'])
      expect(readNotice(new TextEncoder().encode(text)), text).toBeUndefined();
    expect(readNotice(Uint8Array.of(0xff, 0xfe))).toBeUndefined();
  });
});

describe("a source is concerned", () => {
  const source: InfisicalSource = { type: "infisical", projectId: "p", environment: "prod", secretPath: "/web" };
  const about = (payload: object, over: Partial<InfisicalSource> = {}) =>
    concerns(readNotice(deliver(payload).body) as Notice, { ...source, ...over });

  test("by a change in its folder, however the folder is written", () => {
    expect(about(modified)).toBe(true);
    expect(about(modified, { secretPath: "/web/" })).toBe(true);
    const atRoot = { ...modified, project: { ...project, secretPath: "/" } };
    const { secretPath: _, ...withoutPath } = source;
    expect(concerns(readNotice(deliver(atRoot).body) as Notice, withoutPath)).toBe(true);
  });

  test("by a change below its folder only when it is recursive", () => {
    const below = { ...modified, project: { ...project, secretPath: "/web/api" } };
    const beside = { ...modified, project: { ...project, secretPath: "/website" } };
    expect([about(below), about(below, { recursive: true })]).toEqual([false, true]);
    expect(about(beside, { recursive: true })).toBe(false);
    expect(about(beside, { recursive: true, secretPath: "/" })).toBe(true);
  });

  test("by no other project or environment, and by no test or reminder", () => {
    expect(about(modified, { projectId: "q" })).toBe(false);
    expect(about(modified, { environment: "dev" })).toBe(false);
    expect(about({ ...modified, event: "test" })).toBe(false);
    expect(about({ ...modified, event: "secrets.reminder-expired" })).toBe(false);
    expect(about({ event: "secrets.modified" })).toBe(false);
  });

  test("by a server that only knows the project's earlier name", () => {
    const { projectId: _, ...earlier } = project;
    expect(about({ ...modified, project: earlier })).toBe(true);
  });
});
