// The arguments of every source: which of them it takes, which it needs, and what is said of the rest.

import { describe, expect, test } from "vitest";
import { source } from "../../schema/index.js";
import { complaints, withoutEach } from "./shapes.js";

const filters = { include: ["A*"], exclude: [], allowReferences: ["A"] };
const text = { format: "dotenv", dialect: "compose", expand: true, separator: "__", ...filters };

/** Each with every member that it may have, and the names of those that it must have. */
const whole: ReadonlyArray<readonly [string, Readonly<Record<string, unknown>>, readonly string[]]> = [
  ["inline", { values: { A: "1" }, ...filters }, ["values"]],
  ["file", { path: "shop.env", allowTracked: true, ...text }, ["path"]],
  [
    "exec",
    { command: ["sops"], timeoutSeconds: 3600, cwd: "..", env: { A: "1" }, stderr: "hide", ...text },
    ["command"],
  ],
  ["environment", { variables: ["A"], ...filters }, ["variables"]],
  ["environment", { prefix: "APP_", ...filters }, ["prefix"]],
  [
    "infisical",
    {
      projectId: "p",
      environment: "prod",
      secretPath: "/web",
      recursive: true,
      tagSlugs: ["a"],
      metadata: { team: "web" },
      includeImports: false,
      expandSecretReferences: false,
      allowUnresolved: ["A"],
      allowEmpty: true,
      ...filters,
    },
    ["projectId", "environment"],
  ],
  [
    "vault",
    { mount: "kv", path: "a/b", version: 1, recursive: false, namespace: "n", separator: "_", ...filters },
    ["path"],
  ],
  [
    "vault",
    { mount: "a", paths: ["a", "b/c"], recursive: true, namespace: "n", separator: "_", ...filters },
    ["paths"],
  ],
  ["doppler", { project: "p", config: "prd", includeInjectedKeys: true, ...filters }, ["project", "config"]],
  ["doppler", { includeInjectedKeys: true, ...filters }, []],
  [
    "aws-secrets-manager",
    { region: "eu-west-1", secretId: "a", format: "auto", separator: "_", ...filters },
    ["secretId"],
  ],
  ["aws-secrets-manager", { region: "eu-west-1", secretIds: ["a"], format: "text", ...filters }, ["secretIds"]],
];

describe.each(whole)("a source %s", (type, members, needed) => {
  test("takes every member that it has, and needs no more than those that say where", () => {
    expect(complaints(source, { type, ...members })).toEqual([]);
    for (const [name, rest] of withoutEach(members))
      expect([name, complaints(source, { type, ...rest }).length > 0]).toEqual([name, needed.includes(name)]);
  });

  test("takes no member that it does not have", () => {
    expect(complaints(source, { type, ...members, pathh: "x" })).toEqual(['Unrecognized key: "pathh"']);
  });

  test("takes no member of another kind", () => {
    for (const name of Object.keys(members))
      expect([name, complaints(source, { type, ...members, [name]: Symbol("none") }).length > 0]).toEqual([name, true]);
  });

  test("includes something, and has no empty pattern", () => {
    expect(complaints(source, { type, ...members, include: [] })).toEqual([
      "include: must hold at least one pattern; leave it out for all keys",
    ]);
    for (const list of ["include", "exclude", "allowReferences"])
      expect(complaints(source, { type, ...members, [list]: [""] })).toEqual([`${list}.0: must not be empty`]);
  });
});

const literal = 'with dialect "literal" nothing is expanded; remove `expand`, or choose another dialect';
const crooked = 'must hold neither "//", nor "." or ".." as a part';
const slash = "must neither start nor end with a slash";
const aws = { type: "aws-secrets-manager" };
const vault = { type: "vault" };
const infisical = { type: "infisical", projectId: "p", environment: "e" };
const exec = { type: "exec", command: ["x"] };

describe("a source", () => {
  test.each<[Record<string, unknown>, string]>([
    [{ type: "file", path: "" }, "path: must not be empty"],
    [{ type: "file", path: "a", dialect: "literal", expand: true }, literal],
    [{ ...exec, dialect: "literal", expand: true }, literal],
    [{ ...exec, command: [] }, "command: must name a program"],
    [{ ...exec, command: [""] }, "command.0: must not be empty"],
    [
      { ...exec, command: "sops decrypt" },
      'command: must be a list: the program, then each argument by itself, for example ["sops", "decrypt", "secrets.json"]; there is no shell that would take a string apart',
    ],
    [{ type: "environment" }, "exactly one of `variables` and `prefix` must be given"],
    [{ type: "environment", variables: ["A"], prefix: "B" }, "exactly one of `variables` and `prefix` must be given"],
    [{ type: "environment", prefix: "" }, "prefix: must not be empty"],
    [{ ...infisical, secretPath: "web" }, "secretPath: must start with a slash"],
    [{ ...infisical, tagSlugs: ["a,b"] }, "tagSlugs.0: must not hold a comma"],
    // Without a filter Infisical answers with the whole folder.
    [{ ...infisical, tagSlugs: [] }, "tagSlugs: must hold at least one tag; leave it out for all secrets"],
    [{ ...infisical, metadata: {} }, "metadata: must hold at least one member; leave it out for all secrets"],
    [{ ...infisical, metadata: { a: " " } }, "metadata.a: must not be blank"],
    [{ ...infisical, metadata: { " ": "b" } }, "metadata. : Invalid key in record"],
    [{ ...infisical, metadata: { a: "b=c" } }, 'metadata.a: must not hold "|", "," or "="'],
    [{ ...infisical, metadata: { a: "b|c" } }, 'metadata.a: must not hold "|", "," or "="'],
    [
      { ...infisical, metadata: Object.fromEntries(Array.from({ length: 11 }, (_, at) => [`k${at}`, "v"])) },
      "metadata: must have at most 10 members",
    ],
    [vault, "exactly one of `path` and `paths` must be given"],
    [{ ...vault, path: "a", paths: ["b"] }, "exactly one of `path` and `paths` must be given"],
    [{ ...vault, paths: [] }, "paths: must name at least one path"],
    [{ ...vault, path: "/a" }, `path: ${slash}`],
    [{ ...vault, path: "/kv/a" }, `path: ${slash}`],
    [{ ...vault, path: "a/" }, `path: ${slash}`],
    [{ ...vault, path: "/" }, `path: ${slash}`],
    [{ ...vault, mount: "kv/", path: "a" }, `mount: ${slash}`],
    [{ ...vault, path: "a//b" }, `path: ${crooked}`],
    [{ ...vault, paths: ["a", "../b"] }, `paths.1: ${crooked}`],
    [{ ...vault, mount: ".", path: "a" }, `mount: ${crooked}`],
    [
      { ...vault, paths: ["a"], version: 1 },
      "`version` pins the version of one secret: it needs `path`, and no `recursive`",
    ],
    [
      { ...vault, path: "a", version: 1, recursive: true },
      "`version` pins the version of one secret: it needs `path`, and no `recursive`",
    ],
    [
      { type: "doppler", project: "p" },
      "`project` and `config` must be given together, or neither with a service token",
    ],
    [
      { type: "doppler", config: "p" },
      "`project` and `config` must be given together, or neither with a service token",
    ],
    [aws, "exactly one of `secretId` and `secretIds` must be given"],
    [{ ...aws, secretId: "a", secretIds: ["b"] }, "exactly one of `secretId` and `secretIds` must be given"],
    [{ ...aws, secretIds: [] }, "secretIds: must name at least one secret"],
  ])("of %j is refused: %s", (value, message) => {
    expect(complaints(source, value)).toEqual([message]);
  });

  test.each<[Record<string, unknown>]>([
    [{ type: "file", path: "a", dialect: "literal", expand: false }],
    [{ type: "file", path: "a", expand: true }],
    [{ ...vault, path: "a" }],
    [{ ...infisical, metadata: Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`k${at}`, "v"])) }],
    [{ ...exec, timeoutSeconds: 0.5 }],
  ])("may be %j", (value) => {
    expect(complaints(source, value)).toEqual([]);
  });

  test.each<[Record<string, unknown>]>([
    [{ type: "environment", variables: [] }],
    [{ ...exec, timeoutSeconds: 0 }],
    [{ ...exec, timeoutSeconds: 3601 }],
    [{ ...vault, path: "a", version: 0 }],
    [{ ...vault, path: "a", version: 1.5 }],
    [{ type: "file", path: "a", format: "toml" }],
    [{ type: "file", path: "a", dialect: "bash" }],
    [{ ...aws, secretId: "a", format: "yaml" }],
    [{ type: "consul" }],
    [{}],
  ])("may not be %j", (value) => {
    expect(complaints(source, value)).toHaveLength(1);
  });

  test.each([
    ["format", ["dotenv", "json", "yaml", "kubernetes"], { type: "file", path: "a" }],
    ["dialect", ["dotenv", "compose", "literal"], { type: "file", path: "a" }],
    ["stderr", ["show", "hide"], exec],
    ["format", ["auto", "json", "dotenv", "text"], { ...aws, secretId: "a" }],
  ] as const)("has %s of %j", (name, choices, rest) => {
    for (const choice of choices) expect(complaints(source, { ...rest, [name]: choice })).toEqual([]);
  });
});
