// What `init --from infisical` makes of each sync: the arguments, what is left out and why, and what a person reads about it. Pure.

import { describe, expect, test } from "vitest";
import { compareKeys } from "../../provider/commands/init/infisical/comparison.js";
import { moveSync } from "../../provider/commands/init/infisical/move.js";
import type { SyncToWrite } from "../../provider/commands/init/infisical/moved-project.js";
import { renderInfisicalProgram } from "../../provider/commands/init/infisical/program.js";
import { redact } from "../../provider/redacted.js";
import type { ListedSync } from "../../provider/sources/sync-lister.js";
import { compileBlocks } from "../documents/programs.js";

const listed = (more: Partial<ListedSync> = {}): ListedSync => ({
  name: "shop",
  description: undefined,
  isEnabled: true,
  autoSyncEnabled: true,
  projectId: "p-1",
  environment: "prod",
  secretPath: "/app",
  recursive: false,
  initialSyncBehavior: "overwrite-destination",
  keySchema: undefined,
  disableSecretDeletion: false,
  connection: { id: "c-1", name: "ocean", description: undefined },
  destination: { type: "digital-ocean-app-platform", appId: "a-1", appName: "shop" },
  ...more,
});

const netlify = (more: object = {}): Partial<ListedSync> => ({
  destination: {
    type: "netlify",
    accountId: "t-1",
    accountName: "Team",
    siteId: "s-1",
    siteName: "storefront",
    context: "production",
    ...more,
  },
});

const moved = (more?: Partial<ListedSync>) => {
  const move = moveSync(listed(more));
  if ("left" in move) throw new Error(move.left.reason);
  return move.moved;
};

describe("a sync of Infisical", () => {
  test("keeps every field that there is here", () => {
    const everything = moved({
      description: "sync to do app",
      isEnabled: false,
      autoSyncEnabled: false,
      recursive: true,
      keySchema: "APP_{{secretKey}}_{{environment}}",
      disableSecretDeletion: true,
    });
    expect(everything).toMatchObject({
      name: "shop",
      description: "sync to do app",
      isEnabled: false,
      source: { type: "infisical", projectId: "p-1", environment: "prod", secretPath: "/app", recursive: true },
      destination: { type: "digital-ocean-app-platform", appId: "a-1", appName: "shop", scope: "RUN_AND_BUILD_TIME" },
      options: { keySchema: "APP_{{secretKey}}_{{environment}}", disableSecretDeletion: true, autoSyncEnabled: false },
    });
    expect(everything.differences.join("\n")).toMatch(/initialSyncBehavior[^]*auto-sync is off[^]*is disabled there/);
  });

  test("to Netlify keeps names, ids and the context, and stays readable as Infisical writes it", () => {
    expect(moved(netlify()).destination).toEqual({
      type: "netlify",
      accountId: "t-1",
      accountName: "Team",
      siteId: "s-1",
      siteName: "storefront",
      context: "production",
      isSecret: false,
    });
    expect(moved(netlify({ context: undefined })).destination).toMatchObject({ context: "all" });
    const team = moved(netlify({ siteId: undefined, siteName: undefined }));
    expect(team.destination).toMatchObject({ level: "team", accountId: "t-1" });
    expect(team.destination).not.toHaveProperty("siteId");
    expect(team.differences.join()).toContain("variables of the whole team");
  });

  test.each([
    ["whose folder is gone", { secretPath: undefined }, /environment or folder was removed/],
    ["whose environment is gone", { environment: undefined }, /environment or folder was removed/],
    ["to a branch without a name", netlify({ context: "branch" }), /keeps no branch name/],
    ["with a doubled key in its schema", { keySchema: "{{secretKey}}_{{secretKey}}" }, /keySchema: must contain/],
  ])("%s is left out, with the reason", (_, more, reason) => {
    expect(moveSync(listed(more))).toEqual({ left: { name: "shop", reason: expect.stringMatching(reason) } });
  });

  test("says what Infisical removes and this does not", () => {
    // The others are the behaviour of its first run, and the scope.
    expect(moved().differences.join("\n")).toMatch(
      /^.+\nInfisical removes every key that is not in the folder .+\n.+$/,
    );
    expect(moved({ keySchema: "A_{{secretKey}}" }).differences.join()).toContain(
      "every key that matches A_{{secretKey}}",
    );
    expect(moved({ disableSecretDeletion: true }).differences.join()).toContain("stay, there and here");
  });
});

test("keys are grouped by what can be seen of their values", () => {
  const wanted = new Map(["SAME", "HIDDEN", "OTHER", "NEW", "ODD"].map((key) => [key, redact(key)]));
  const entries = ["SAME", "HIDDEN", "OTHER", "ODD", "THEIRS"].map((key) => ({ key, value: undefined, settings: {} }));
  const verdicts: Record<string, boolean> = { SAME: true, OTHER: false };
  const obstacles = new Map([["ODD", "it is defined more than once"]]);
  expect(compareKeys({ wanted, entries, obstacles, compare: (key) => verdicts[key] })).toEqual({
    same: ["SAME"],
    hidden: ["HIDDEN"],
    different: ["OTHER"],
    odd: [{ key: "ODD", reason: "it is defined more than once" }],
    missing: ["NEW"],
    foreign: ["THEIRS"],
  });
});

describe("the program", () => {
  const write = (syncs: readonly SyncToWrite[]) => {
    const files = renderInfisicalProgram({ name: "p", project: "Shop", version: "0.1.0", syncs, left: [] });
    return new Map(files.map(({ name, text }) => [name, text]));
  };
  const unread = (more?: Partial<ListedSync>): SyncToWrite => ({
    ...moved(more),
    looked: undefined,
    unread: ["no credentials found for netlify"],
  });

  test("compiles, and declares each connection once, under a name that is not a reserved word", () => {
    const names = ["ocean", "new", "2nd-account", "class", "config", "pulumi", "ocean-connection", "ocean_connection"];
    const syncs = [...names, "ocean"].map((name, at) =>
      unread({
        name: `sync-${at}`,
        connection: { id: `of ${name}`, name, description: "of `us`" },
        ...(at === 3 ? netlify() : {}),
      }),
    );
    const text = write(syncs).get("index.ts") ?? "";
    expect(compileBlocks([{ where: "index.ts", file: "index.ts", language: "ts", text }])).toEqual([]);
    expect(text.match(/new Connection\(/g)).toHaveLength(8);
    expect(text).toContain('const n2ndAccountConnection = new Connection("2nd-account"');
    const configs = [...text.matchAll(/requireSecret\("(\w+)"\)/g)].map(([, config]) => config);
    expect(new Set(configs).size).toBe(8);
    for (const config of configs)
      expect(write(syncs).get("MIGRATION.md")).toMatch(new RegExp(`pulumi config set --secret ${config}\\b`));
  });

  test("declares two connections of one name as two, each with a token of its own", () => {
    const syncs = ["of the organization", "of the project"].map((id, at) =>
      unread({ name: `sync-${at}`, connection: { id, name: "ocean", description: undefined } }),
    );
    const text = write(syncs).get("index.ts") ?? "";
    expect([...text.matchAll(/new Connection\("(.+?)"/g)].map(([, name]) => name)).toEqual(["ocean", "ocean-2"]);
    expect([...text.matchAll(/connection: (\w+)/g)].map(([, variable]) => variable)).toEqual([
      "oceanConnection",
      "oceanConnection2",
    ]);
  });

  test("names what it leaves out, with the reason, and a connection by its words", () => {
    const left = [{ name: "old `one`", reason: "its environment\nis gone" }];
    const connection = { id: "c-1", name: "my  ocean--1", description: undefined };
    const program = { name: "p", project: "Shop", version: "0.1.0", syncs: [unread({ connection })], left };
    const files = new Map(renderInfisicalProgram(program).map(({ name, text }) => [name, text]));
    expect(files.get("MIGRATION.md")).toContain(
      "## Not in the program\n\n- `` old `one` ``: its environment is gone\n",
    );
    expect(files.get("index.ts")).toContain('const myOcean1Connection = new Connection("my-ocean-1", ');
  });

  test("adopts everything where nothing could be looked at, and says why", () => {
    const files = write([unread()]);
    expect(files.get("index.ts")).toMatch(/adoptExisting: true, onDestroy: "retain"/);
    expect(files.get("MIGRATION.md")).toMatch(/`adoptExisting` is `true`[^]*no credentials found for netlify/);
  });

  test("names what differs and does not adopt it", () => {
    const comparison = { same: ["A"], hidden: ["B"], different: ["C"], odd: [], missing: ["D"], foreign: ["E"] };
    const one = moved();
    const files = write([
      { ...one, looked: { destination: one.destination, comparison, outdatedName: undefined }, unread: [] },
    ]);
    expect(files.get("index.ts")).toContain('adoptExisting: ["A", "B"]');
    expect(files.get("index.ts")).toContain("// Not adopted, because their values differ at the destination: C.");
    expect(files.get("MIGRATION.md")).toContain("- adopted, and the value is the same: `A`\n");
    expect(files.get("Pulumi.yaml")).toContain("Secret syncs of Shop");
    expect(files.get("MIGRATION.md")).not.toContain("## Not in the program");
    expect(files.get("MIGRATION.md")).toMatch(/\*\*not adopted[^\n]*: `C`[^]*will be added: `D`[^]*left in place: `E`/);
  });

  test("says nothing of values that differ where none does", () => {
    const comparison = { same: ["A"], hidden: [], different: [], odd: [], missing: [], foreign: [] };
    const one = moved();
    const files = write([
      { ...one, looked: { destination: one.destination, comparison, outdatedName: undefined }, unread: [] },
    ]);
    expect(files.get("index.ts")).not.toContain("Not adopted");
    expect(files.get("MIGRATION.md")).not.toMatch(/not adopted|will be added/);
  });

  test("cannot be broken by names", () => {
    const evil = 'x"\n*/ evil(); //\u2028`#`';
    const files = write([unread({ description: evil, connection: { id: "c-1", name: "ocean", description: evil } })]);
    const lines = (files.get("index.ts") ?? "").split(/[\n\r\u2028\u2029]/);
    expect(lines.filter((line) => /^\s*\*\/ evil|^evil/.test(line))).toEqual([]);
    const text = files.get("index.ts") ?? "";
    expect(compileBlocks([{ where: "index.ts", file: "index.ts", language: "ts", text }])).toEqual([]);
  });
});
