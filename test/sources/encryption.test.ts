// Files that are still encrypted: each is refused with the command that decrypts it, by its own name and in its own format.

import { describe, expect, test } from "vitest";
import { findEncryption } from "../../provider/sources/documents/encryption.js";
import { parseDocument } from "../../provider/sources/documents/document.js";
import type { TextFormat } from "../../schema/index.js";
import { canary, failureOf } from "./canary.js";

const fail = (content: string | Uint8Array, { name, format }: { name?: string; format: TextFormat }) =>
  failureOf(
    parseDocument({ bytes: Buffer.from(content), format, name, separator: undefined, origin: 'file source "x"' }),
  );

const sealed = `ENC[AES256_GCM,data:${canary},iv:x,tag:y,type:str]`;
const refusal = (tool: string, command: readonly string[], format: TextFormat) => [
  `source.encrypted: file source "x" is encrypted by ${tool}; use an exec source with command ${JSON.stringify(command)} and format "${format}"`,
];

describe("a file of sops is decrypted in the format that it has:", () => {
  test.each([
    ["dotenv", "secrets.enc.env", `A=${sealed}\nsops_mac=${sealed}\n`, ["--output-type", "dotenv"], "dotenv"],
    [
      "dotenv by another name",
      ".env.production",
      `A=${sealed}\nsops_version=3.13.3\n`,
      ["--input-type", "dotenv", "--output-type", "dotenv"],
      "dotenv",
    ],
    ["JSON", "s.json", `{"A": "${sealed}", "sops": {"mac": "x"}}`, ["--output-type", "json"], "json"],
    ["YAML", "s.yaml", `A: ${sealed}\nsops:\n  mac: x\n`, ["--output-type", "yaml"], "yaml"],
    [
      "YAML in a file that was said to be dotenv",
      "s.enc",
      `A: ${sealed}\nsops:\n  mac: x\n`,
      ["--input-type", "yaml", "--output-type", "yaml"],
      "yaml",
    ],
    [
      "dotenv in a file that was said to be YAML",
      "env.yaml",
      `sops_version=3.13.3\nA=${sealed}\n`,
      ["--input-type", "dotenv", "--output-type", "dotenv"],
      "dotenv",
    ],
    [
      "binary without a space",
      "s.dump",
      `{"data":"${sealed}","sops":{"mac":"x"}}`,
      ["--input-type", "binary", "--output-type", "binary"],
      "dotenv",
    ],
    [
      "binary with many",
      "s.dump",
      ` { "data":  "${sealed}" , "sops": {"mac": "x"}}`,
      ["--input-type", "binary", "--output-type", "binary"],
      "dotenv",
    ],
    [
      "JSON whose first group looks like binary",
      "s.json",
      `{"A": {"data": "${sealed}", "sops": 1}, "sops": {"mac": "x"}}`,
      ["--output-type", "json"],
      "json",
    ],
    [
      "INI, which no source reads",
      "s.ini",
      `[db]\nA = ${sealed}\n[sops]\nmac = x\n`,
      ["--output-type", "json"],
      "json",
    ],
    [
      "binary",
      "s.env.enc",
      `{\n\t"data": "${sealed}",\n\t"sops": {"mac": "x"}}`,
      ["--input-type", "binary", "--output-type", "binary"],
      "dotenv",
    ],
  ] as const)("%s", async (...[, name, text, types, format]) => {
    const asked = name.endsWith(".json") ? "json" : name.endsWith(".yaml") ? "yaml" : "dotenv";
    expect(await fail(text, { name, format: asked })).toEqual(
      refusal("sops", ["sops", "decrypt", ...types, name], format),
    );
  });
});

describe("a file is refused with its own name, encrypted by", () => {
  const age = ["age", "--decrypt", "-i", "<identity>", "s.env.age"];
  test.each([
    ["age", "s.env.age", `-----BEGIN AGE ENCRYPTED FILE-----\n${canary}`, age, "dotenv"],
    ["age", "s.env.age", `age-encryption.org/v1\n-> X25519 x\n${canary}\xff`, age, "dotenv"],
    ["ansible-vault", "s.yml", `$ANSIBLE_VAULT;1.1;AES256\n${canary}`, ["ansible-vault", "view", "s.yml"], "yaml"],
    ["gpg", "s.asc", `-----BEGIN PGP MESSAGE-----\n${canary}`, ["gpg", "--quiet", "--decrypt", "s.asc"], "json"],
  ] as const)("%s: %s", async (...[tool, name, text, command, format]) => {
    expect(await fail(Buffer.from(text, "latin1"), { name, format })).toEqual(refusal(tool, command, format));
  });

  test("dotenvx, which prints JSON", async () => {
    expect(await fail(`A="encrypted:${canary}"`, { name: ".env.production", format: "dotenv" })).toEqual(
      refusal("dotenvx", ["dotenvx", "get", "-f", ".env.production"], "json"),
    );
  });

  test("git-crypt, which decrypts a whole repository", async () => {
    expect(await fail(`\0GITCRYPT\0${canary}`, { name: ".env", format: "dotenv" })).toEqual([
      'source.encrypted: file source "x" is encrypted by git-crypt; run ["git-crypt", "unlock"] in its repository; the file is then read as format "dotenv"',
    ]);
  });

  test("a file's name is unknown where a command has printed it", async () => {
    expect((await fail(`$ANSIBLE_VAULT;1.1\n${canary}`, { format: "json" }))[0]).toContain('"view","<file>"]');
  });

  test("text that only looks a little like it is taken", () => {
    expect(findEncryption("A=ENC[x]\nB='-----BEGIN PGP'", { origin: "x", format: "dotenv" })).toBeUndefined();
  });
});
