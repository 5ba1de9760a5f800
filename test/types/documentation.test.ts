// The source says the same everywhere: argument comments, the codes that it throws, and the table of error codes.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { errorCodes } from "../../provider/error-codes.js";
import { listCodes, listPromisedCodes, listSilentMembers, parseProvider, repository } from "./comments.js";

const read = (file: string) => readFileSync(join(repository, file), "utf8");
const provider = parseProvider();
const codes = listCodes(provider.filter(({ fileName }) => !fileName.endsWith("provider/error-codes.ts")));

describe("the public arguments", () => {
  it("have a comment on every member that does not explain itself", () => {
    expect(listSilentMembers(parseProvider("provider/resources"))).toEqual([]);
  });

  it("promise only error codes that exist", () => {
    expect(listPromisedCodes(provider).length).toBeGreaterThan(10);
    expect(listPromisedCodes(provider).filter((code) => !codes.includes(code))).toEqual([]);
  });
});

describe("the table of error codes", () => {
  it("has every code that the source uses, and no other", () => {
    expect(Object.keys(errorCodes).sort()).toEqual(codes);
  });

  it("is sorted, so that a code is found", () => {
    expect(Object.keys(errorCodes)).toEqual(Object.keys(errorCodes).toSorted());
  });

  it("says everything in one sentence each", () => {
    const sentences = Object.values(errorCodes).flatMap(({ meaning, remedy }) => [meaning, remedy]);
    expect(sentences.filter((text) => !/^[A-Z`][^|\n]*[^.]\.$/.test(text) || /\. [A-Z]/.test(text))).toEqual([]);
  });

  it("is the page docs/errors.md", () => {
    const rows = [...read("docs/errors.md").matchAll(/^\| `(.+?)` \| (.+?) \| (.+?) \| (yes|no) \|$/gm)];
    const listed = rows.map(([, code, meaning, remedy, retry]) => [
      code,
      { meaning, remedy, retryable: retry === "yes" },
    ]);
    expect(Object.fromEntries(listed)).toEqual(errorCodes);
  });

  it("alone decides whether a retry helps", () => {
    const deciding = provider
      .filter(({ fileName }) => !/provider\/error(?:s|-codes)\.ts$/.test(fileName))
      .filter(({ text }) => /\bretryable:/.test(text));
    expect(deciding.map(({ fileName }) => fileName)).toEqual([]);
  });
});
