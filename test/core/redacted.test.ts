// The wrapper that never shows its value, and the net that cleans foreign text.

import { format, inspect } from "node:util";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { maskText, redact } from "../../provider/redacted.js";

const canary = "cnry-4e1d7c-do-not-show";

describe("a redacted value", () => {
  const value = redact(canary);
  const held = { list: [value], map: new Map([["key", value]]), value };

  const forms: ReadonlyArray<readonly [string, () => string]> = [
    ["as text", () => String(value)],
    ["in a template", () => `it is ${value as unknown as string}`],
    ["joined", () => [value, value].join()],
    ["as JSON", () => JSON.stringify(held)],
    ["inspected", () => inspect(held, { depth: 9, showHidden: true, getters: true })],
    ["inspected without its own inspection", () => inspect(held, { depth: 9, showHidden: true, customInspect: false })],
    ["formatted", () => format("%s %o %O %j", value, value, value, value)],
    ["cloned", () => inspect(structuredClone(value), { showHidden: true })],
    ["spread", () => JSON.stringify({ ...(value as object) })],
    ["by its members", () => JSON.stringify([Object.entries(value), Reflect.ownKeys(value).map(String)])],
    ["in an error", () => inspect(new Error(`bad ${value as unknown as string}`, { cause: held }))],
  ];

  test.each(forms)("is not shown %s", (_, show) => {
    expect(show()).not.toContain(canary);
  });

  test("is given back only by asking for it", () => {
    expect(value.reveal()).toBe(canary);
  });
});

describe("the mask over foreign text", () => {
  const multiLine = `-----BEGIN KEY-----\n${canary}\n-----END KEY-----\n`;
  const awkward = `a"b\\c\td/e ${canary} ?&=%ü`;

  const appearances: ReadonlyArray<readonly [string, string, string]> = [
    ["as it is", canary, canary],
    ["twice", canary, `${canary}${canary}`],
    ["trimmed", ` ${canary}\n`, canary],
    ["escaped as JSON", awkward, JSON.stringify({ value: awkward })],
    ["URL-encoded", awkward, encodeURIComponent(awkward)],
    ["in base64", canary, Buffer.from(canary).toString("base64")],
    ["over several lines", multiLine, multiLine],
    ["one of its lines", multiLine, `parse error near "${canary}"`],
    ["with JSON line breaks", multiLine, JSON.stringify(multiLine)],
  ];

  test.each(appearances)("hides a value that appears %s", (_, value, text) => {
    const masked = maskText(`before ${text} after`, [redact(value)]);
    expect(masked).not.toContain(canary);
    expect(masked).not.toContain(text);
    expect(masked).toMatch(/^before.*\[secret\].* after$/s);
  });

  test("hides a value whole when it contains another one", () => {
    expect(maskText(`it is ${canary}-tail`, [redact(canary), redact(`${canary}-tail`)])).toBe("it is [secret]");
  });

  test("leaves values shorter than four characters: hiding every 1 would destroy the message", () => {
    expect(maskText("1 of 100 true", [redact("1"), redact("100"), redact("")])).toBe("1 of 100 true");
    expect(maskText("is true", [redact("true")])).toBe("is [secret]");
  });

  test("takes a value for what it is, not for a pattern", () => {
    expect(maskText("a.*b $& aXXb", [redact("a.*b"), redact("$&$&")])).toBe("[secret] $& aXXb");
  });

  test("never fails and never leaves a value in sight, whatever the value is made of", () => {
    const anything = fc.string({ unit: "binary", minLength: 4 });
    fc.assert(
      fc.property(anything, fc.string(), fc.string(), (value, before, after) => {
        fc.pre(!"[secret]".includes(value) && !value.includes("[") && !value.includes("]"));
        expect(maskText(`${before}${value}${after}`, [redact(value)])).not.toContain(value);
      }),
    );
  });

  test("copes with a value that is no well-formed text", () => {
    const broken = `${canary}\uD800`;
    expect(maskText(`it is ${broken}`, [redact(broken)])).toBe("it is [secret]");
  });
});
