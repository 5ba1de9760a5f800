// Documents: the tables name exactly the arguments that there are, the codes exist, and quoted lines are what a preview prints.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { listInlineCode, pages, read, repository } from "./markdown.js";

interface Shape {
  readonly const?: string;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly oneOf?: readonly Shape[];
  readonly anyOf?: readonly Shape[];
  readonly items?: Shape;
}

const sync = JSON.parse(read("schema/json/secret-sync.json")) as Shape;
const argument = (name: string): Shape => sync.properties?.[name] ?? {};
const alternatives = ({ oneOf = [], anyOf = [] }: Shape): readonly Shape[] => [...oneOf, ...anyOf];
const fieldsOf = ({ properties = {} }: Shape) => Object.keys(properties).filter((field) => field !== "type");
const typeOf = ({ properties }: Shape) => properties?.["type"]?.const ?? "";

const destination = (type: string) =>
  alternatives(argument("destination")).find((one) => typeOf(one) === type) ?? ({} satisfies Shape);
const appPlatform = destination("digital-ocean-app-platform");
const netlify = destination("netlify");

describe("the table of", () => {
  it.each([
    { of: "syncOptions", at: "docs/ownership.md#Options", fields: fieldsOf(argument("syncOptions")) },
    {
      of: "App Platform",
      at: "docs/destinations.md#DigitalOcean App Platform",
      fields: [...fieldsOf(appPlatform), "connection"],
    },
    {
      of: "deployments",
      at: "docs/destinations.md#Deployments",
      fields: fieldsOf(appPlatform.properties?.["deployment"] ?? {}),
    },
    { of: "Netlify", at: "docs/destinations.md#Netlify", fields: [...fieldsOf(netlify), "connection"] },
  ])("$of names every field, and no other", ({ at, fields }) => {
    expect(fields.length).toBeGreaterThan(3);
    expect(listFirstCells(at).sort()).toEqual([...fields].sort());
  });

  it("Netlify names every field of a build", () => {
    const row = read("docs/destinations.md").match(/^\| `build` .*$/m)?.[0] ?? "";
    expect(fieldsOf(netlify.properties?.["build"] ?? {}).filter((field) => !row.includes(`\`${field}\``))).toEqual([]);
  });

  it("sources names every type, and no other", () => {
    const [one = {}] = alternatives(argument("source"));
    const types = alternatives(one).map(typeOf);
    expect(types.length).toBeGreaterThan(7);
    expect(listFirstCells("docs/sources.md#Sources").sort()).toEqual(types.sort());
  });
});

describe("error codes in documents", () => {
  const codes = [...read("docs/errors.md").matchAll(/^\| `([a-z]+\.[a-z_]+)` \|/gm)].map(([, code]) => code ?? "");
  const groups = new Set(codes.map((code) => code.split(".")[0]));
  // `destination.connection` is an argument.
  const fields = new Set(["type", "connection", ...listProperties(sync)]);

  // The page about Infisical has dotted names of Infisical's.
  it.each(["README.md", ...pages.filter((page) => !/errors|reference|infisical/.test(page))])("exist: %s", (file) => {
    const named = listInlineCode(read(file))
      .filter((code) => /^[a-z]+\.[a-z_]+$/.test(code))
      .filter((code) => groups.has(code.split(".")[0]) && !fields.has(code.split(".")[1] ?? ""));
    expect(named.filter((code) => !codes.includes(code))).toEqual([]);
  });

  it("are many enough in the page about troubles to be of use", () => {
    const named = listInlineCode(read("docs/troubleshooting.md")).filter((code) => codes.includes(code));
    expect(named.length).toBeGreaterThan(15);
  });
});

describe("lines of a preview that documents quote", () => {
  const core = readdirSync(join(repository, "provider/core"))
    .map((name) => read(`provider/core/${name}`))
    .join("\n");
  const shown = pages.map((page) => read(page)).join("\n");

  it.each([
    "stored, but not in the running deployment",
    "sent again, because a removed key still runs",
    "unconfirmed earlier write",
    "gone from the destination, will be written again",
    "will be adopted",
    " was renamed to ",
    " went with it",
  ])("are what it prints: %s", (line) => {
    expect(core).toContain(line);
    expect(shown).toContain(line);
  });
});

/** Names in backticks in the first cells of the first table below a heading. */
function listFirstCells(at: string): string[] {
  const [file = "", heading = ""] = at.split("#");
  const section = `\n${read(file)}`.split(new RegExp(`\\n#+ ${heading}\\n`))[1] ?? "";
  const [table = ""] = /(?:^\|.*\n)+/m.exec(section) ?? [];
  return [...table.matchAll(/^\| ([^|]+) \|/gm)].flatMap(([, cell = ""]) =>
    [...cell.matchAll(/`([^`]+)`/g)].flatMap(([, name = ""]) =>
      name === "syncOptions" || name === "type" ? [] : [name],
    ),
  );
}

/** Every name of a property, at any depth. */
function listProperties(shape: Shape): string[] {
  const { properties = {}, items } = shape;
  const inner = [...Object.values(properties), ...alternatives(shape), ...(items === undefined ? [] : [items])];
  return [...Object.keys(properties), ...inner.flatMap(listProperties)];
}
