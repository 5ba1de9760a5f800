// The AWS Secrets Manager source without a server: names of keys, pages and batches, and answers that are not whole.

import { describe, expect, test } from "vitest";
import { nameKey } from "../../provider/sources/remote/aws-secrets-manager/secret.js";
import type { AwsSecretsManagerSource } from "../../schema/index.js";
import { read, sdkThat } from "./aws-sdk.js";
import { canary, failureOf, reveal } from "./canary.js";

describe("an aws-secrets-manager source", () => {
  test("says how to get the SDK when the program has none", async () => {
    const load = () => Promise.reject(new Error("Cannot find module"));
    expect(await failureOf(read(load, { secretId: "a" }))).toEqual([
      "source.missing_package: aws-secrets-manager source: the package @aws-sdk/client-secrets-manager is not installed; " +
        "add it to the program: npm install @aws-sdk/client-secrets-manager",
    ]);
  });

  test.each([
    ["prod/web/database-url", "DATABASE_URL"],
    ["token", "TOKEN"],
    ["a/b.c d/", "B_C_D"],
  ])("names the only key of %s %s", (name, key) => {
    expect(nameKey(name)).toBe(key);
  });

  test.each<[string, unknown, string]>([
    ["a value of bytes", { Name: "a", SecretBinary: Buffer.from(canary) }, "source.binary_value"],
    ["an answer without a value", { Name: "a" }, "source.incomplete"],
    ["a value that is null", { Name: "a", SecretString: null, SecretBinary: null }, "source.incomplete"],
    ["the words of a gateway", { message: canary }, "source.incomplete"],
    ["a batch without values", {}, "source.incomplete"],
    ["a batch whose values are null", { SecretValues: null, Errors: null, NextToken: null }, "source.incomplete"],
  ])("takes %s for a failure", async (what, answer, code) => {
    const load = sdkThat(() => answer);
    const secretIds = what.startsWith("a batch") ? ["a", "b"] : ["a"];
    expect((await failureOf(read(load, { secretIds })))[0]).toMatch(new RegExp(`^${code.replace(".", "\\.")}: `));
  });

  test("follows the pages of a batch and merges in the order of the arguments", async () => {
    const pages = sdkThat((_, { NextToken }) =>
      NextToken === undefined
        ? { SecretValues: [{ Name: "b", SecretString: '{"A":"b"}' }], NextToken: "more" }
        : { SecretValues: [{ Name: "a", SecretString: '{"A":"a"}' }] },
    );
    expect(reveal(await read(pages, { secretIds: ["a", "b"] }))).toEqual({ A: "b" });
    expect(reveal(await read(pages, { secretIds: ["b", "a"] }))).toEqual({ A: "a" });
  });

  test("asks for each secret once, twenty at a time, and for a single one by the call that needs fewer rights", async () => {
    const asked: Array<[command: string, ids: unknown]> = [];
    const load = sdkThat((command, input) => {
      const ids = command === "get" ? [input["SecretId"]] : (input["SecretIdList"] as string[]);
      asked.push([command, ids]);
      const [only, ...others] = ids.map((Name) => ({ Name, SecretString: `{"${String(Name)}":"1"}` }));
      return command === "get" ? only : { SecretValues: [...others, only] };
    });
    const ids = Array.from({ length: 41 }, (_, at) => `s${at}`);
    expect(Object.keys(reveal(await read(load, { secretIds: [...ids, "s7"] })))).toEqual(ids);
    expect(asked).toEqual([
      ["batch", ids.slice(0, 20)],
      ["batch", ids.slice(20, 40)],
      ["batch", ids.slice(40)],
    ]);
    asked.length = 0;
    expect(reveal(await read(load, { secretIds: ["s1", "s1"] }))).toEqual({ s1: "1" });
    expect(asked).toEqual([["get", ["s1"]]]);
  });

  test.each([{}, { format: "json" }, { format: "dotenv" }] as const)("reads a secret with a BOM: %j", async (given) => {
    const text = "format" in given && given.format === "dotenv" ? "A=one" : '{"A":"one"}';
    const load = sdkThat(() => ({ Name: "a", SecretString: `\uFEFF${text}` }));
    expect(reveal(await read(load, { secretId: "a", ...given }))).toEqual({ A: "one" });
  });

  test("finds each secret by its name, its ARN, or its ARN without the end that AWS has drawn", async () => {
    const arn = (name: string) => `arn:aws:secretsmanager:eu-central-1:123456789012:secret:${name}`;
    const values = ["one", "two", "three"].map((Name) => ({
      Name: `web/${Name}`,
      ARN: `${arn(`web/${Name}`)}-AbCdEf`,
    }));
    const load = sdkThat(() => ({
      SecretValues: values.map((value, at) => ({ ...value, SecretString: String(at + 1) })).toReversed(),
    }));
    const secretIds = ["web/one", `${arn("web/two")}-AbCdEf`, arn("web/three")];
    expect(reveal(await read(load, { secretIds }))).toEqual({ ONE: "1", TWO: "2", THREE: "3" });
    expect((await failureOf(read(load, { secretIds: ["web/one", arn("web/t")] })))[0]).toMatch(/^source\.incomplete: /);
    // A stand-in for AWS may leave the name out.
    const nameless = sdkThat(() => ({ ARN: `${arn("web/one")}-AbCdEf`, SecretString: "1" }));
    expect(reveal(await read(nameless, { secretId: "web/one" }))).toEqual({ ONE: "1" });
  });

  test("takes an empty token for the end of the pages", async () => {
    const SecretValues = ["a", "b"].map((Name) => ({ Name, SecretString: `{"${Name}":"1"}` }));
    const pages = sdkThat(() => ({ SecretValues, NextToken: "" }));
    expect(reveal(await read(pages, { secretIds: ["a", "b"] }))).toEqual({ a: "1", b: "1" });
  });

  test.each<[string, (call: number) => unknown]>([
    ["are empty", () => ({ SecretValues: [], NextToken: "same" })],
    ["repeat a secret", () => ({ SecretValues: [{ Name: "a", SecretString: canary }], NextToken: "same" })],
    ["repeat an error", () => ({ Errors: [{ SecretId: "a", ErrorCode: "x" }], NextToken: "same" })],
    ["tell of secrets that nobody asked for", (call) => ({ SecretValues: [{ Name: `s${call}` }], NextToken: "more" })],
  ])("ends where pages %s and another one is announced", async (_, answer) => {
    let calls = 0;
    const endless = sdkThat(() => {
      calls += 1;
      if (calls > 10) throw new Error("still asked");
      return answer(calls);
    });
    expect(await failureOf(read(endless, { secretIds: ["a", "b"] }))).toContain(
      "source.incomplete: aws-secrets-manager source a, b: the pages of the answer do not end; run again",
    );
    expect(calls).toBeLessThan(5);
  });

  describe("takes a text of KEY=value lines", () => {
    const text = `# of the web\nA=one\n\nexport B="${canary}"\n`;
    const pasted = (format?: AwsSecretsManagerSource["format"], SecretString = text) =>
      read(
        sdkThat(() => ({ Name: "prod/web", SecretString })),
        { secretId: "prod/web", ...(format === undefined ? {} : { format }) },
      );

    test("as keys, where that is said", async () => {
      expect(reveal(await pasted("dotenv"))).toEqual({ A: "one", B: canary });
      expect(await failureOf(pasted("dotenv", `A=${canary}\nbroken`))).toEqual([
        expect.stringMatching(/^source.unparsable: aws-secrets-manager source prod\/web is not plain dotenv: line 2: /),
      ]);
    });

    test("as nothing, where half of a character would become another one", async () => {
      expect(await failureOf(pasted("dotenv", `A=${canary}\ud800`))).toEqual([
        "source.unparsable: aws-secrets-manager source prod/web holds half of a surrogate pair; correct the value",
      ]);
    });

    test("as one value, where that is said", async () => {
      expect(reveal(await pasted("text"))).toEqual({ WEB: text });
    });

    test("as a question, where nothing is said", async () => {
      expect(await failureOf(pasted())).toEqual([
        "source.unparsable: aws-secrets-manager source prod/web: the value is lines of KEY=value, which would become one variable; " +
          'set `format` to "dotenv" to read them as keys, or to "text" if the whole is one value',
      ]);
    });

    test.each([
      "A=one",
      "SERVER=tcp:db;UID=sa;PWD=x",
      "JBSWY3DPEHPK3PXP====",
      "-----BEGIN KEY-----\nA=\n-----END KEY-----",
      "# a comment\nA=one",
      "[section]\na=1\nb=2",
      "a=1\nnot an assignment",
    ])("as one value, where it may well be one: %j", async (value) => {
      expect(reveal(await pasted(undefined, value))).toEqual({ WEB: value });
    });
  });

  test("gives nothing at all when a page leaves one out", async () => {
    const partial = sdkThat(() => ({ SecretValues: [{ Name: "a", SecretString: canary }] }));
    expect(await failureOf(read(partial, { secretIds: ["a", "b"] }))).toEqual([
      "source.incomplete: aws-secrets-manager source b: the answer holds neither a value of the secret nor an error for it; run again",
    ]);
  });

  test("tells every secret that a batch refuses", async () => {
    const refused = sdkThat(() => ({
      SecretValues: [{ Name: "a", SecretString: canary }],
      Errors: [
        { SecretId: "b", ErrorCode: "AccessDeniedException", Message: canary },
        { SecretId: "c", ErrorCode: "ResourceNotFoundException", Message: canary },
      ],
    }));
    expect(await failureOf(read(refused, { secretIds: ["a", "b", "c"] }))).toEqual([
      expect.stringMatching(/^source.forbidden: aws-secrets-manager source b: .*secretsmanager:GetSecretValue/),
      expect.stringMatching(/^source.not_found: aws-secrets-manager source c: /),
    ]);
  });
});
