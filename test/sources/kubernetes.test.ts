// Manifests of Kubernetes: decoded if that is requested, and refused by name if their own keys would become variables.

import { describe, expect, test } from "vitest";
import { readDocument } from "../../provider/sources/documents/document.js";
import { takeFrom } from "../../provider/sources/documents/content.js";
import type { TextFormat } from "../../schema/index.js";
import { canary, failureOf, reveal } from "./canary.js";

const parse = async (text: string, format: TextFormat, include?: readonly string[]) =>
  takeFrom(
    await readDocument({ bytes: Buffer.from(text), format, separator: undefined, origin: 'file source "x"' }),
    (key) => include === undefined || include.includes(key),
  );
const read = async (text: string, include?: readonly string[]) => reveal(await parse(text, "kubernetes", include));
const fail = (text: string, format: TextFormat = "kubernetes") => failureOf(parse(text, format));

const encode = (text: string) => Buffer.from(text).toString("base64");
const manifest = (kind: string, rest: string) => `apiVersion: v1\nkind: ${kind}\nmetadata:\n  name: web\n${rest}`;

test("read as any other document it is refused whichever key is taken, also one that has a fault", async () => {
  const text = manifest("Secret", "data:\n  A: [1]\n");
  const { faults } = await readDocument({
    bytes: Buffer.from(text),
    format: "yaml",
    separator: undefined,
    origin: 'file source "x"',
  });
  expect(faults.flatMap(({ keys }) => keys)).toEqual(expect.arrayContaining(["data_A", "kind"]));
});

describe("a manifest, read as one", () => {
  test("gives the values of a Secret decoded, whatever is in them", async () => {
    const data = {
      A: encode("one"),
      URL: encode("pg://u:p@h/#x"),
      LINES: encode("a\nb\n"),
      EMPTY: "",
      BOM: encode("\uFEFFx"),
    };
    const text = manifest("Secret", `type: Opaque\ndata: ${JSON.stringify(data)}\nimmutable: true\n`);
    expect(await read(text)).toEqual({ A: "one", URL: "pg://u:p@h/#x", LINES: "a\nb\n", EMPTY: "", BOM: "\uFEFFx" });
  });

  test("is what kubectl prints as JSON, too", async () => {
    const metadata = {
      name: "web",
      annotations: { "kubectl.kubernetes.io/last-applied-configuration": "{}" },
      labels: [],
    };
    const data = { "tls.key": encode("k") };
    expect(await read(JSON.stringify({ apiVersion: "v1", kind: "Secret", metadata, data }))).toEqual({
      "tls.key": "k",
    });
  });

  test("lets stringData win over data, as the server does", async () => {
    const text = manifest(
      "Secret",
      `data:\n  A: ${encode("old")}\n  B: ${encode("b")}\nstringData:\n  A: new\n  C: "3"\n`,
    );
    expect(await read(text)).toEqual({ A: "new", B: "b", C: "3" });
  });

  test("takes base64 in several lines", async () => {
    const long = "x".repeat(100);
    const lines = (encode(long).match(/.{1,60}/g) ?? []).map((line) => `    ${line}`).join("\n");
    expect(await read(manifest("Secret", `data:\n  A: |\n${lines}\n`))).toEqual({ A: long });
  });

  test("gives the values of a ConfigMap as they are", async () => {
    const text = manifest("ConfigMap", `data:\n  A: one\nbinaryData:\n  B: ${encode("two")}\n`);
    expect(await read(text)).toEqual({ A: "one", B: "two" });
  });

  test.each(["", "data:\n", "data: {}\n"])("may hold no value: %j", async (rest) => {
    expect(await read(manifest("Secret", rest))).toEqual({});
  });

  test.each([
    ["what is no base64", `A: "${canary}!"`, /^source.unparsable: .*"A" is not base64, .* put it under stringData$/],
    ["bytes that are no text", "A: /w==", /^source.binary_value: .*"A" is binary/],
    ["a null", "A:", /^source.null_value: .*"A" has no value/],
    ["a list", `A: [${canary}]`, /^source.not_flat: .*"A" is a list/],
  ])("refuses %s by its key, and only if that is taken", async (_, line, failure) => {
    const text = manifest("Secret", `data:\n  ${line}\n  GOOD: ${encode("yes")}\n`);
    expect(await fail(text)).toEqual([expect.stringMatching(failure)]);
    expect(await read(text, ["GOOD"])).toEqual({ GOOD: "yes" });
  });

  test("that sops encrypted is reported as encrypted, and nothing else is", async () => {
    const text = manifest("Secret", `data:\n  A: ENC[AES256_GCM,data:${canary},type:str]\nsops:\n  mac: x\n`);
    expect(await fail(text)).toEqual([expect.stringMatching(/^source.encrypted: .* is encrypted by sops/)]);
  });

  test("refuses a document that is not a manifest", async () => {
    expect(await fail(`A: ${canary}`)).toEqual([
      'source.unparsable: file source "x" is not a manifest of a Kubernetes Secret or ConfigMap; give another `format`',
    ]);
  });
});

describe("a manifest, read as a plain document", () => {
  test.each(["json", "yaml"] as const)("is refused with the format that reads it (%s)", async (format) => {
    const data = { A: encode(canary) };
    const text = JSON.stringify({ apiVersion: "v1", kind: "Secret", metadata: { name: "web" }, data, list: [null] });
    expect(await fail(text, format)).toEqual([
      'source.unparsable: file source "x" is a manifest of a Kubernetes Secret; set `format` to "kubernetes" to read its values',
    ]);
  });

  test.each(["metadata: {name: web}", "data: {A: one}", "stringData: {A: one}", "spec: {A: one}", "items: [1]"])(
    "is recognised by its version, its kind and one more member: %s",
    async (member) => {
      expect(await fail(`apiVersion: v1\nkind: Secret\n${member}\n`, "yaml")).toEqual([
        expect.stringMatching(/^source.unparsable: .* is a manifest of a Kubernetes Secret; set `format` to/),
      ]);
    },
  );

  test.each(["yaml", "kubernetes"] as const)(
    "that only its cluster decrypts is reported as encrypted (%s)",
    async (format) => {
      const text = `apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata:\n  name: web\nspec:\n  encryptedData:\n    A: AgA${canary}\n`;
      expect(await fail(text, format)).toEqual([
        'source.encrypted: file source "x" is a SealedSecret, which only its cluster decrypts; read the Secret from its cluster: ' +
          'an exec source with command ["kubectl","get","secret","<name>","-o","json"] and format "kubernetes"',
      ]);
    },
  );

  test.each(["yaml", "kubernetes"] as const)("of any other kind is refused by its kind (%s)", async (format) => {
    const text = `apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: web}\nspec: {refreshInterval: 1h}\n`;
    expect(await fail(text, format)).toEqual([
      expect.stringMatching(
        /^source.unparsable: .* is a Kubernetes manifest of the kind ExternalSecret, which is not read; /,
      ),
    ]);
  });

  test.each([
    ["a document with a kind", "kind: Secret\nA: one", { kind: "Secret", A: "one" }],
    ["a document with a version and a kind", "apiVersion: v1\nkind: Secret", { apiVersion: "v1", kind: "Secret" }],
    [
      "a version of several parts, and a kind",
      "apiVersion: {major: 1}\nkind: Secret\ndata: {A: one}",
      { apiVersion_major: "1", kind: "Secret", data_A: "one" },
    ],
    [
      "a kind of several parts, and a version",
      "apiVersion: v1\nkind: {Name: Secret}\ndata: {A: one}",
      { apiVersion: "v1", kind_Name: "Secret", data_A: "one" },
    ],
    [
      "a kind that Kubernetes would not have",
      "apiVersion: v1\nkind: web-secret\ndata: {A: one}",
      { apiVersion: "v1", kind: "web-secret", data_A: "one" },
    ],
    ["a sealed value on its own", "A: AgAR5nzhX2TkJ", { A: "AgAR5nzhX2TkJ" }],
  ])("is not every document: %s", async (_, text, values) => {
    expect(reveal(await parse(text, "yaml"))).toEqual(values);
  });
});
