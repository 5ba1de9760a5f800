// The Vault source against scripted answers: the life of a token, and servers that do not do their work. The rest is
// tested against a real server.

import { describe, expect, test } from "vitest";
import { redact } from "../../provider/redacted.js";
import { createSourceWriter } from "../../provider/sources/reader.js";
import type { VaultSource } from "../../schema/index.js";
import type { Loopback, Reply } from "../emulators/loopback.js";
import { canary, failureOf, reveal } from "./canary.js";
import { makeCredentials, createHastyClock, readSource, sourcesWith } from "./reading.js";
import { denial, lease, role, secret, serve } from "./vault-answers.js";

function read(
  server: Loopback,
  given: Omit<Partial<VaultSource>, "type"> = {},
  more: { token?: string; timeoutMs?: number } = {},
) {
  const credentials = makeCredentials("vault", { token: more.token ?? "t" }, server.origin);
  const sources = sourcesWith({ clock: createHastyClock(), timeoutMs: more.timeoutMs ?? 5_000 });
  const where = given.paths === undefined ? { path: "web" } : {};
  return readSource({ type: "vault", ...where, ...given }, undefined, { credentials, sources });
}

describe("a vault source", () => {
  test("renews its token shortly before the end, and logs in again when that is refused", async () => {
    let renewable = true;
    const server = await serve(({ path }) => {
      if (path.endsWith("login")) return lease("first");
      if (path.endsWith("renew-self")) return renewable ? lease("second") : denial;
      return secret({ A: "one" });
    });
    const clock = createHastyClock();
    const sources = sourcesWith({ clock });
    const credentials = makeCredentials("vault", role, server.origin);
    const readOnce = () => readSource({ type: "vault", path: "web" }, undefined, { credentials, sources });
    await readOnce();
    clock.advance(580_000);
    await readOnce();
    renewable = false;
    clock.advance(580_000);
    await readOnce();
    clock.advance(700_000);
    await readOnce();
    expect(server.received.filter(({ method }) => method === "POST").map(({ path }) => path.split("/").at(-1))).toEqual(
      ["login", "renew-self", "renew-self", "login", "login"],
    );
    expect(server.received[3]?.headers["x-vault-token"]).toBe("second");
    expect(server.received[0]?.body).toEqual({ role_id: "role", secret_id: canary });
  });

  test.each([
    { mostUses: 3, count: 5, what: "once more where its token is refused: its uses may be spent, or it was revoked" },
    { mostUses: 3, count: 20, what: "as often as tokens for a few uses are spent" },
    { mostUses: 1, count: 6, what: "for every secret where a token is for one use" },
  ])("logs in $what", async ({ mostUses, count }) => {
    const uses = new Map<string, number>();
    const server = await serve(({ path, headers }) => {
      if (path.endsWith("login")) {
        const token = `token-${uses.size}`;
        uses.set(token, mostUses);
        return lease(token);
      }
      const token = String(headers["x-vault-token"]);
      const left = uses.get(token) ?? 0;
      uses.set(token, left - 1);
      return left > 0 ? secret({ [path.split("/").at(-1) ?? ""]: "one" }) : denial;
    });
    const credentials = makeCredentials("vault", role, server.origin);
    const paths = Array.from({ length: count }, (_, at) => `web-${at}`);
    const values = await readSource({ type: "vault", paths }, undefined, { credentials, sources: sourcesWith() });
    expect([...values.keys()]).toEqual(paths);
    expect(uses.size).toBe(Math.ceil(count / mostUses));
  });

  test("logs in only a few times if its policy denies some paths and allows others", async () => {
    let logins = 0;
    const server = await serve(({ path }) => {
      if (path.endsWith("login")) return lease(`token-${(logins += 1)}`);
      return path.includes("denied") ? denial : secret({ A: "one" });
    });
    const credentials = makeCredentials("vault", role, server.origin);
    const paths = Array.from({ length: 40 }, (_, at) => (at % 10 === 0 ? `denied-${at}` : `web-${at}`));
    const source: VaultSource = { type: "vault", paths };
    const failures = await failureOf(readSource(source, undefined, { credentials, sources: sourcesWith() }));
    expect(failures).toHaveLength(4);
    expect(logins).toBeLessThanOrEqual(3);
  });

  test.each([
    ["and the new one is refused as well", lease("second"), "second"],
    [
      "and no other is given: the earlier one serves all other requests",
      { status: 400, body: { errors: [] } },
      "first",
    ],
  ])("reports the refusal of a token %s", async (_, second, token) => {
    const logins: Reply[] = [lease("first")];
    const server = await serve(({ path }) => {
      if (path.endsWith("login")) return logins.shift() ?? second;
      return path.includes("/data/own") ? secret({ A: "one" }) : denial;
    });
    const credentials = makeCredentials("vault", role, server.origin);
    const sources = sourcesWith();
    const readPath = (path: string) => readSource({ type: "vault", path }, undefined, { credentials, sources });
    expect(await failureOf(readPath("web"))).toEqual([
      expect.stringMatching(/^source\.forbidden: vault source secret\/web: /),
    ]);
    expect(reveal(await readPath("own"))).toEqual({ A: "one" });
    expect(server.received.at(-1)?.headers["x-vault-token"]).toBe(token);
  });

  test("is told what a refused login is about", async () => {
    const server = await serve(() => denial);
    const credentials = makeCredentials("vault", role, server.origin);
    const source = { type: "vault", path: "web" } as const;
    expect(await failureOf(readSource(source, undefined, { credentials, sources: sourcesWith() }))).toEqual([
      expect.stringMatching(
        /^source\.forbidden: vault source secret\/web: .*: check that the AppRole method is enabled/,
      ),
    ]);
  });

  test("logs in no more than twice for paths that its policy denies", async () => {
    let logins = 0;
    const server = await serve(({ path }) => {
      if (!path.endsWith("login")) return denial;
      logins += 1;
      return lease(`token-${logins}`);
    });
    const credentials = makeCredentials("vault", role, server.origin);
    const sources = sourcesWith();
    for (const path of ["a", "b", "c"])
      expect(await failureOf(readSource({ type: "vault", path }, undefined, { credentials, sources }))).toHaveLength(1);
    expect(logins).toBe(2);
  });

  test.each([
    [denial, /the token may not write it; .*capability "patch"/],
    [
      { status: 400, body: { errors: ["check-and-set parameter did not match the current version"] } },
      /^SecretSyncError: import.changed: .*got a new version since it was read/,
    ],
    [{ status: 400, body: { errors: ["something else"] } }, /^SecretSyncError: source.rejected: .*"something else"/],
  ])("reports a write that is refused with %j", async (reply, failure) => {
    const server = await serve(({ method }) => (method === "PATCH" ? reply : secret({ A: "one" })));
    const writer = createSourceWriter(sourcesWith(), { environment: {}, directory: "/" });
    const credentials = makeCredentials("vault", { token: "t" }, server.origin);
    const edits = [{ key: "B", value: redact(canary), before: undefined }];
    const told = await writer({ type: "vault", path: "web" }, credentials, { edits, rehearse: false }).then(
      String,
      String,
    );
    expect(told).toMatch(failure);
    expect(told).not.toContain(canary);
    expect(told, "which is about logging in").not.toContain("role id");
  });

  test.each([
    [{}, false, "deleted; bring it back with `vault kv undelete`, write a new version, or remove the secret with "],
    [{}, true, "destroyed; write a new version, or remove the secret with `vault kv metadata delete`"],
    [
      { version: 3 },
      false,
      "deleted; bring it back with `vault kv undelete`, give another `version`, or leave it out ",
    ],
    [{ version: 3 }, true, "destroyed; give another `version`, or leave it out for the newest"],
  ])("advises what helps for %j where the version is destroyed: %s", async (given, destroyed, advice) => {
    const metadata = { version: 3, destroyed, deletion_time: "2026-01-01T00:00:00Z" };
    const server = await serve(() => ({ status: 404, body: { data: { data: null, metadata } } }));
    const [problem = ""] = await failureOf(read(server, given));
    expect(problem).toContain(`source.deleted_version: vault source secret/web: version 3 is ${advice}`);
  });

  test("encodes each part of a path", async () => {
    const server = await serve(() => secret({ A: "one" }));
    await read(server, { mount: "team/kv", path: "a b/ü?" });
    expect(server.received[0]?.path).toBe("/v1/team/kv/data/a%20b/%C3%BC%3F");
  });

  test("takes an empty secret for what it is", async () => {
    expect(reveal(await read(await serve(() => secret({}))))).toEqual({});
  });

  test.each([
    [
      { status: 503, body: { errors: ["Vault is sealed"] } },
      /^source.unavailable: vault source secret\/web: .*unseal it/,
    ],
    [
      { status: 200, body: { data: { A: canary } } },
      /^source.malformed: vault source secret\/web: .*KV version 2 secret/,
    ],
    [{ status: 404, body: { errors: [] } }, /^source.not_found: vault source secret\/web: there is no secret/],
    [{ status: 404, body: { warnings: ["Invalid path"] } }, /^source.not_found: .*no KV version 2 mount/],
    [{ status: 404, body: { message: canary } }, /^source.malformed: vault source secret\/web: .*Vault's own word/],
    [{ status: 404, body: undefined }, /^source.malformed: vault source secret\/web: .*Vault's own word/],
    [denial, /^source.forbidden: .*policy allows read/],
    [{ status: 400, body: { errors: [`no ${canary}`] } }, /^source.rejected: .*status 400 "no (?!canary)/],
    [
      { status: 307, body: {}, headers: { location: "https://other.example.com/" } },
      /^source.rejected: .*redirects to other.example.com .*: give the address of the whole cluster/,
    ],
  ])("gives nothing at all for %j", async (reply, failure) => {
    const server = await serve(() => reply);
    expect(await failureOf(read(server, {}, { token: canary }))).toEqual([expect.stringMatching(failure)]);
  });

  test.each([
    ["a secret that is not there", { status: 404, body: { errors: [] } }, { version: "1" }],
    ["a secret that happens to be at that address", { status: 200, body: { data: { A: canary } } }, { version: "1" }],
    ["an address that the policy does not name", denial, { version: "1" }],
    ["a mount from before there were versions", { status: 404, body: { errors: [] } }, null],
  ] as const)("tells a mount of KV version 1 as such: %s", async (_, reply, options) => {
    const mount: Reply = { status: 200, body: { data: { type: "kv", options } } };
    const server = await serve(({ path }) => (path === "/v1/sys/internal/ui/mounts/old" ? mount : reply));
    expect(await failureOf(read(server, { mount: "old" }))).toEqual([
      'source.not_found: vault source old/web: the mount "old" is KV version 1, and only version 2 is read; upgrade it with ' +
        "`vault kv enable-versioning old`, or let an exec source print the data (`vault kv get -format=json -mount=old web | jq .data`)",
    ]);
  });

  test.each([
    ["of version 2", { type: "kv", options: { version: "2" } }],
    ["of another kind", { type: "pki", options: null }],
  ] as const)("does not blame the version of a mount %s", async (_, data) => {
    const server = await serve(({ path }) =>
      path.startsWith("/v1/sys/") ? { status: 200, body: { data } } : { status: 404, body: { errors: [] } },
    );
    expect(await failureOf(read(server))).toEqual([expect.stringMatching(/: there is no secret; check `path`/)]);
  });

  test.each([
    ["is not there", { status: 404, body: { errors: [] } }, "incomplete"],
    ["holds no name", { status: 200, body: { data: { keys: [] } } }, "incomplete"],
    ["has null for its names", { status: 200, body: { data: { keys: null } } }, "malformed"],
    ["has no list", { status: 200, body: { data: {} } }, "malformed"],
    ["is no object", { status: 200, body: null }, "malformed"],
  ])("gives nothing at all when a folder that was listed %s", async (_, reply, code) => {
    const server = await serve(({ path }) => {
      if (path.startsWith("/v1/secret/metadata/web/folder")) return reply;
      if (path.startsWith("/v1/secret/metadata/")) return { status: 200, body: { data: { keys: ["a", "folder/"] } } };
      return secret({ A: canary });
    });
    expect(await failureOf(read(server, { recursive: true }))).toEqual([
      expect.stringMatching(`^source\\.${code}: vault source secret/web`),
    ]);
  });

  test.each<[string, () => readonly string[]]>([
    ["one folder", () => ["x/"]],
    ["a thousand folders", () => Array.from({ length: 1_000 }, (_, at) => `f${at}/`)],
  ])("does not follow a tree in which every folder lists %s, nor goes on asking", async (_, names) => {
    let asked = 0;
    const server = await serve(({ path }) => {
      asked += 1;
      return path.startsWith("/v1/secret/metadata/")
        ? { status: 200, body: { data: { keys: names() } } }
        : secret({ A: canary });
    });
    const credentials = makeCredentials("vault", { token: "t" }, server.origin);
    const sources = sourcesWith({ clock: createHastyClock(), timeoutMs: 5_000 });
    const readTree = () =>
      readSource({ type: "vault", path: "web", recursive: true }, undefined, { credentials, sources });
    expect(await failureOf(readTree())).toEqual([
      "source.too_large: vault source secret/web: there are more than 10000 names below it, or folders more than 100 levels deep; name a path that holds only secrets of the app",
    ]);
    // A second read has its turn after whatever the first one still asks.
    expect(await failureOf(readTree())).toHaveLength(1);
    expect(asked).toBeLessThanOrEqual(200);
  });

  test.each(["", "/", ".", "..", "../", "a/b", "a//", "/a"])("refuses a listed name %j", async (name) => {
    const server = await serve(({ path }) =>
      path === "/v1/secret/metadata/web"
        ? { status: 200, body: { data: { keys: ["good", name] } } }
        : secret({ A: canary }),
    );
    expect(await failureOf(read(server, { recursive: true }))).toEqual([
      expect.stringMatching(/^source\.malformed: vault source secret\/web: .*a list of names/),
    ]);
  });

  test.each(["data", "metadata"])("takes no foreign 404 at %s for a part of a tree that is not there", async (kind) => {
    const server = await serve(({ path }) => {
      if (path === `/v1/secret/${kind}/web`) return { status: 404, body: { message: "no such page" } };
      if (path === "/v1/secret/metadata/web") return { status: 200, body: { data: { keys: ["a"] } } };
      return secret({ A: canary });
    });
    expect(await failureOf(read(server, { recursive: true }))).toEqual([
      expect.stringMatching(/^source\.malformed: vault source secret\/web: /),
    ]);
  });

  test.each(["hang", "reset", "garbage", "cut"] as const)(
    "gives nothing at all when one of several paths ends in a %s",
    async (fault) => {
      const server = await serve(() => secret({ A: canary }));
      server.fail("/v1/secret/data/b", fault);
      // Real time, so only the one that waits for it asks for little.
      const more = fault === "hang" ? { timeoutMs: 200 } : {};
      expect(await failureOf(read(server, { paths: ["a", "b", "c"] }, more))).toEqual([
        expect.stringMatching(/^source.(unavailable|malformed): vault source secret\/b: /),
      ]);
    },
  );
});
