// What would arrive as something else than it was meant is refused by the real CLI, each kind of it by name; and once it is left out or
// allowed, nothing is in the way. One preview per world of sources, because every source reports its own problems in it.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type InfisicalEmulator, startInfisical } from "../emulators/infisical/index.js";
import { type Loopback, type Reply, startLoopback } from "../emulators/loopback.js";
import { startNetlify } from "../emulators/netlify/index.js";
import { openWorld, type World } from "./harness.js";

let world: World;
let appId: string;
let infisical: InfisicalEmulator;
let vault: Loopback;
let aws: Loopback;

beforeAll(async () => {
  world = await openWorld({ program: "inline" });
  appId = world.cloud.createApp({ name: "shop", services: [{ name: "web" }] }).id;
  infisical = await startInfisical();
  infisical.instance.missingFolder = "empty";
  infisical.instance.identities.push({ clientId: "id", clientSecret: "secret" });
  infisical.instance.projects.set("p", { prod: { "/": { secrets: { A: "one" } } } });
  vault = await startLoopback(({ path }): Reply => {
    const isMount = path === "/v1/sys/internal/ui/mounts/old";
    return isMount
      ? { status: 200, body: { data: { type: "kv", options: { version: "1" } } } }
      : { status: 404, body: { errors: [] } };
  });
  const lines = `A=${world.secret("aws")}\nB=${world.secret("aws")}\n`;
  aws = await startLoopback(() => ({ status: 200, body: { Name: "prod/web", SecretString: lines } }));
});
afterAll(async () => {
  await Promise.all([infisical.close(), vault.close(), aws.close()]);
  await world.close();
});

const destination = () =>
  `{ type: "digital-ocean-app-platform", appId: ${JSON.stringify(appId)}, allowBindables: true }`;
const writes = () => world.cloud.requests.filter(({ method }) => method === "PUT");

async function refused(): Promise<string> {
  const { code, text } = await world.pulumi("preview");
  expect(code).not.toBe(0);
  expect(writes()).toEqual([]);
  return text;
}

describe("a reference or a ciphertext of another tool", () => {
  /** By key, so that a preview that reports all of them can be searched for each. */
  const values = (secret: string): ReadonlyArray<readonly [key: string, value: string, told: string]> => [
    ["OP", `op://${secret}/item/field`, "a reference of 1Password"],
    ["OP_TEMPLATE", `x{{ op://${secret}/item/field }}`, "a reference of 1Password"],
    ["VALS", `ref+vault://${secret}#/key`, "a reference of vals"],
    ["EJSON", `EJ[1:${secret}:b:c]`, "ciphertext of ejson"],
    ["EYAML", `ENC[PKCS7,${secret}]`, "ciphertext of hiera-eyaml"],
    ["SOPS", `ENC[AES256_GCM,data:${secret},type:str]`, "ciphertext of sops"],
    ["DOTENV_VAULT_PRODUCTION", secret, "ciphertext of dotenv-vault"],
    ["DOTENVX", `encrypted:${secret}`, "ciphertext of dotenvx"],
    ["TRANSIT", `vault:v1:${secret}`, "ciphertext of Vault's transit engine"],
    ["BANK", `vault:${secret}#key`, "a reference of bank-vaults"],
    ["ANSIBLE", `$ANSIBLE_VAULT;1.1;AES256\n${secret}`, "ciphertext of ansible-vault"],
    ["AGE", `-----BEGIN AGE ENCRYPTED FILE-----\n${secret}`, "ciphertext of age"],
    ["PGP", `-----BEGIN PGP MESSAGE-----\n${secret}`, "ciphertext of PGP"],
    ["AWS", `{{resolve:secretsmanager:${secret}}}`, "a reference of CloudFormation"],
    ["AZURE", `@Microsoft.KeyVault(SecretUri=${secret})`, "a reference of Azure"],
    ["GITHUB", "${{ secrets.DATABASE_URL }}", "a reference of GitHub Actions"],
    ["INFISICAL", "${prod.web.db.PASSWORD}", "a reference of Infisical or Doppler"],
  ];

  test("is refused by key and tool, and passes if its key is allowed", async () => {
    const all = values(world.secret("reference"));
    const program = (more: string) =>
      world.program(`
        const values = ${JSON.stringify(Object.fromEntries(all))};
        new SecretSync("web", { source: { type: "inline", values, ${more} }, destination: ${destination()} });
      `);
    await program("");
    const told = await refused();
    for (const [key, , what] of all) {
      const names = new RegExp(`inline source: (?:\\w+, )*${key}(?:,| hold)`);
      const [line = ""] = told.split("\n").filter((one) => names.test(one));
      expect(line, key).toContain(what);
      expect(line, key).toContain("resolve it first with");
    }
    // App Platform has a word of its own to say to `${prod…}`.
    const names = JSON.stringify(all.map(([key]) => key));
    await program(`exclude: ["INFISICAL"], allowReferences: ${names}`);
    expect((await world.preview()).text).toContain(`${all.length - 1} to add`);
  });
});

describe("what is no plain value, in every kind of source", () => {
  const sources = (more = "") => `[
    { type: "file", path: "manifest.yaml" ${more} },
    { type: "file", path: "sealed.yaml" ${more} },
    { type: "exec", command: [process.execPath, "-e", "console.log('{\\"GOOD\\":\\"yes\\",\\"LIST\\":[1],\\"NULL\\":null}')"] ${more} },
    { type: "file", path: "mixed.json" ${more} },
    { type: "environment", variables: ["GOOD", "UNSET"] ${more} },
  ]`;
  const remote = () => `[
    { type: "vault", connection: { app: "vault", method: "token", credentials: { token: "t" }, baseUrl: "${vault.origin}" }, mount: "old", path: "web" },
    { type: "infisical", connection: { app: "infisical", method: "universal-auth", credentials: { clientId: "id", clientSecret: "secret" }, baseUrl: "${infisical.origin}" },
      projectId: "p", environment: "prod", secretPath: "/gone" },
    { type: "aws-secrets-manager", connection: { app: "aws", method: "access-key", credentials: { accessKeyId: "a", secretAccessKey: "b" }, baseUrl: "${aws.origin}" },
      region: "eu-west-1", secretId: "prod/web" },
  ]`;
  const declare = (source: string) =>
    world.program(`new SecretSync("web", { source: ${source}, destination: ${destination()} });`);

  beforeAll(async () => {
    world.environment["GOOD"] = "yes";
    const encoded = Buffer.from(world.secret("encoded")).toString("base64");
    const manifest = `apiVersion: v1\nkind: Secret\nmetadata: {name: web}\ndata: {GOOD: ${encoded}}\n`;
    await world.write("manifest.yaml", manifest);
    await world.write("sealed.yaml", manifest.replace("Secret", "SealedSecret"));
    const sealed = `ENC[AES256_GCM,data:${world.secret("sops")},type:str]`;
    await world.write("mixed.json", JSON.stringify({ GOOD: "yes", BAD: sealed, sops: { age: [], mac: sealed } }));
  });

  test("is refused by name", async () => {
    await declare(sources());
    const told = await refused();
    for (const reason of [
      'file source "manifest.yaml" is a manifest of a Kubernetes Secret; set `format` to "kubernetes"',
      'source.encrypted: file source "sealed.yaml" is a SealedSecret, which only its cluster decrypts',
      '"LIST" is a list',
      '"NULL" has no value (null)',
      'source.encrypted: file source "mixed.json" is encrypted by sops',
      "environment source: not set: UNSET",
    ])
      expect(told).toContain(reason);
  });

  test("does not matter if it is not taken", async () => {
    await declare(sources(', include: ["GOOD"]').replace(/.*manifest\.yaml.*\n.*sealed\.yaml.*\n/, ""));
    expect((await world.preview()).text).toContain("+ app/GOOD");
    await declare('{ type: "file", path: "manifest.yaml", format: "kubernetes" }');
    expect((await world.preview()).text).toContain("+ app/GOOD");
  });

  test("is refused by name behind a network, too", async () => {
    await declare(remote());
    const told = await refused();
    for (const reason of [
      'the mount "old" is KV version 1, and only version 2 is read',
      "there is no folder /gone in the environment prod, or it is gone",
      "aws-secrets-manager source prod/web: the value is lines of KEY=value",
    ])
      expect(told).toContain(reason);
  });
});

test("a Netlify value for all contexts is taken over if that is allowed, and a value that left only one context is reported as such", async () => {
  const netlify = await startNetlify();
  const site = netlify.addSite();
  const theirs = world.secret("theirs");
  netlify.edit(site, { key: "A", slot: "all" }, theirs);
  Object.assign(world.environment, { NETLIFY_API_URL: netlify.url, NETLIFY_AUTH_TOKEN: netlify.token });
  const value = world.secret("ours");
  const declare = (contexts: readonly string[], adoptExisting: readonly string[]) =>
    world.program(`
      const destination = { type: "netlify", siteId: "${site.id}", contexts: ${JSON.stringify(contexts)} };
      const syncOptions = { adoptExisting: ${JSON.stringify(adoptExisting)} };
      new SecretSync("site", { source: { type: "inline", values: { A: "${value}" } }, destination, syncOptions });
    `);
  try {
    await declare(["production", "deploy-preview"], []);
    const { code, text } = await world.pulumi("preview");
    expect([code === 0, netlify.writes()]).toEqual([false, []]);
    expect(text).toMatch(/context.all_exists: .*add "A" to syncOptions.adoptExisting to take it over/);
    await declare(["production", "deploy-preview"], ["A"]);
    const plan = (await world.preview()).text;
    expect(plan).toContain("> production/A: will be adopted from all, VALUE CHANGES");
    expect(plan).toMatch(/A will be replaced as a whole: .*; branch-deploy, dev, dev-server keep the value so far/);
    await world.up();
    const { production, dev, all } = netlify.values(site)["A"] ?? {};
    expect([production, dev === undefined, all]).toEqual([value, false, undefined]);
    await declare(["production"], ["A"]);
    expect((await world.preview()).text).toContain("- deploy-preview/A: is no longer wanted in deploy-preview");
    await world.up();
    await world.pulumi("destroy", "--yes", "--skip-preview");
    const left = netlify.values(site)["A"] ?? {};
    expect(Object.keys(left).sort()).toEqual(["branch-deploy", "dev", "dev-server", "production"]);
    expect(left["production"]).toBe(theirs);
  } finally {
    await netlify.close();
  }
});
