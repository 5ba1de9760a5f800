// What an editor offers in a program: asked of the language service of TypeScript, which is what editors ask.

import { join } from "node:path";
import ts from "typescript";
import { afterAll, describe, expect, it } from "vitest";
import { parseProvider, repository } from "./comments.js";

const file = join(repository, "docs", "editor.ts");
const { options } = ts.parseJsonConfigFileContent(
  ts.readConfigFile(join(repository, "tsconfig.json"), (name) => ts.sys.readFile(name)).config,
  ts.sys,
  repository,
);
let [program, version] = ["", 0];
const service = ts.createLanguageService({
  getScriptFileNames: () => [file],
  getScriptVersion: (name) => (name === file ? String(version) : "1"),
  getScriptSnapshot: (name) => {
    const text = name === file ? program : ts.sys.readFile(name);
    return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
  },
  getCurrentDirectory: () => repository,
  getCompilationSettings: () => ({
    ...options,
    noEmit: true,
    declaration: false,
    paths: { "pulumi-secret-sync": [join(repository, "provider/index.ts")] },
  }),
  getDefaultLibFileName: (compilerOptions) => ts.getDefaultLibFilePath(compilerOptions),
  fileExists: (name) => name === file || ts.sys.fileExists(name),
  readFile: (name) => (name === file ? program : ts.sys.readFile(name)),
  directoryExists: (name) => ts.sys.directoryExists(name),
  getDirectories: (name) => ts.sys.getDirectories(name),
});
afterAll(() => service.dispose());

/** A program with the cursor at `|`. */
function open(body: string): number {
  const text = `import * as pulumi from "@pulumi/pulumi";
    import { Connection, SecretSync } from "pulumi-secret-sync";
    const config = new pulumi.Config();
    ${body}`;
  const cursor = text.indexOf("|");
  [program, version] = [text.replace("|", ""), version + 1];
  return cursor;
}

interface Offer {
  readonly name: string;
  readonly hover: string;
}

/** What is offered at the cursor, in the order of the list, with the text that is shown beside it. */
function complete(body: string): Offer[] {
  const cursor = open(body);
  const entries = service.getCompletionsAtPosition(file, cursor, {})?.entries ?? [];
  const members = entries.filter(({ kind }) => ["property", "method"].includes(kind));
  return members.map(({ name, source, data }) => {
    const details = service.getCompletionEntryDetails(file, cursor, name, {}, source, {}, data);
    return { name, hover: ts.displayPartsToString(details?.documentation ?? []) };
  });
}

/** What the compiler says. */
function judge(body: string): string[] {
  open(body);
  return service
    .getSemanticDiagnostics(file)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}

const given = {
  source: `source: { type: "inline", values: {} }`,
  destination: `destination: { type: "digital-ocean-app-platform", appName: "shop" }`,
};
const sync = (members: string) => `new SecretSync("web", { ${members} });`;
const connection = (members: string) => `new Connection("c", { ${members} });`;

/** One credential of each app. */
const credentialOf: Readonly<Record<string, string>> = {
  "digital-ocean": "apiToken",
  netlify: "accessToken",
  infisical: "clientSecret",
  vault: "secretId",
  doppler: "serviceToken",
  aws: "secretAccessKey",
};

/** Every place in a program where something is filled in, with a field that has to be offered there. */
const places: Readonly<Record<string, [body: string, field: string]>> = {
  "a SecretSync": [sync("|"), "syncOptions"],
  "the options": [sync(`${given.source}, ${given.destination}, syncOptions: { | }`), "adoptExisting"],
  "App Platform": [sync(`${given.source}, destination: { type: "digital-ocean-app-platform", | }`), "appId"],
  "a variable of App Platform": [
    sync(`${given.source}, destination: { type: "digital-ocean-app-platform", appName: "a", variables: { A: { | } } }`),
    "scope",
  ],
  "a deployment": [
    sync(`${given.source}, destination: { type: "digital-ocean-app-platform", appName: "a", deployment: { | } }`),
    "onFailure",
  ],
  Netlify: [sync(`${given.source}, destination: { type: "netlify", | }`), "siteId"],
  "a variable of Netlify": [
    sync(`${given.source}, destination: { type: "netlify", siteId: "s", variables: { A: { | } } }`),
    "contexts",
  ],
  "a build": [sync(`${given.source}, destination: { type: "netlify", siteId: "s", build: { | } }`), "trigger"],
  "a context": [sync(`${given.source}, destination: { type: "netlify", siteId: "s", contexts: [{ | }] }`), "branch"],
  ...Object.fromEntries(
    [
      ["inline", "values"],
      ["file", "path"],
      ["exec", "command"],
      ["environment", "prefix"],
      ["infisical", "projectId"],
      ["vault", "mount"],
      ["doppler", "config"],
      ["aws-secrets-manager", "secretIds"],
    ].map(([type = "", field = ""]) => [
      `the source ${type}`,
      [sync(`source: { type: "${type}", | }, ${given.destination}`), field],
    ]),
  ),
  ...Object.fromEntries(
    [
      ["digital-ocean", "api-token"],
      ["netlify", "access-token"],
      ["infisical", "universal-auth"],
      ["vault", "app-role"],
      ["doppler", "service-token"],
      ["aws", "access-key"],
    ].flatMap(([app = "", method = ""]) => [
      [`the connection ${app}`, [connection(`app: "${app}", |`), "credentials"]],
      [
        `the credentials of ${app}`,
        [connection(`app: "${app}", method: "${method}", credentials: { | }`), credentialOf[app] ?? ""],
      ],
    ]),
  ),
};

describe("completion within", () => {
  it.each(Object.entries(places))(
    "%s offers its fields, each with an example, and nothing that cannot be set",
    (_, [body, field]) => {
      const offers = complete(body);
      expect(offers.map(({ name }) => name)).toContain(field);
      expect(offers.filter(({ hover }) => !/(?:^|\n)Example: `[^`]+`/.test(hover)).map(({ name }) => name)).toEqual([]);
      const foreign = ["apply", "get", "then", "catch", "finally", "gatewayId", "rotation", "isAutoRotationEnabled"];
      expect(offers.map(({ name }) => name).filter((name) => foreign.includes(name))).toEqual([]);
    },
  );
});

describe("the compiler", () => {
  const app = (members: string) =>
    judge(sync(`${given.source}, destination: { type: "digital-ocean-app-platform", ${members} }`));

  it.each([`appId: "a"`, `appName: "shop"`, `appId: "a", appName: "shop"`, `appId: config.requireSecret("id")`])(
    "takes an app by %s",
    (members) => {
      expect(app(members)).toEqual([]);
    },
  );

  it("asks which app it is", () => {
    expect(app(`components: ["web"]`).join("\n")).toMatch(/appName|appId/);
  });

  it("takes an output for every option, and a promise", () => {
    const own = `keySchema: pulumi.output("A_{{secretKey}}"), adoptExisting: Promise.resolve(true)`;
    expect(judge(sync(`${given.source}, ${given.destination}, syncOptions: { ${own} }`))).toEqual([]);
  });

  it("knows a branch beside its context", () => {
    const site = `destination: { type: "netlify", siteId: "s", context: "branch", branch: "staging" }`;
    expect(judge(sync(`${given.source}, ${site}`))).toEqual([]);
  });
});

describe("the example of", () => {
  /** What stands around an example, as a program would have it. */
  const around = `declare const [ocean, netlify, infisical, vault, doppler, aws]: Connection[];
    declare const app: { id: pulumi.Output<string> };`;
  const examples = parseProvider("provider/resources").flatMap((source) =>
    [...source.text.matchAll(/Example: `([^`]+)`/g)].map(([, example = ""]) => example),
  );

  it("every field parses, and the whole ones are programs that compile", () => {
    expect(examples.length).toBeGreaterThan(100);
    expect(judge(`${around} void [${examples.map((one) => `{ ${one} }`).join(", ")}];`)).toEqual([]);
    const whole = (start: string) => examples.filter((one) => one.startsWith(start));
    for (const source of whole("source: {")) expect(judge(sync(`${source}, ${given.destination}`))).toEqual([]);
    for (const own of whole("syncOptions: {"))
      expect(judge(sync(`${given.source}, ${given.destination}, ${own}`))).toEqual([]);
  });
});
