// One error shape: all problems of a pass together, sorted, told once, and never a stack.

import { describe, expect, test } from "vitest";
import {
  firstProblem,
  isAmbiguous,
  isSecretSyncError,
  type Problem,
  listProblems,
  renderProblems,
  SecretSyncError,
} from "../../provider/errors.js";

const one = { code: "key.invalid", message: "one" } as const;
const two = { code: "destination.busy", message: "two" } as const;

describe("the error of a pass", () => {
  test("holds every problem once, in one order, whoever found them first", () => {
    for (const problems of [
      [one, two, one],
      [two, one, two],
    ]) {
      const error = new SecretSyncError(problems);
      expect(error.problems).toEqual([{ ...two, retryable: true }, one]);
      expect(error.message).toBe("2 problems:\n  - destination.busy: two (retrying may help)\n  - key.invalid: one");
    }
  });

  test("of one problem is one line, and its code is the problem's", () => {
    const error = new SecretSyncError(one);
    expect(error.message).toBe("key.invalid: one");
    expect(error.code).toBe("key.invalid");
  });

  test("tells two problems of one code apart by their message", () => {
    expect(new SecretSyncError([one, { ...one, message: "another" }]).problems).toHaveLength(2);
  });

  test("shows the lines of a problem under its sentence, each as one line", () => {
    const listed = { ...one, lines: ["a/KEY", "b\nKEY"] };
    const shown = ["a/KEY", String.raw`b\nKEY`];
    const error = new SecretSyncError([listed, two]);
    expect(error.problems).toEqual([
      { ...two, retryable: true },
      { ...one, lines: shown },
    ]);
    expect(error.message.split("\n")).toEqual([
      "2 problems:",
      "  - destination.busy: two (retrying may help)",
      "  - key.invalid: one",
      ...shown.map((line) => `      ${line}`),
    ]);
    expect(renderProblems([listed]).split("\n")).toEqual(["key.invalid: one", ...shown.map((line) => `      ${line}`)]);
    expect(renderProblems([])).toBe("");
  });

  test("may be retried when every problem may", () => {
    expect(new SecretSyncError(two).retryable).toBe(true);
    expect(new SecretSyncError([one, two]).retryable).toBe(false);
  });

  test("takes from the code alone whether a retry helps, whatever else a problem carries", () => {
    expect(new SecretSyncError({ ...one, retryable: true }).problems).toEqual([one]);
    expect(new SecretSyncError({ ...two, retryable: false }).retryable).toBe(true);
    expect(renderProblems([{ ...one, retryable: true }])).toBe("key.invalid: one");
  });

  test("shows no trace", () => {
    const error = new SecretSyncError(one);
    expect(error.stack).toBe(error.message);
    expect(error.name).toBe("SecretSyncError");
  });

  test("is a bug of this package when it holds no problem", () => {
    expect(new SecretSyncError([]).code).toBe("internal.unexpected");
  });
});

describe("anything thrown", () => {
  class Unconfirmed extends SecretSyncError {
    override readonly ambiguous = true;
  }

  test("is recognised across two copies of the package by its brand", () => {
    const foreign = { [Symbol.for("pulumi-secret-sync.error")]: true, problems: [one] };
    expect(isSecretSyncError(foreign)).toBe(true);
    expect(listProblems(foreign)).toEqual([one]);
    for (const other of [new Error("x"), undefined, null, "text", {}]) expect(isSecretSyncError(other)).toBe(false);
  });

  test("of a newer version keeps its code, and is not retried", () => {
    const newer = JSON.parse('{ "code": "newer.unknown", "message": "one" }') as Problem;
    const inherited = JSON.parse('{ "code": "toString", "message": "one" }') as Problem;
    for (const problem of [newer, inherited]) {
      const error = new SecretSyncError(problem);
      expect([error.code, error.retryable, error.message]).toEqual([problem.code, false, `${problem.code}: one`]);
    }
  });

  test("is ambiguous only when a write says so", () => {
    expect(isAmbiguous(new Unconfirmed(one))).toBe(true);
    expect(isAmbiguous(new SecretSyncError(one))).toBe(false);
    expect(isAmbiguous(Object.assign(new Error("x"), { ambiguous: true }))).toBe(false);
  });

  test("that is not ours keeps its message and nothing else", () => {
    const cause = new Error("cause that may hold a value");
    expect(listProblems(new Error("boom", { cause }))).toEqual([
      { code: "internal.unexpected", message: "unexpected failure: boom" },
    ]);
    expect(listProblems("text")[0]?.message).toBe("unexpected failure: text");
  });

  test("is told in one sentence where there is room for one", () => {
    expect(firstProblem(new SecretSyncError([one, two]))).toEqual({ ...two, retryable: true });
    expect(firstProblem("text")).toEqual({ code: "internal.unexpected", message: "unexpected failure: text" });
    expect(firstProblem(new SecretSyncError([]))).toEqual({
      code: "internal.unexpected",
      message: "no reason given",
    });
  });

  test("is rendered one problem a line", () => {
    expect(renderProblems([one])).toBe("key.invalid: one");
  });
});
