// The schema that other languages are generated from says what the shapes and the TypeScript declarations say.

import { describe, expect, it } from "vitest";
import { read } from "../documents/markdown.js";

interface Type {
  readonly type?: string;
  readonly $ref?: string;
  readonly const?: string;
  readonly enum?: readonly { readonly name: string; readonly value: string }[];
  readonly items?: Type;
  readonly additionalProperties?: Type;
  readonly oneOf?: readonly Type[];
  readonly discriminator?: { readonly propertyName: string; readonly mapping: Readonly<Record<string, string>> };
  readonly description?: string;
  readonly default?: unknown;
  readonly secret?: boolean;
  readonly properties?: Readonly<Record<string, Type>>;
  readonly required?: readonly string[];
}

interface Resource {
  readonly description: string;
  readonly aliases: readonly { readonly type: string }[];
  readonly inputProperties: Readonly<Record<string, Type>>;
  readonly requiredInputs: readonly string[];
  readonly properties: Readonly<Record<string, Type>>;
  readonly required: readonly string[];
}

interface Shape {
  readonly type?: string;
  readonly const?: string | boolean;
  readonly not?: object;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly items?: Shape;
  readonly additionalProperties?: boolean | Shape;
  readonly oneOf?: readonly Shape[];
  readonly anyOf?: readonly Shape[];
}

const schema = JSON.parse(read("schema/pulumi.json")) as {
  readonly name: string;
  readonly version: string;
  readonly language: { readonly go: { readonly importBasePath: string } };
  readonly types: Readonly<Record<string, Type>>;
  readonly resources: Readonly<Record<`secret-sync:index:${"SecretSync" | "Connection"}`, Resource>>;
  readonly config: { readonly variables: Readonly<Record<string, Type>> };
  readonly provider: { readonly inputProperties: Readonly<Record<string, Type>> };
};
const shape = JSON.parse(read("schema/json/secret-sync.json")) as Shape;
const nameOf = (token: string) => token.slice(token.lastIndexOf(":") + 1);
const typeNamed = (name: string): Type => schema.types[`secret-sync:index:${name}`] ?? {};
const sync = schema.resources["secret-sync:index:SecretSync"];
const connection = schema.resources["secret-sync:index:Connection"];

const follow = (type: Type): Type =>
  type.$ref?.startsWith("#/types/") ? (schema.types[type.$ref.replace("#/types/", "")] ?? {}) : type;
const alternatives = ({ oneOf = [], anyOf = [] }: Shape): readonly Shape[] =>
  [...oneOf, ...anyOf].flatMap((one) => ((one.oneOf ?? one.anyOf) ? alternatives(one) : [one]));

/** What a shape takes, as paths; `type=inline` for a member of a union. */
function listShape(one: Shape, path: string): string[] {
  const inner = alternatives(one);
  const list = inner.find(({ items }) => items !== undefined);
  if (list !== undefined)
    return inner.some(({ properties: members }) => members) ? listShape(list, path) : [`${path}: anything`];
  if (inner.length > 0) return inner.flatMap((each) => listShape(each, path));
  if (one.enum) return [`${path}: ${one.enum.toSorted().join("|")}`];
  if (one.items) return listShape(one.items, `${path}[]`);
  if (typeof one.additionalProperties === "object") return listShape(one.additionalProperties, `${path}{}`);
  if (!one.properties) return [`${path}: ${one.type}`];
  const name = one.properties["type"]?.const ?? "";
  return Object.entries(one.properties).flatMap(([member, type]) => {
    const isRequired = one.required?.includes(member) ? "" : "?";
    return member === "type" ? [`${path}<${name}>`] : listShape(type, `${path}<${name}>.${member}${isRequired}`);
  });
}

/** The same of a type of the schema. */
function listType(one: Type, path: string): string[] {
  const type = follow(one);
  if (type.$ref === "pulumi.json#/Any") return [`${path}: anything`];
  if (type.oneOf) return type.oneOf.flatMap((each) => listType(each, path));
  if (type.enum)
    return [
      `${path}: ${type.enum
        .map(({ value }) => value)
        .toSorted()
        .join("|")}`,
    ];
  if (type.items) return listType(type.items, `${path}[]`);
  if (type.additionalProperties) return listType(type.additionalProperties, `${path}{}`);
  if (!type.properties) return [`${path}: ${type.type}`];
  const name = type.properties["type"]?.const ?? "";
  return Object.entries(type.properties).flatMap(([member, property]) => {
    if (member === "connection") return [];
    const isRequired = type.required?.includes(member) ? "" : "?";
    return member === "type" ? [`${path}<${name}>`] : listType(property, `${path}<${name}>.${member}${isRequired}`);
  });
}

/** Every property of arguments, with a path for messages. */
const properties = [
  ...Object.entries(schema.types).flatMap(([token, { properties: members = {} }]) =>
    Object.entries(members).map(([name, type]) => [`${nameOf(token)}.${name}`, type] as const),
  ),
  ...[sync, connection].flatMap(({ inputProperties }) => Object.entries(inputProperties)),
];

describe("the Pulumi schema", () => {
  it("takes what the shapes take, no more and no less", () => {
    const root: Type = { properties: sync.inputProperties, required: sync.requiredInputs };
    const listed = listShape(shape, "SecretSync").toSorted();
    expect(listed.length).toBeGreaterThan(100);
    expect(listType(root, "SecretSync").toSorted()).toEqual(listed);
  });

  it("tells sources and destinations apart by their type", () => {
    for (const union of [sync.inputProperties["source"]?.items, sync.inputProperties["destination"]]) {
      const { propertyName, mapping = {} } = union?.discriminator ?? {};
      expect(propertyName).toBe("type");
      const objects = union?.oneOf?.flatMap(({ $ref }) => $ref ?? []);
      expect(Object.values(mapping)).toEqual(objects);
      for (const [type, $ref] of Object.entries(mapping))
        expect(follow({ $ref }).properties?.["type"]?.const).toBe(type);
    }
  });

  it("has no list in a union, on which the SDK for Python fails", () => {
    const unions = properties.flatMap(([path, { oneOf = [] }]) =>
      oneOf.map((one) => [path, follow(one).type] as const),
    );
    expect(unions.length).toBeGreaterThan(5);
    expect(unions.filter(([, type]) => type === "array")).toEqual([]);
  });

  it("takes a Connection, or its arguments, wherever there are credentials", () => {
    const takers = Object.entries(schema.types).filter(([, type]) => type.properties?.["connection"]);
    expect(takers.map(([token]) => nameOf(token)).toSorted()).toEqual(
      ["AppPlatformDestination", "NetlifyDestination", "AwsSecretsManagerSource", "DopplerSource"]
        .concat("InfisicalSource", "VaultSource")
        .toSorted(),
    );
    for (const [, type] of takers)
      expect(type.properties?.["connection"]?.oneOf?.map(({ $ref }) => $ref)).toEqual([
        "#/resources/secret-sync:index:Connection",
        "#/types/secret-sync:index:InlineConnection",
      ]);
  });

  it("marks what is secret whatever a program says", () => {
    const secret = properties.filter(([, type]) => type.secret).map(([path]) => path);
    expect(secret.toSorted()).toEqual(
      ["credentials", "InlineConnection.credentials", "InlineSource.values", "ExecSource.env"].toSorted(),
    );
    expect(connection.properties["credentialsHash"]?.secret).toBe(true);
  });

  it("has the provider's settings, each of them optional and secret", () => {
    const { inputProperties } = schema.provider;
    expect(Object.keys(inputProperties).toSorted()).toEqual([
      "digitaloceanApiUrl",
      "digitaloceanToken",
      "netlifyApiUrl",
      "netlifyToken",
    ]);
    expect(Object.values(inputProperties).every(({ secret }) => secret)).toBe(true);
    expect(schema.config.variables).toEqual(inputProperties);
    // With a default, the packages would read the variable in the program, and the token would be in state.
    expect(JSON.stringify(inputProperties)).not.toContain("defaultInfo");
  });

  it("says something about every argument that is not a discriminator", () => {
    const silent = properties.filter(([, type]) => type.const === undefined && !type.description);
    expect(silent.map(([path]) => path)).toEqual([]);
  });

  // Generated packages send a default as if the program had said it, and `onDestroy: "restore"`, said, keeps a value of the source in state.
  it("has no default that a package would send, and says what the provider takes", () => {
    expect(properties.filter(([, type]) => type.default !== undefined).map(([path]) => path)).toEqual([]);
  });

  it.each([
    ["AppPlatformDeployment.timeoutSeconds", "`1800`"],
    ["AppPlatformDestination.variableType", "`SECRET`"],
    ["AppPlatformDestination.scope", '"RUN_TIME" for a `SECRET`'],
    ["SyncOptions.onDestroy", "`restore`"],
    ["SyncOptions.keySchema", "`{{secretKey}}`"],
    ["SyncOptions.autoSyncEnabled", "`true`"],
    ["NetlifyBuild.trigger", "`false`"],
    ["NetlifyDestination.contexts", '["all"]'],
    ["isEnabled", "`true`"],
  ])("says the default that TypeScript documents: %s is %s", (path, value) => {
    const [, type] = properties.find(([one]) => one === path)!;
    expect(type.description).toContain(`Default: ${value}`);
  });

  it("never sends a reader of another language to the configuration of a TypeScript program", () => {
    const texts = properties.filter(([, { description = "" }]) =>
      /stack config|provider process|@link/.test(description),
    );
    expect(texts.map(([path]) => path)).toEqual([]);
    expect(typeNamed("NetlifyDestination").properties?.["connection"]?.description).toContain(
      "Default: the provider's `netlifyToken`, else `NETLIFY_AUTH_TOKEN`",
    );
  });

  it("shows one program in every language", () => {
    const fences = [...sync.description.matchAll(/^```(\w+)$/gm)].map(([, name]) => name);
    expect(fences).toEqual(["typescript", "python", "go", "csharp", "java", "yaml"]);
    for (const part of ["{{% examples %}}", "{{% example %}}", "{{% /example %}}", "{{% /examples %}}"])
      expect(sync.description).toContain(part);
    const programs = sync.description.split("```").filter((_, index) => index % 2 === 1);
    for (const program of programs)
      for (const word of ["ocean", "API_KEY", "shop", "digital-ocean-app-platform"]) expect(program).toContain(word);
  });

  it.each([
    ["SecretSync", "secret-sync", sync],
    ["Connection", "connection", connection],
  ])("has every output of the class %s as it is there, and those required that always are", (_, file, resource) => {
    const text = read(`provider/resources/${file}.ts`);
    const outputs = [...text.matchAll(/declare public readonly (\w+): pulumi\.Output<(.+)>;/g)];
    expect(outputs.length).toBeGreaterThan(4);
    expect(Object.keys(resource.properties)).toEqual(outputs.map(([, name]) => name));
    for (const [, name = "", type = ""] of outputs) {
      const kind = type.includes("[]") ? "array" : type === "number" ? "integer" : "string";
      expect([name, resource.properties[name]?.type]).toEqual([name, kind]);
      expect([name, resource.required.includes(name)]).toEqual([name, !type.endsWith("| undefined")]);
    }
  });

  it("knows the dynamic provider's resources as its own", () => {
    expect([sync, connection].map(({ aliases }) => aliases)).toEqual([
      [{ type: "pulumi-nodejs:dynamic/secret-sync:SecretSync" }],
      [{ type: "pulumi-nodejs:dynamic/secret-sync:Connection" }],
    ]);
  });

  it("is imported in Go as the page shows it", () => {
    expect(read("docs/languages/go.md")).toContain(`\t"${schema.language.go.importBasePath}"\n`);
  });

  it("has the version of the package", () => {
    expect(schema.version).toBe((JSON.parse(read("package.json")) as { version: string }).version);
  });
});
