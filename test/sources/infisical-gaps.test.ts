// What an Infisical server leaves out of an answer, or answers to another question, without an error: none of it may pass for the folder.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { InfisicalSource } from "../../schema/index.js";
import { type InfisicalEmulator, startInfisical } from "../emulators/infisical/index.js";
import { createInstance, type Folder, type Identity } from "../emulators/infisical/model.js";
import { canary, failureOf, reveal } from "./canary.js";
import { makeCredentials, readSource } from "./reading.js";

let server: InfisicalEmulator;
beforeAll(async () => {
  server = await startInfisical();
});
afterAll(() => server.close());

const login = { clientId: "id-1f2e", clientSecret: `secret-${canary}` };

function seed(folders: Record<string, Record<string, Folder>>, identity: Partial<Identity> = {}) {
  Object.assign(server.instance, createInstance());
  server.instance.projects.set("p", folders);
  server.instance.identities.push({ ...login, ...identity });
}

function read(
  given: Omit<Partial<InfisicalSource>, "type"> = {},
  credentials = makeCredentials("infisical", login, server.origin),
) {
  const source = { type: "infisical", projectId: "p", environment: "prod", ...given } as const;
  return readSource(source, undefined, { credentials });
}

function addServiceToken(scope: NonNullable<Identity["scope"]>) {
  const accessToken = "st.65f0.token";
  server.instance.tokens.set(accessToken, { identity: { ...login, scope }, until: Infinity, uses: 0 });
  return makeCredentials("infisical", { accessToken }, server.origin);
}

const origin = "infisical source prod:/ of project p";

describe("an infisical source gives nothing at all", () => {
  const silent = (folder: string) =>
    `source.import_unreadable: ${origin}: the import from ${folder} gives no secret, which is also what an identity without permission gets; give it read access there, take the import out if its folder is gone, or set \`allowEmpty: true\``;

  test.each([
    [
      "left out",
      `source.import_unreadable: ${origin}: the import from shared:/first is not in the answer; give the identity read access there, or set \`includeImports: false\``,
    ],
    ["empty", silent("shared:/first")],
  ] as const)("when an import may not be read, which the server tells as %s", async (hiddenImport, failure) => {
    const access = (environment: string) => (environment === "shared" ? "none" : "read");
    const imports = [
      { environment: "shared", path: "/first" },
      { environment: "prod", path: "/copy", isReplication: true },
    ];
    const folders = {
      prod: { "/": { secrets: { A: "a" }, imports } },
      shared: { "/first": { secrets: { B: canary } } },
    };
    seed(folders, { access });
    server.instance.hiddenImport = hiddenImport;
    expect(await failureOf(read())).toEqual([failure]);
    expect(reveal(await read({ includeImports: false }))).toEqual({ A: "a" });
  });

  test("when imports give nothing, unless that is believed", async () => {
    const imports = ["/gone", "/full", "/bare"].map((path) => ({ environment: "shared", path }));
    seed({
      prod: { "/": { secrets: { A: "a" } }, "/web": { secrets: {}, imports } },
      shared: { "/full": { secrets: { B: "b" } }, "/bare": { secrets: {} } },
    });
    expect(await failureOf(read({ recursive: true }))).toEqual([silent("shared:/bare and shared:/gone")]);
    expect(reveal(await read({ recursive: true, allowEmpty: true }))).toEqual({ A: "a", B: "b" });
  });

  test.each<[folder: object, given: Parameters<typeof read>[0], answered: string]>([
    [{ environment: "staging" }, {}, "staging:/ of project p"],
    [{ path: "/web" }, {}, "prod:/web of project p"],
    [{ path: "/web" }, { secretPath: "/api", recursive: true }, "prod:/web of project p"],
    [{ projectId: "other" }, {}, "prod:/ of project other"],
  ])("when a service token answers for its own folder %j, whatever is asked", async (folder, given, answered) => {
    const folders = { "/": { secrets: { A: canary } }, "/web": { secrets: { A: canary } }, "/api": { secrets: {} } };
    seed({ prod: folders, staging: folders });
    server.instance.projects.set("other", { prod: folders });
    const credentials = addServiceToken({ projectId: "p", environment: "prod", path: "/", ...folder });
    const asked = `infisical source prod:${given?.secretPath ?? "/"} of project p`;
    expect(await failureOf(read(given, credentials))).toEqual([
      `source.forbidden: ${asked}: the answer is about ${answered}, which is where a service token for one folder leads whatever is asked; correct projectId, environment and secretPath, or use a machine identity`,
    ]);
  });

  test("only when the folder is another one: a service token reads its own, however its path is written", async () => {
    seed({ prod: { "/web": { secrets: { A: "a" } }, "/web/db": { secrets: { B: "b" } } } });
    const credentials = addServiceToken({ projectId: "p", environment: "prod", path: "/web" });
    expect(reveal(await read({ secretPath: "/web/" }, credentials))).toEqual({ A: "a" });
    expect(reveal(await read({ secretPath: "/web", recursive: true }, credentials))).toEqual({ A: "a", B: "b" });
  });
});

describe.each(["v4", "v3"] as const)(
  "of folders that hold nothing but imports, an infisical source (%s)",
  (generation) => {
    const from = (path: string) => ({ secrets: {}, imports: [{ environment: "shared", path }] });
    const shared = { "/x": { secrets: { A: "x" } }, "/y": { secrets: { A: "y" } } };
    const seedTree = (prod: Record<string, Folder>, identity: Partial<Identity> = {}) => {
      seed({ prod, shared }, identity);
      Object.assign(server.instance, { generation, hiddenImport: "left out" });
    };
    const root = { "/": { secrets: { B: "b" } } };

    test("gives nothing at all if one of their imports may not be read", async () => {
      const access = (environment: string) => (environment === "shared" ? "none" : "read");
      seedTree({ ...root, "/web": { secrets: {} }, "/web/deep": from("/x") }, { access });
      expect(await failureOf(read({ recursive: true }))).toEqual([
        `source.import_unreadable: ${origin}: the import from shared:/x is not in the answer; give the identity read access there, or set \`includeImports: false\``,
      ]);
      expect(reveal(await read({ recursive: true, includeImports: false }))).toEqual({ B: "b" });
    });

    test("refuses a name that two of them import with different values", async () => {
      seedTree({ ...root, "/web": from("/x"), "/api": from("/y") });
      expect(await failureOf(read({ recursive: true }))).toEqual([
        `source.duplicate_key: ${origin}: A is in /api and /web; rename all but one, or read the folders as separate sources, where the order decides`,
      ]);
      expect(reveal(await read({ secretPath: "/web", recursive: true }))).toEqual({ A: "x" });
    });

    test("reads the others where the imports of one are not for the identity", async () => {
      seedTree({ ...root, "/web": from("/x"), "/own": { secrets: {} } }, { seesImports: (_, path) => path !== "/own" });
      expect(reveal(await read({ recursive: true }))).toEqual({ A: "x", B: "b" });
      seedTree({ ...root, "/own": { secrets: { C: "c" } } }, { seesImports: (_, path) => path !== "/own" });
      expect(await failureOf(read({ recursive: true }))).toEqual([expect.stringMatching(/^source\.forbidden: /)]);
    });

    test("gives nothing at all without a list of folders", async () => {
      const broken = await startInfisical();
      broken.instance.projects.set("p", { prod: root });
      broken.instance.identities.push(login);
      broken.instance.generation = generation;
      broken.fail(generation === "v4" ? "/api/v2/folders" : "/api/v1/folders", {
        status: 200,
        body: { message: canary },
      });
      const reading = read({ recursive: true }, makeCredentials("infisical", login, broken.origin));
      expect(await failureOf(reading)).toEqual([
        expect.stringMatching(/^source\.malformed: .* does not hold a list of folders/),
      ]);
      await broken.close();
    });
  },
);

describe("from an answer that says little, an infisical source", () => {
  test("gives nothing if a whole environment is gone, which older servers answer that way", async () => {
    seed({ prod: { "/": { secrets: {} } } });
    server.instance.missingFolder = "empty";
    const given = { includeImports: false, allowEmpty: true };
    for (const secretPath of ["/", "/web"])
      expect(await failureOf(read({ ...given, environment: "stg", secretPath }))).toEqual([
        expect.stringMatching(
          `^source.not_found: infisical source stg:${secretPath} .*: there is no folder ${secretPath} in the environment stg`,
        ),
      ]);
    expect(reveal(await read(given))).toEqual({});
  });

  /** From a server that says no more than it must. */
  async function readAnswer(secrets: readonly object[], given: Parameters<typeof read>[0]) {
    const terse = await startInfisical();
    terse.instance.identities.push(login);
    terse.fail("/api/v4/secrets", { status: 200, body: { secrets } });
    const credentials = makeCredentials("infisical", login, terse.origin);
    try {
      return await read({ includeImports: false, ...given }, credentials);
    } finally {
      await terse.close();
    }
  }

  test.each([
    ["mark", { secretValue: "", secretValueHidden: true }],
    ["do not mark", { secretValue: "<hidden-by-infisical>" }],
  ])("takes no hidden value for one, which servers %s", async (_, hidden) => {
    const secrets = [
      { secretKey: "A", secretValue: "" },
      { secretKey: "B", ...hidden },
    ];
    expect(await failureOf(readAnswer(secrets, {}))).toEqual([
      `source.hidden_value: ${origin}: the identity may not read the value of B; give it the permission "read value" for secrets there`,
    ]);
    expect(reveal(await readAnswer(secrets, { exclude: ["B"] }))).toEqual({ A: "" });
  });

  test("takes the folder's own secrets as the server has selected them", async () => {
    const secrets = [{ secretKey: "A", secretValue: "a" }];
    for (const includeImports of [true, false])
      expect(reveal(await readAnswer(secrets, { tagSlugs: ["web"], includeImports }))).toEqual({ A: "a" });
  });
});

describe("an infisical source that selects takes nothing else of an import, from a server that", () => {
  const team = (name: string) => ({ metadata: { team: name } });
  const shared = {
    WEB: { value: "web", tags: ["web"], ...team("web") },
    API: { value: canary, tags: ["api"], ...team("api") },
    NONE: canary,
  };
  const own = { OWN: { value: "own", tags: ["web"], ...team("web") }, OTHER: canary };
  const imports = [{ environment: "shared", path: "/" }];
  const folders = { prod: { "/": { secrets: own, imports } }, shared: { "/": { secrets: shared } } };

  test.each([true, false])("selects among imported secrets by metadata: %s", async (selectsImports) => {
    seed(folders);
    server.instance.selectsImports = selectsImports;
    expect(reveal(await read({ metadata: { team: "web" } }))).toEqual({ OWN: "own", WEB: "web" });
  });

  test("tells the tags of imported secrets", async () => {
    seed(folders);
    server.instance.selectsImports = true;
    expect(reveal(await read({ tagSlugs: ["web"] }))).toEqual({ OWN: "own", WEB: "web" });
  });

  test("does not tell them: those secrets are refused, unless they are left out", async () => {
    seed(folders);
    expect(await failureOf(read({ tagSlugs: ["web"] }))).toEqual([
      `argument.invalid: ${origin}: the server does not say which tags the imported API, NONE, WEB have, so \`tagSlugs\` cannot select among them; set \`includeImports: false\`, or select by folder, or by \`include\` and \`exclude\``,
    ]);
    expect(reveal(await read({ tagSlugs: ["web"], includeImports: false }))).toEqual({ OWN: "own" });
    expect(reveal(await read({ tagSlugs: ["web"], include: ["OWN"] }))).toEqual({ OWN: "own" });
  });
});

describe("an infisical source that reads a tree", () => {
  const from = (path: string) => ({ environment: "shared", path });
  const shared = { "/x": { secrets: { A: "x", X: "x" } }, "/y": { secrets: { A: "y", Y: "y" } } };
  const isIn = (folders: string) =>
    `source.duplicate_key: ${origin}: A is in ${folders}; rename all but one, or read the folders as separate sources, where the order decides`;

  test.each<[what: string, tree: Record<string, Folder>, folders: string]>([
    [
      "a folder has and another imports",
      { "/": { secrets: { A: canary } }, "/web": { secrets: { B: "b" }, imports: [from("/x")] } },
      "/ and /web",
    ],
    [
      "two folders import from different ones",
      { "/": { secrets: { B: "b" }, imports: [from("/x")] }, "/web": { secrets: { C: "c" }, imports: [from("/y")] } },
      "/ and /web",
    ],
  ])("refuses a name that %s", async (_, tree, folders) => {
    seed({ prod: tree, shared });
    expect(await failureOf(read({ recursive: true }))).toEqual([isIn(folders)]);
    expect(reveal(await read({ recursive: true, exclude: ["A", "C"] }))).toMatchObject({ B: "b", X: "x" });
  });

  test("takes a name that its folders agree on, and in each folder what wins there", async () => {
    const tree = {
      "/": { secrets: { B: "b" }, imports: [from("/y"), from("/x")] },
      "/web": { secrets: { C: "c", X: "own" }, imports: [from("/x")] },
      "/web/own": { secrets: { A: "x" } },
    };
    seed({ prod: tree, shared });
    expect(reveal(await read({ recursive: true, exclude: ["X"] }))).toEqual({ A: "x", B: "b", C: "c", Y: "y" });
    const below = { recursive: true, secretPath: "/web/" };
    expect(reveal(await read(below))).toEqual({ A: "x", C: "c", X: "own" });
  });
});
