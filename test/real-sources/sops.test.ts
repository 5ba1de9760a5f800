// The exec source with real sops and age: files are encrypted here and decrypted as a program would have it done.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import type { FileSource, TextFormat } from "../../schema/index.js";
import { redact } from "../../provider/redacted.js";
import { takeFrom } from "../../provider/sources/documents/content.js";
import { readExec } from "../../provider/sources/local/exec.js";
import { readFileSource } from "../../provider/sources/local/file.js";
import { canary, failureOf, reveal, sourceOptions } from "../sources/canary.js";

const { sops, age, ageKeygen } = inject("programs");

// Skipped where sops and age cannot be built from their Go modules.
describe.skipIf(sops === null || age === null || ageKeygen === null)("an exec source decrypts", () => {
  const at = (name: string) => path.join(directory, name);
  let directory: string;
  let recipient: string;

  beforeAll(() => {
    directory = mkdtempSync(path.join(tmpdir(), "sops-"));
    for (const name of ["key.txt", "other.txt"]) execFileSync(ageKeygen ?? "", ["-o", at(name)], { stdio: "pipe" });
    recipient = /age1\w+/.exec(readFileSync(at("key.txt"), "utf8"))?.[0] ?? "";
    const plain = {
      "secrets.env": `A=one\nB=${canary}\n`,
      "quoted.env": `# head\nexport A="one" # why\nB='${canary}'\n`,
      "secrets.json": `{"A":"one","db":{"password":"${canary}"}}`,
      "secrets.yaml": `A: '1.10'\ndb:\n  password: ${canary}\n`,
    };
    for (const [name, text] of Object.entries(plain)) {
      writeFileSync(at(name), text);
      writeFileSync(at(`enc.${name}`), execFileSync(sops ?? "", ["encrypt", "--age", recipient, at(name)]));
    }
    execFileSync(age ?? "", ["-r", recipient, "-o", at("secrets.env.age"), at("secrets.env")]);
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  const decrypt = async (command: string[], { key = "key.txt", format }: { key?: string; format?: TextFormat } = {}) =>
    takeFrom(
      await readExec(
        { type: "exec", command, ...(format === undefined ? {} : { format }) },
        sourceOptions({
          directory,
          environment: process.env,
          secrets: new Map([["SOPS_AGE_KEY_FILE", redact(at(key))]]),
        }),
      ),
    );
  const readFile = async (source: FileSource) => takeFrom(await readFileSource(source, sourceOptions({ directory })));
  const withSops = (name: string) => [sops ?? "", "decrypt", name];

  test.each([
    ["enc.secrets.env", { A: "one", B: canary }],
    ["enc.quoted.env", { A: "one", B: canary }],
    ["enc.secrets.json", { A: "one", db_password: canary }],
    ["enc.secrets.yaml", { A: "1.10", db_password: canary }],
  ])("%s with the very command of its refusal", async (name, values) => {
    const [refusal = ""] = await failureOf(readFile({ type: "file", path: name }));
    const [, command = "[]", format] = /command (\[.*\]) and format "(\w+)"$/.exec(refusal) ?? [];
    const [program, ...args] = JSON.parse(command) as string[];
    expect(program).toBe("sops");
    const read = decrypt([sops ?? "", ...args], { format: format as TextFormat });
    expect(reveal(await read)).toEqual(values);
  });

  test("a file with age itself", async () => {
    const command = [age ?? "", "--decrypt", "-i", "key.txt", "secrets.env.age"];
    expect(reveal(await decrypt(command, { format: "dotenv" }))).toEqual({ A: "one", B: canary });
  });

  test("nothing with the wrong key, from a tampered file, or from one that is not there", async () => {
    expect(await failureOf(decrypt(withSops("enc.secrets.env"), { key: "other.txt" }))).toEqual([
      expect.stringMatching(/^source.command_failed: .* ended with exit code 128/),
    ]);
    const tampered = readFileSync(at("enc.secrets.env"), "utf8").replace(
      /data:\w/,
      (start) => `${start.slice(0, -1)}0`,
    );
    writeFileSync(at("tampered.env"), tampered.replace(/^A=/m, "C="));
    expect(await failureOf(decrypt(withSops("tampered.env")))).toEqual([
      expect.stringMatching(/^source.command_failed: .* ended with exit code/),
    ]);
    expect(await failureOf(decrypt(withSops("absent.env")))).toEqual([
      expect.stringMatching(/^source.command_failed: .* ended with exit code 100/),
    ]);
  });

  test("and a file source refuses what is still encrypted, naming the command", async () => {
    const failure = failureOf(readFile({ type: "file", path: "enc.secrets.env" }));
    expect(await failure).toEqual([
      'source.encrypted: file source "enc.secrets.env" is encrypted by sops; use an exec source with command ["sops","decrypt","--output-type","dotenv","enc.secrets.env"] and format "dotenv"',
    ]);
    const armored = failureOf(readFile({ type: "file", path: "secrets.env.age", format: "dotenv" }));
    expect(await armored).toEqual([
      expect.stringMatching(
        /^source.encrypted: .* by age; .*\["age","--decrypt","-i","<identity>","secrets.env.age"\]/,
      ),
    ]);
  });
});
