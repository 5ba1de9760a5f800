// The Infisical source against the emulator of its API: what it asks, what it merges, and every reason to give nothing at all.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { InfisicalSource } from "../../schema/index.js";
import { type InfisicalEmulator, startInfisical } from "../emulators/infisical/index.js";
import { createInstance, type Folder, type Identity } from "../emulators/infisical/model.js";
import { canary, failureOf, reveal } from "./canary.js";
import { makeCredentials, createHastyClock, readSource, sourcesWith } from "./reading.js";

let server: InfisicalEmulator;
beforeAll(async () => {
  server = await startInfisical();
});
afterAll(() => server.close());

const clientSecret = `secret-${canary}`;
const login = { clientId: "id-1f2e", clientSecret };

function seed(folders: Record<string, Record<string, Folder>>, identity: Partial<Identity> = {}) {
  Object.assign(server.instance, createInstance());
  server.instance.projects.set("p", folders);
  server.instance.identities.push({ ...login, ...identity });
  server.received.length = 0;
}
beforeEach(() => seed({ prod: { "/": { secrets: { A: "one" } } } }));

type Given = Omit<Partial<InfisicalSource>, "type">;

function read(given: Given = {}, sources = sourcesWith({ clock: createHastyClock() })) {
  const source = { type: "infisical", projectId: "p", environment: "prod", ...given } as const;
  return readSource(source, undefined, { credentials: makeCredentials("infisical", login, server.origin), sources });
}

const origin = "infisical source prod:/ of project p";
const paths = () => server.received.map(({ method, path }) => `${method} ${path}`);

describe("an infisical source", () => {
  test("logs in and lists a folder with every flag given", async () => {
    expect(reveal(await read())).toEqual({ A: "one" });
    expect(paths()).toEqual([
      "POST /api/v1/auth/universal-auth/login",
      "GET /api/v4/secrets",
      "GET /api/v2/secret-imports",
    ]);
    expect(server.received[0]?.headers.authorization).toBeUndefined();
    expect(Object.fromEntries(server.received[1]?.query ?? [])).toEqual({
      projectId: "p",
      environment: "prod",
      secretPath: "/",
      recursive: "false",
      viewSecretValue: "true",
      expandSecretReferences: "true",
      include_imports: "true",
      includeImports: "true",
      includePersonalOverrides: "false",
    });
  });

  test("finds the older addresses of an older server, and asks for the newer ones only once", async () => {
    server.instance.generation = "v3";
    const sources = sourcesWith();
    expect(reveal(await read({}, sources))).toEqual({ A: "one" });
    await read({ recursive: true }, sources);
    expect(paths()).toEqual([
      "POST /api/v1/auth/universal-auth/login",
      "GET /api/v4/secrets",
      "GET /api/v3/secrets/raw",
      "GET /api/v2/secret-imports",
      "GET /api/v1/secret-imports",
      "GET /api/v3/secrets/raw",
      "GET /api/v2/folders",
      "GET /api/v1/folders",
      "GET /api/v1/secret-imports",
    ]);
  });

  test("selects by tags and metadata", async () => {
    const web = { value: "web", tags: ["web"], metadata: { team: "a" } };
    seed({ prod: { "/": { secrets: { WEB: web, API: { value: "api", tags: ["api"] }, NONE: "x" } } } });
    expect(reveal(await read({ tagSlugs: ["web", "api"] }))).toEqual({ WEB: "web", API: "api" });
    expect(reveal(await read({ metadata: { team: "a" } }))).toEqual({ WEB: "web" });
  });

  test("lets own secrets win over imported ones, and the last import over the first", async () => {
    const first = { secrets: { A: "first", B: "first", C: "first" } };
    const last = { secrets: { B: "last", C: "last" } };
    const imports = [
      { environment: "shared", path: "/first" },
      { environment: "shared", path: "/last" },
    ];
    seed({ prod: { "/": { secrets: { C: "own" }, imports } }, shared: { "/first": first, "/last": last } });
    expect(reveal(await read())).toEqual({ A: "first", B: "last", C: "own" });
    expect(reveal(await read({ includeImports: false }))).toEqual({ C: "own" });
  });

  test.each([true, false])(
    "takes the nearest of equal names within one import, expanded by the server: %s",
    async (expand) => {
      const nested = { environment: "shared", path: "/nested" };
      const farther = { environment: "shared", path: "/farther" };
      seed({
        prod: { "/": { secrets: { OWN: "own" }, imports: [{ environment: "shared", path: "/direct" }] } },
        shared: {
          "/direct": { secrets: { A: "direct", OWN: "imported" }, imports: [nested, farther] },
          "/nested": { secrets: { A: "nested", B: "nested" } },
          "/farther": { secrets: { A: "farther", B: "farther", C: "farther" } },
        },
      });
      expect(reveal(await read({ expandSecretReferences: expand }))).toEqual({
        OWN: "own",
        A: "direct",
        B: "nested",
        C: "farther",
      });
    },
  );

  test("reads everything below a folder", async () => {
    seed({
      prod: { "/": { secrets: { R: "r" } }, "/web": { secrets: { A: "a" } }, "/web/db": { secrets: { B: "b" } } },
    });
    expect(reveal(await read({ secretPath: "/web", recursive: true }))).toEqual({ A: "a", B: "b" });
  });

  test("takes references resolved by the server, also across folders", async () => {
    const secrets = { URL: "pg://${USER}@${prod.db.HOST}", USER: "u" };
    seed({ prod: { "/": { secrets }, "/db": { secrets: { HOST: "h" } } } });
    expect(reveal(await read())).toEqual({ URL: "pg://u@h", USER: "u" });
    expect(reveal(await read({ expandSecretReferences: false }))).toEqual(secrets);
  });

  test("leaves personal overrides to their owners", async () => {
    seed({ prod: { "/": { secrets: { A: "one", MINE: { value: "mine", type: "personal" } } } } });
    expect(reveal(await read())).toEqual({ A: "one" });
  });

  test("asks a second time only for changes", async () => {
    const sources = sourcesWith();
    await read({}, sources);
    expect(reveal(await read({}, sources))).toEqual({ A: "one" });
    expect(server.received.at(-1)?.headers["if-none-match"]).toMatch(/^"/);
    server.instance.projects.set("p", { prod: { "/": { secrets: { A: "two" } } } });
    expect(reveal(await read({}, sources))).toEqual({ A: "two" });
  });
});

describe("the token of an infisical source", () => {
  test("is fetched once for all reads of a run", async () => {
    const sources = sourcesWith();
    await Promise.all([
      read({}, sources),
      read({ recursive: true }, sources),
      read({ includeImports: false }, sources),
    ]);
    expect(paths().filter((one) => one.startsWith("POST"))).toHaveLength(1);
  });

  test("is renewed shortly before its end, and replaced after it", async () => {
    const clock = createHastyClock();
    const sources = sourcesWith({ clock });
    await read({}, sources);
    clock.advance(7180_000);
    server.advance(7180);
    await read({}, sources);
    expect(paths().filter((one) => one.startsWith("POST"))).toEqual([
      "POST /api/v1/auth/universal-auth/login",
      "POST /api/v1/auth/token/renew",
    ]);
    clock.advance(8000_000);
    server.advance(8000);
    await read({}, sources);
    expect(
      paths()
        .filter((one) => one.startsWith("POST"))
        .at(-1),
    ).toBe("POST /api/v1/auth/universal-auth/login");
  });

  test("is replaced as often as the server refuses it, however many folders are read at once", async () => {
    const folder = { secrets: { A: "one" } };
    seed({ prod: { "/": folder, "/a": { secrets: { B: "one" } }, "/b": { secrets: { C: "one" } } } }, { tokenUses: 1 });
    expect(reveal(await read({ recursive: true }))).toEqual({ A: "one", B: "one", C: "one" });
    // For the secrets, the folders, and the imports of each of three.
    expect(paths().filter((one) => one.startsWith("POST"))).toHaveLength(5);
  });

  test("may be given ready, in the connection or in the environment", async () => {
    server.instance.tokens.set("ready", { identity: login, until: Number.POSITIVE_INFINITY, uses: 0 });
    const source = { type: "infisical", projectId: "p", environment: "prod" } as const;
    const environment = { INFISICAL_TOKEN: "ready", INFISICAL_API_URL: `${server.origin}/api` };
    expect(reveal(await readSource(source, undefined, { sources: sourcesWith({ environment }) }))).toEqual({
      A: "one",
    });
    expect(paths()[0]).toBe("GET /api/v4/secrets");
  });

  test("is fetched with credentials of the stack config", async () => {
    const config = {
      "infisical:clientId": "id-1f2e",
      "infisical:clientSecret": clientSecret,
      "infisical:host": server.origin,
    };
    const source = { type: "infisical", projectId: "p", environment: "prod" } as const;
    expect(reveal(await readSource(source, undefined, { sources: sourcesWith({ config }) }))).toEqual({ A: "one" });
  });
});

describe("an infisical source gives nothing at all", () => {
  test.each(["UnauthorizedError", "TokenError"] as const)("with a token that has expired (%s)", async (wrongToken) => {
    server.instance.wrongToken = wrongToken;
    const credentials = makeCredentials("infisical", { accessToken: canary }, server.origin);
    const source = { type: "infisical", projectId: "p", environment: "prod" } as const;
    expect(await failureOf(readSource(source, undefined, { credentials }))).toEqual([
      expect.stringMatching(`^source.unauthorized: ${origin}: .*: check client id and client secret, or the token`),
    ]);
  });

  test("with wrong credentials, and quotes none", async () => {
    server.instance.identities.length = 0;
    expect(await failureOf(read())).toEqual([
      expect.stringMatching(
        `^source.unauthorized: ${origin}: Infisical does not accept the token .*login.*client secret`,
      ),
    ]);
  });

  test.each([
    ["forbid", `source.forbidden: ${origin}: .*give the machine identity a role`],
    ["placeholder", `source.hidden_value: ${origin}: the identity may not read the value of A, B; give it`],
  ] as const)("when values may not be seen (%s)", async (hidden, failure) => {
    seed({ prod: { "/": { secrets: { B: canary, A: canary } } } }, { access: () => "describe" });
    server.instance.hidden = hidden;
    expect(await failureOf(read())).toEqual([expect.stringMatching(failure)]);
  });

  test("when a reference stays unresolved, unless it is meant as text", async () => {
    seed({
      prod: {
        "/": {
          secrets: {
            URL: `${canary}://\${GONE}`,
            BIND: "${db.DATABASE_URL}",
            SHELL: "${HOME:-x}",
            // Of another project, where references across projects are switched off or not granted.
            SHARED: "${@shared-3f.prod.db.PASSWORD}",
          },
        },
      },
    });
    expect(await failureOf(read())).toEqual([
      `source.unresolved_reference: ${origin}: BIND, SHARED, URL still holds a reference that the server could not resolve; ` +
        "correct it there, or name the key in `allowUnresolved` if the text is meant",
    ]);
    const allowed = reveal(await read({ allowUnresolved: ["BIND", "SHARED", "URL"] }));
    expect(allowed["BIND"]).toBe("${db.DATABASE_URL}");
  });

  test("when a reference leads to what may not be read", async () => {
    const access = (_: string, path: string) => (path === "/db" ? "none" : "read");
    seed({ prod: { "/": { secrets: { URL: "${prod.db.HOST}" } }, "/db": { secrets: { HOST: canary } } } }, { access });
    expect(await failureOf(read())).toEqual([expect.stringMatching(/^source.forbidden: .*Failed to expand/)]);
  });

  test("when a permission gap leaves nothing, unless that is believed", async () => {
    seed({ prod: { "/": { secrets: { A: canary } } } }, { access: () => "none" });
    expect(await failureOf(read())).toEqual([
      expect.stringMatching(`^source.empty: ${origin}: the answer holds no secret`),
    ]);
    expect(reveal(await read({ allowEmpty: true }))).toEqual({});
  });

  test("when two folders hold the same name", async () => {
    seed({ prod: { "/": { secrets: { A: canary } }, "/web": { secrets: { A: "x", B: "y" } } } });
    expect(await failureOf(read({ recursive: true }))).toEqual([
      `source.duplicate_key: ${origin}: A is in / and /web; rename all but one, or read the folders as separate sources, where the order decides`,
    ]);
  });

  test("when the folder, the environment or the project does not exist", async () => {
    const gone =
      "source.not_found: infisical source prod:/web/gone of project p: there is no folder /web/gone in the environment prod, " +
      "or it is gone, and nothing is removed because of that; correct secretPath and environment, restore the folder, or take " +
      "the source out of the program";
    expect(await failureOf(read({ secretPath: "/web/gone" }))).toEqual([gone]);
    expect(await failureOf(read({ projectId: "q" }))).toEqual([
      expect.stringMatching(/^source.not_found: .*project q/),
    ]);
    server.instance.missingFolder = "empty";
    expect(await failureOf(read({ secretPath: "/web/gone" }))).toEqual([gone]);
    expect(await failureOf(read({ secretPath: "/web/gone", allowEmpty: true }))).toEqual([gone]);
    server.instance.generation = "v3";
    expect(await failureOf(read({ secretPath: "/web/gone" }, sourcesWith()))).toEqual([gone]);
  });

  test.each([
    ["garbage", "source.malformed"],
    ["cut", "source.malformed"],
    ["reset", "source.unavailable"],
    [{ status: 503, body: { message: "starting" } }, "source.unavailable"],
    [{ status: 200, body: { secrets: [{ secretKey: "A" }] } }, "source.malformed"],
    [{ status: 200, body: { data: [canary] } }, "source.malformed"],
  ] as const)("when the server answers with %j", async (fault, code) => {
    const own = await startInfisical();
    own.instance.projects.set("p", { prod: { "/": { secrets: { A: canary } } } });
    own.instance.identities.push(login);
    own.fail("/api/v4/secrets", fault);
    const credentials = makeCredentials("infisical", login, own.origin);
    const sources = sourcesWith({ clock: createHastyClock() });
    const source = { type: "infisical", projectId: "p", environment: "prod" } as const;
    const failure = await failureOf(readSource(source, undefined, { credentials, sources }));
    await own.close();
    expect(failure).toEqual([expect.stringMatching(`^${code}: ${origin}: `)]);
  });

  test("when the login answers with something else", async () => {
    const own = await startInfisical();
    own.fail("/api/v1/auth/universal-auth/login", { status: 200, body: { token: canary } });
    const credentials = makeCredentials("infisical", login, own.origin);
    const source = { type: "infisical", projectId: "p", environment: "prod" } as const;
    const failure = await failureOf(readSource(source, undefined, { credentials }));
    await own.close();
    expect(failure).toEqual([expect.stringMatching(`^source.malformed: ${origin}: .*does not hold an access token`)]);
  });

  test("when the server does not answer in time", async () => {
    const own = await startInfisical();
    own.fail("/api/v1/auth/universal-auth/login", "hang");
    const credentials = makeCredentials("infisical", login, own.origin);
    const sources = sourcesWith({ clock: createHastyClock(), timeoutMs: 50 });
    const source = { type: "infisical", projectId: "p", environment: "prod" } as const;
    const failure = await failureOf(readSource(source, undefined, { credentials, sources }));
    await own.close();
    expect(failure).toEqual([expect.stringMatching(/^source.unavailable: .*no answer in time/)]);
  });
});
