// The Vault source against a real Vault core: KV version 2, AppRole, policies, versions.

import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { type Credentials, resolveCredentials } from "../../provider/credentials/credentials.js";
import { redact } from "../../provider/redacted.js";
import { createSourceWriter } from "../../provider/sources/reader.js";
import { connection as connectionSchema, type VaultSource } from "../../schema/index.js";
import type { RunningServer } from "../servers/process.js";
import { askVault, rootToken, startVault } from "../servers/vault/index.js";
import { canary, failureOf, reveal } from "../sources/canary.js";
import { createHastyClock, readSource, sourcesWith } from "../sources/reading.js";

const program = inject("programs").vault;

interface ImportInput {
  readonly before?: Readonly<Record<string, string>>;
  readonly credentials?: Credentials;
}

// Skipped where Vault cannot be built from its Go modules.
describe.skipIf(program === null)("a vault source reads a real server", () => {
  let server: RunningServer;
  const write = (path: string, data: unknown) => askVault(server.origin, `POST secret/data/${path}`, { data });

  beforeAll(async () => {
    server = await startVault(program ?? "");
    await write("web/production", { A: "one", B: "two" });
    await write("web/production", { A: "ONE", B: "two", PORT: 8080, BIG: 12345678901234567890n.toString(), ON: true });
    await write("web/override", { B: "later" });
    await write("tree", { ROOT: "r" });
    await write("tree/api", { API: "a" });
    await write("tree/api/db", { DB: "d" });
    await write("tree/sp ace/ü", { ODD: "o" });
    await write("clash/x", { SAME: canary });
    await write("clash/y", { SAME: canary });
    await askVault(server.origin, "POST sys/policies/acl/web", {
      policy: 'path "secret/data/web/*" { capabilities = ["read"] }',
    });
    await askVault(server.origin, "POST auth/approle/role/web", { token_policies: ["web"], token_ttl: "20m" });
  });
  afterAll(() => server.stop());

  const connect = (method: string, credentials: Record<string, unknown>) => {
    const parsed = connectionSchema.parse({ app: "vault", method, credentials, baseUrl: server.origin });
    return { parsed, credentials: resolveCredentials(parsed) };
  };
  const asRoot = () => connect("token", { token: rootToken }).credentials;
  const read = (given: Omit<Partial<VaultSource>, "type">, credentials = asRoot()) =>
    readSource({ type: "vault", ...given }, undefined, {
      credentials,
      sources: sourcesWith({ clock: createHastyClock() }),
    });

  async function appRole(uses = 0, name = "web") {
    const role = await askVault(server.origin, `GET auth/approle/role/${name}/role-id`);
    const secret = await askVault(server.origin, `POST auth/approle/role/${name}/secret-id`, { num_uses: uses });
    const credentials = { roleId: role["data"]?.["role_id"], secretId: secret["data"]?.["secret_id"] };
    return connect("app-role", credentials).credentials;
  }

  test("the newest version, with numbers and booleans as they were written", async () => {
    expect(reveal(await read({ path: "web/production" }))).toEqual({
      A: "ONE",
      B: "two",
      PORT: "8080",
      BIG: "12345678901234567890",
      ON: "true",
    });
  });

  test.each([1, 3])("with tokens for %i uses, until everything is read or the policy denies it", async (uses) => {
    const settings = { token_policies: ["web"], token_num_uses: uses };
    await askVault(server.origin, "POST auth/approle/role/few", settings);
    const keys = Array.from({ length: 12 }, (_, at) => `K${at}`);
    for (const key of keys) await write(`web/few/${key}`, { [key]: key });
    const paths = keys.map((key) => `web/few/${key}`);
    const credentials = await appRole(0, "few");
    expect(reveal(await read({ paths }, credentials))).toEqual(Object.fromEntries(keys.map((key) => [key, key])));
    expect(await failureOf(read({ paths: [...paths, "web-none"] }, credentials))).toContainEqual(
      expect.stringMatching(/^source\.forbidden: vault source secret\/web-none: /),
    );
  });

  test("no mount of KV version 1, which is reported as such even if the policy allows only its addresses", async () => {
    await askVault(server.origin, "POST sys/mounts/old", { type: "kv", options: { version: "1" } });
    await askVault(server.origin, "POST old/web", { A: canary });
    await askVault(server.origin, "POST sys/policies/acl/old", {
      policy: 'path "old/web" { capabilities = ["read"] }',
    });
    await askVault(server.origin, "POST auth/approle/role/old", { token_policies: ["old"] });
    const role = await askVault(server.origin, "GET auth/approle/role/old/role-id");
    const secret = await askVault(server.origin, "POST auth/approle/role/old/secret-id", {});
    const narrow = { roleId: role["data"]?.["role_id"], secretId: secret["data"]?.["secret_id"] };
    for (const credentials of [asRoot(), connect("app-role", narrow).credentials]) {
      const [problem] = await failureOf(read({ mount: "old", path: "web" }, credentials));
      expect(problem).toContain('source.not_found: vault source old/web: the mount "old" is KV version 1');
    }
  });

  test("a pinned version", async () => {
    expect(reveal(await read({ path: "web/production", version: 1 }))).toEqual({ A: "one", B: "two" });
  });

  test("several paths, later ones winning", async () => {
    expect(reveal(await read({ paths: ["web/production", "web/override"] }))).toMatchObject({ A: "ONE", B: "later" });
    expect(reveal(await read({ paths: ["web/override", "web/production"] }))).toMatchObject({ B: "two" });
  });

  test("a tree", async () => {
    expect(reveal(await read({ path: "tree", recursive: true }))).toEqual({ ROOT: "r", API: "a", DB: "d", ODD: "o" });
  });

  describe("takes what is imported", () => {
    const importInto = (
      given: Omit<Partial<VaultSource>, "type">,
      values: Record<string, string>,
      more: ImportInput = {},
    ) => {
      const { before = {}, credentials = asRoot() } = more;
      const sources = sourcesWith({ clock: createHastyClock() });
      const edits = Object.entries(values).map(([key, value]) => ({
        key,
        value: redact(value),
        before: before[key] === undefined ? undefined : redact(before[key]),
      }));
      const place = { environment: {}, directory: "/" };
      const writer = createSourceWriter(sources, place);
      return writer({ type: "vault", ...given }, credentials, { edits, rehearse: false }).then(
        () => "",
        (error: unknown) => String(error),
      );
    };
    const versionOf = async (path: string) =>
      (await askVault(server.origin, `GET secret/metadata/${path}`))["data"]?.["current_version"];

    test("as one new version, with numbers and nested values of others as they were", async () => {
      await write("import/one", { BIG: 1, db: { host: "h", port: 5432 } });
      const change = { db_host: "new", ADDED: "a" };
      expect(await importInto({ path: "import/one" }, change, { before: { db_host: "h" } })).toBe("");
      expect(await versionOf("import/one")).toBe(2);
      const { data } = await askVault(server.origin, "GET secret/data/import/one");
      expect(data?.["data"]).toEqual({ BIG: 1, db: { host: "new", port: 5432 }, ADDED: "a" });
    });

    test("in the last of several paths, whose values win", async () => {
      await write("import/first", { A: "first" });
      await write("import/last", { B: "last" });
      const paths = ["import/first", "import/last"];
      expect(await importInto({ paths }, { A: "new" }, { before: { A: "first" } })).toBe("");
      expect(reveal(await read({ paths }))).toEqual({ A: "new", B: "last" });
      expect(await versionOf("import/first")).toBe(1);
    });

    test("without losing what eight writers add at the same moment", async () => {
      await write("import/race", { A: "one" });
      const add = async (key: string): Promise<void> => {
        const failure = await importInto({ path: "import/race" }, { [key]: "added" });
        if (failure === "") return;
        expect(failure).toMatch(/import\.changed: .* got a new version since it was read/);
        await add(key);
      };
      const keys = Array.from({ length: 8 }, (_, index) => `K${index}`);
      await Promise.all(keys.map(add));
      expect(Object.keys(reveal(await read({ path: "import/race" }))).sort()).toEqual(["A", ...keys]);
      expect(await versionOf("import/race")).toBe(9);
    });

    test("not over a value that somebody wrote meanwhile, nor into a pinned version or a tree", async () => {
      await write("import/two", { A: "one" });
      const stale = await importInto({ path: "import/two" }, { A: "new" }, { before: { A: "zero" } });
      expect(stale).toMatch(/import\.changed: vault source secret\/import\/two: A has changed/);
      expect(await importInto({ path: "import/two", version: 1 }, { B: "2" })).toMatch(/pins a version/);
      expect(await importInto({ path: "import", recursive: true }, { B: "2" })).toMatch(/reads a tree/);
      expect(await versionOf("import/two")).toBe(1);
    });

    test("not with a token that may only read: the message names the capability", async () => {
      await write("web/import", { A: "one" });
      const refused = await importInto({ path: "web/import" }, { B: canary }, { credentials: await appRole() });
      expect(refused).toMatch(/import\.no_writable_source: .* needs the capability "patch"/);
      expect(refused).not.toContain(canary);
      expect(await versionOf("web/import")).toBe(1);
    });
  });

  test("nested values under joined keys", async () => {
    await write("nested", { db: { host: "h" } });
    expect(reveal(await read({ path: "nested" }))).toEqual({ db_host: "h" });
    expect(reveal(await read({ path: "nested", separator: "." }))).toEqual({ "db.host": "h" });
  });

  test("with an AppRole, whose single-use secret id is used once", async () => {
    expect(reveal(await read({ paths: ["web/override", "web/override"] }, await appRole(1)))).toEqual({ B: "later" });
  });

  test("with token and address of the environment", async () => {
    const environment = { VAULT_ADDR: server.origin, VAULT_TOKEN: rootToken };
    const sources = sourcesWith({ environment });
    expect(reveal(await readSource({ type: "vault", path: "web/override" }, undefined, { sources }))).toEqual({
      B: "later",
    });
  });

  test("and proves its connection", async () => {
    expect(await sourcesWith().prove("vault", asRoot())).toEqual({ account: "token" });
    expect(await sourcesWith().prove("vault", await appRole())).toEqual({ account: undefined });
    const wrong = sourcesWith().prove("vault", connect("token", { token: canary }).credentials);
    const text = String(await wrong.catch((error: unknown) => error));
    expect(text).toMatch(/http.forbidden: Vault does not allow/);
    expect(text).not.toContain(canary);
  });

  test("a version that will be deleted later", async () => {
    await askVault(server.origin, "POST secret/metadata/soon", { delete_version_after: "1h" });
    await write("soon", { A: "one" });
    expect(reveal(await read({ path: "soon" }))).toEqual({ A: "one" });
  });

  test("nothing of a deleted version, and nothing of a destroyed one", async () => {
    await write("gone", { A: canary });
    await write("gone", { A: canary });
    await askVault(server.origin, "POST secret/delete/gone", { versions: [2] });
    expect(await failureOf(read({ path: "gone" }))).toEqual([
      expect.stringMatching(/^source.deleted_version: vault source secret\/gone: version 2 is deleted; bring it back/),
    ]);
    expect(reveal(await read({ path: "gone", version: 1 }))).toEqual({ A: canary });
    await askVault(server.origin, "POST secret/destroy/gone", { versions: [1] });
    expect(await failureOf(read({ path: "gone", version: 1 }))).toEqual([
      expect.stringMatching(
        /^source.deleted_version: vault source secret\/gone: version 1 is destroyed; give another `version`/,
      ),
    ]);
  });

  test("nothing at all when one of many paths may not be read", async () => {
    await write("private", { A: canary });
    const failure = await failureOf(read({ paths: ["web/production", "private", "web/absent"] }, await appRole()));
    expect(failure).toEqual([
      expect.stringMatching(
        /^source.forbidden: vault source secret\/private: Vault does not allow .*policy allows read/,
      ),
      expect.stringMatching(/^source.not_found: vault source secret\/web\/absent: there is no secret; check `path`/),
    ]);
  });

  test("nothing at all of a tree that may not be listed, or holds a name twice, or does not exist", async () => {
    expect(await failureOf(read({ path: "web", recursive: true }, await appRole()))).toEqual([
      expect.stringMatching(/^source.forbidden: vault source secret\/web: .*list on/),
    ]);
    expect(await failureOf(read({ path: "clash", recursive: true }))).toEqual([
      expect.stringMatching(
        /^source.duplicate_key: vault source secret\/clash: SAME is in clash\/x and clash\/y; rename/,
      ),
    ]);
    expect(await failureOf(read({ path: "nothing", recursive: true }))).toEqual([
      expect.stringMatching(/^source.not_found: vault source secret\/nothing: there is neither a secret nor a folder/),
    ]);
  });

  test("nothing at all of an unknown mount, an unknown version, or a value that is no text", async () => {
    await write("odd", { LIST: [canary], NOTHING: null });
    expect(await failureOf(read({ mount: "kv", path: "web" }))).toEqual([
      expect.stringMatching(/^source.not_found: vault source kv\/web: there is no KV version 2 mount at "kv"/),
    ]);
    expect(await failureOf(read({ path: "web/production", version: 99 }))).toEqual([
      expect.stringMatching(/^source.not_found: /),
    ]);
    expect(await failureOf(read({ path: "odd" }))).toEqual([
      expect.stringMatching(/^source.not_flat: .*"LIST"/),
      expect.stringMatching(/^source.null_value: .*"NOTHING"/),
    ]);
  });

  test("nothing at all with wrong credentials", async () => {
    const wrongToken = connect("token", { token: canary }).credentials;
    expect(await failureOf(read({ path: "web/production" }, wrongToken))).toEqual([
      expect.stringMatching(/^source.forbidden: .*check that the token from .* is valid/),
    ]);
    const wrongRole = connect("app-role", { roleId: "r", secretId: canary }).credentials;
    expect(await failureOf(read({ path: "web/production" }, wrongRole))).toEqual([
      expect.stringMatching(/^source.rejected: .*auth\/approle\/login.*check role id and secret id/),
    ]);
  });
});
