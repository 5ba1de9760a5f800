// What is not taken is not judged: `include` and `exclude` come first in every source. What is taken has to be a value.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { redact } from "../../provider/redacted.js";
import { createAwsStore } from "../../provider/sources/remote/aws-secrets-manager/index.js";
import { takeKeys } from "../../provider/sources/selection.js";
import type { AwsSecretsManagerSource, Source, TextFormat } from "../../schema/index.js";
import { startDoppler } from "../emulators/doppler/index.js";
import { startInfisical } from "../emulators/infisical/index.js";
import { type Reply, startLoopback } from "../emulators/loopback.js";
import { canary, failureOf, reveal, sourceOptions } from "./canary.js";
import { createHastyClock, makeCredentials, readSource, sourcesWith } from "./reading.js";

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(path.join(tmpdir(), "selection-"));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

type Filter = Pick<Source, "include" | "exclude" | "allowReferences">;
/** Reads a source that holds GOOD=yes, and BAD, with which something is wrong. */
type Read = (filter: Filter) => Promise<ReadonlyMap<string, unknown>>;

function fileOf(format: TextFormat, text: string): Read {
  return (filter) => {
    writeFileSync(path.join(directory, "secrets"), text);
    return readSource({ type: "file", path: "secrets", format, ...filter }, sourceOptions({ directory }));
  };
}

function execOf(text: string): Read {
  const command = [process.execPath, "-e", `console.log(${JSON.stringify(text)})`];
  return (filter) => readSource({ type: "exec", command, ...filter }, sourceOptions({ directory }));
}

const inlineOf =
  (bad: string): Read =>
  (filter) => {
    const secrets = new Map([
      ["GOOD", redact("yes")],
      ["BAD", redact(bad)],
    ]);
    return readSource({ type: "inline", values: {}, ...filter }, sourceOptions({ secrets }));
  };

const environmentOf =
  (variables: string[], environment: Record<string, string>): Read =>
  (filter) =>
    readSource({ type: "environment", variables, ...filter }, sourceOptions({ environment }));

function infisicalOf(bad: string, more: { hidden?: boolean; recursive?: boolean } = {}): Read {
  return async (filter) => {
    const server = await startInfisical();
    try {
      const access = (_: string, at: string) =>
        more.hidden && at === "/bad" ? ("describe" as const) : ("read" as const);
      server.instance.identities.push({ clientId: "id", clientSecret: canary, access });
      server.instance.hidden = "placeholder";
      server.instance.projects.set("p", {
        prod: {
          "/": {
            secrets: { GOOD: "yes", ...(more.hidden ? {} : { BAD: bad }) },
            imports: [{ environment: "prod", path: "/bad" }],
          },
          "/bad": { secrets: { BAD: bad } },
        },
      });
      const credentials = makeCredentials("infisical", { clientId: "id", clientSecret: canary }, server.origin);
      const source = { type: "infisical", projectId: "p", environment: "prod", ...filter } as const;
      const { recursive = false } = more;
      return await readSource({ ...source, recursive }, undefined, { credentials, sources: sourcesWith() });
    } finally {
      await server.close();
    }
  };
}

function vaultOf(answers: Readonly<Record<string, unknown>>, recursive = false): Read {
  return async (filter) => {
    const server = await startLoopback(({ path: address }): Reply => {
      const at = address.replace("/v1/secret/", "");
      const answer = answers[at];
      if (answer === undefined) return { status: 404, body: { errors: [] } };
      if (Array.isArray(answer)) return { status: 200, body: { data: { keys: answer } } };
      return { status: 200, body: { data: { data: answer, metadata: { version: 1, destroyed: false } } } };
    });
    try {
      const credentials = makeCredentials("vault", { token: "t" }, server.origin);
      const sources = sourcesWith({ clock: createHastyClock() });
      return await readSource({ type: "vault", path: "web", recursive, ...filter }, undefined, {
        credentials,
        sources,
      });
    } finally {
      await server.close();
    }
  };
}

const dopplerOf =
  (bad: string): Read =>
  async (filter) => {
    const server = await startDoppler();
    try {
      server.tokens.set("dp.st.x", { project: "web", config: "prd", secrets: { GOOD: "yes", BAD: bad } });
      const credentials = makeCredentials("doppler", { serviceToken: "dp.st.x" }, server.origin);
      return await readSource({ type: "doppler", ...filter }, undefined, { credentials, sources: sourcesWith() });
    } finally {
      await server.close();
    }
  };

function awsOf(answer: Readonly<Record<string, unknown>>): Read {
  return async (filter) => {
    class Command {
      constructor(readonly input: unknown) {}
    }
    class Client {
      send = async () => ({ SecretValues: [{ Name: "good", SecretString: '{"GOOD":"yes"}' }, answer], ...answer });
    }
    const sdk = { SecretsManagerClient: Client, GetSecretValueCommand: Command, BatchGetSecretValueCommand: Command };
    const source: AwsSecretsManagerSource = { type: "aws-secrets-manager", secretIds: ["good", "bad"], ...filter };
    const store = createAwsStore(() => Promise.resolve(sdk as never));
    return takeKeys(source, await store.read(source, { credentials: makeCredentials("aws", {}), environment: {} }));
  };
}

const sops = `ENC[AES256_GCM,data:${canary},iv:x,tag:y,type:str]`;
const rows: ReadonlyArray<readonly [what: string, code: string, read: Read]> = [
  ["a list in a JSON file", "source.not_flat", fileOf("json", `{"GOOD":"yes","BAD":["${canary}"]}`)],
  ["a null in a JSON file", "source.null_value", fileOf("json", '{"GOOD":"yes","BAD":null}')],
  ["an empty object in a JSON file", "source.not_flat", fileOf("json", '{"GOOD":"yes","BAD":{}}')],
  ["a key that a JSON file gives twice", "source.duplicate_key", fileOf("json", '{"GOOD":"yes","BAD":"1","BAD":"2"}')],
  [
    "a group that a JSON file gives twice",
    "source.duplicate_key",
    fileOf("json", '{"GOOD":"yes","B":{"AD":"1"},"B":{"X":"2"}}'.replaceAll('"B"', '"BAD"')),
  ],
  ["a NUL character in a JSON file", "source.unparsable", fileOf("json", String.raw`{"GOOD":"yes","BAD":"\u0000"}`)],
  [
    "half of a surrogate pair in a JSON file",
    "source.unparsable",
    fileOf("json", String.raw`{"GOOD":"yes","BAD":"\ud83d"}`),
  ],
  [
    "a NUL character in the output of a command",
    "source.unparsable",
    execOf(String.raw`{"GOOD":"yes","BAD":"${canary}\u0000"}`),
  ],
  ["a NUL character among values of the program", "source.unparsable", inlineOf(`${canary}\0`)],
  ["half of a surrogate pair among values of the program", "source.unparsable", inlineOf(`${canary}\ud83d`)],
  ["a NUL character in Infisical", "source.unparsable", infisicalOf(`${canary}\0`)],
  ["half of a surrogate pair in Infisical", "source.unparsable", infisicalOf(`${canary}\ud83d`)],
  ["a NUL character in Vault", "source.unparsable", vaultOf({ "data/web": { GOOD: "yes", BAD: `${canary}\0` } })],
  ["a NUL character in Doppler", "source.unparsable", dopplerOf(`${canary}\0`)],
  ["a NUL character in AWS", "source.unparsable", awsOf({ Name: "bad", SecretString: `${canary}\0` })],
  ["a list in a YAML file", "source.not_flat", fileOf("yaml", `GOOD: "yes"\nBAD: [${canary}]`)],
  ["a null in a YAML file", "source.null_value", fileOf("yaml", 'GOOD: "yes"\nBAD:')],
  ["a key that a YAML file gives twice", "source.duplicate_key", fileOf("yaml", 'GOOD: "yes"\nBAD: 1\nBAD: 2')],
  ["a key that a dotenv file gives twice", "source.duplicate_key", fileOf("dotenv", "GOOD=yes\nBAD=1\nBAD=2")],
  ["a cut value in a dotenv file", "source.unparsable", fileOf("dotenv", `BAD=${canary}#x\nGOOD=yes`)],
  ["text after a quote in a dotenv file", "source.unparsable", fileOf("dotenv", `BAD="${canary}"x\nGOOD=yes`)],
  [
    "a value that sops encrypted in a JSON file",
    "source.encrypted",
    fileOf("json", `{"GOOD":"yes","BAD":"${sops}","sops":{"BAD_KMS":[],"mac":"${sops}"}}`),
  ],
  [
    "a value that sops encrypted in a dotenv file",
    "source.encrypted",
    fileOf("dotenv", `GOOD=yes\nBAD=${sops}\nsops_mac=${sops}`),
  ],
  ["a value that dotenvx encrypted", "source.encrypted", fileOf("dotenv", `GOOD=yes\nBAD="encrypted:${canary}"`)],
  ["a reference in a file", "source.unresolved_reference", fileOf("dotenv", `GOOD=yes\nBAD=op://${canary}/b/c`)],
  ["a list in the output of a command", "source.not_flat", execOf(`{"GOOD":"yes","BAD":["${canary}"]}`)],
  [
    "a reference in the output of a command",
    "source.unresolved_reference",
    execOf(`{"GOOD":"yes","BAD":"ref+echo://${canary}"}`),
  ],
  ["a reference among values of the program", "source.unresolved_reference", inlineOf(`op://${canary}/b/c`)],
  ["a ciphertext among values of the program", "source.encrypted", inlineOf(`vault:v1:${canary}`)],
  ["a variable that is not set", "source.missing_variable", environmentOf(["GOOD", "BAD"], { GOOD: "yes" })],
  [
    "a reference in the environment",
    "source.unresolved_reference",
    environmentOf(["GOOD", "BAD"], { GOOD: "yes", BAD: `op://${canary}/b/c` }),
  ],
  ["an unresolved reference in Infisical", "source.unresolved_reference", infisicalOf("${GONE}")],
  ["another tool's reference in Infisical", "source.unresolved_reference", infisicalOf(`op://${canary}/b/c`)],
  ["a hidden value in Infisical", "source.hidden_value", infisicalOf(canary, { hidden: true })],
  ["a name in two folders of Infisical", "source.duplicate_key", infisicalOf(canary, { recursive: true })],
  ["a list in Vault", "source.not_flat", vaultOf({ "data/web": { GOOD: "yes", BAD: [canary] } })],
  ["a null in Vault", "source.null_value", vaultOf({ "data/web": { GOOD: "yes", BAD: null } })],
  ["a ciphertext in Vault", "source.encrypted", vaultOf({ "data/web": { GOOD: "yes", BAD: `vault:v1:${canary}` } })],
  [
    "a name in two secrets of a Vault tree",
    "source.duplicate_key",
    vaultOf({ "metadata/web": ["a"], "data/web": { GOOD: "yes", BAD: canary }, "data/web/a": { BAD: "2" } }, true),
  ],
  ["a reference in Doppler", "source.unresolved_reference", dopplerOf(`op://${canary}/b/c`)],
  ["a binary secret in AWS", "source.binary_value", awsOf({ Name: "bad", SecretBinary: new Uint8Array() })],
  ["a list in AWS", "source.not_flat", awsOf({ Name: "bad", SecretString: `{"BAD":["${canary}"]}` })],
  ["a null in AWS", "source.null_value", awsOf({ Name: "bad", SecretString: '{"BAD":null}' })],
  ["a reference in AWS", "source.unresolved_reference", awsOf({ Name: "bad", SecretString: `op://${canary}/b/c` })],
];

describe.each(rows)("%s", (_, code, read) => {
  test("is refused where it is taken", async () => {
    expect(await failureOf(read({}))).toEqual([expect.stringMatching(`^${code}: `)]);
    expect(await failureOf(read({ include: ["BAD*"] }))).toEqual([expect.stringMatching(`^${code}: `)]);
  });

  test("is no hindrance where `include` leaves it out", async () => {
    expect(Object.fromEntries(await read({ include: ["GOOD"] }))).toEqual({ GOOD: redact("yes") });
  });

  test("is no hindrance where `exclude` leaves it out", async () => {
    expect([...(await read({ exclude: ["BAD*", "sops*"] })).keys()]).toEqual(["GOOD"]);
  });
});

describe("what is wrong with a whole source is refused whatever is taken:", () => {
  test.each([
    ["a line that gives no key", fileOf("dotenv", "GOOD=yes\nbroken")],
    ["a quote that is never closed", fileOf("dotenv", 'GOOD=yes\nBAD="x\n')],
    ["a quote that may have swallowed the key that is taken", fileOf("dotenv", 'BAD="x\nGOOD=yes\n" y')],
    ["a line separator, behind which a key may stand", fileOf("dotenv", "GOOD=yes\nBAD=x\u2028GOOD=no")],
    ["a carriage return, behind which a key may stand", fileOf("dotenv", "GOOD=yes\nBAD=x\rGOOD=no")],
    ["broken JSON", fileOf("json", '{"GOOD":"yes",}')],
    ["a list at the top", fileOf("json", '["GOOD"]')],
    ["a file that is encrypted as a whole", fileOf("dotenv", "$ANSIBLE_VAULT;1.1;AES256\n6266")],
  ])("%s", async (_, read) => {
    const [failure] = await failureOf(read({ include: ["GOOD"] }));
    expect(failure).toMatch(/^source\.(?:unparsable|not_flat|encrypted): /);
  });
});

describe("`allowReferences`", () => {
  test.each([
    ["a reference", inlineOf("op://a/b/c"), "op://a/b/c"],
    ["a ciphertext", inlineOf("vault:v1:abc"), "vault:v1:abc"],
    ["a ciphertext in a file", fileOf("dotenv", "GOOD=yes\nBAD=EJ[1:a:b:c]"), "EJ[1:a:b:c]"],
    ["a template", execOf('{"GOOD":"yes","BAD":"{{ op://a/b/c }}"}'), "{{ op://a/b/c }}"],
  ])("lets %s through as it is, for the keys that it names", async (_, read, value) => {
    expect(reveal((await read({ allowReferences: ["BAD"] })) as never)).toEqual({ GOOD: "yes", BAD: value });
    expect(await failureOf(read({ allowReferences: ["GOOD"] }))).toHaveLength(1);
  });
});

test("a value that a preview does not know yet is not judged", async () => {
  const secrets = new Map([["A", undefined]]);
  expect(await readSource({ type: "inline", values: {} }, sourceOptions({ secrets }))).toEqual(secrets);
});

test("what is wrong with single keys and what is no value yet are told together", async () => {
  const read = fileOf("dotenv", 'A="x\\\\y"\nB=op://vault/item/field\n');
  const problems = await failureOf(read({}));
  expect(problems.map((problem) => problem.split(":")[0])).toEqual([
    "source.unparsable",
    "source.unresolved_reference",
  ]);
  await expect(read({ exclude: ["A", "B"], include: ["C"] })).resolves.toEqual(new Map());
});

test("a folder of Infisical that is not named is told as the root", () => {
  const source: Source = { type: "infisical", projectId: "p", environment: "prod" };
  const content = { values: new Map([["A", redact("op://vault/item/field")]]), faults: [] };
  expect(() => takeKeys(source, content)).toThrow(/infisical source "p prod \/": A holds a reference of 1Password/);
});
