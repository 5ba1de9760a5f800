// What the host of the repository reads: owners, forms, updates of pins. They name what exists, and no form asks for a value.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";

const repository = path.join(__dirname, "../..");
const read = (file: string) => readFileSync(path.join(repository, file), "utf8");

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}
const manifest = JSON.parse(read("package.json")) as Manifest;

describe("the project's Node", () => {
  test("is the same in .nvmrc, in the development dependencies and, by its major, in the workflows", () => {
    const version = read(".nvmrc").trim();
    expect(version).toBe(manifest.devDependencies["node"]);
    const majors = ["ci", "release"].flatMap((name) =>
      [...read(`.github/workflows/${name}.yml`).matchAll(/node-version: (\d+)/g)].map(([, major]) => major),
    );
    expect(new Set(majors)).toEqual(new Set([version.split(".")[0]]));
  });
});

describe("the owners", () => {
  const lines = read(".github/CODEOWNERS")
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("#"));
  const patterns = lines.map((line) => line.split(/\s+/)[0] ?? "");

  test("cover the frozen files", () => {
    expect(patterns).toEqual(expect.arrayContaining(["/provider/entry.ts", "/provider/resources/provider-text.ts"]));
  });

  test("name files that exist", () => {
    const places = patterns.filter((pattern) => pattern.startsWith("/"));
    expect(places.length).toBeGreaterThan(0);
    expect(places.filter((place) => !existsSync(path.join(repository, place)))).toEqual([]);
  });
});

interface Field {
  readonly type: string;
  readonly id?: string;
  readonly attributes: { readonly label?: string; readonly options?: ReadonlyArray<{ readonly required?: boolean }> };
  readonly validations?: { readonly required: boolean };
}
interface Form {
  readonly name: string;
  readonly description: string;
  readonly body: readonly Field[];
}

describe("the forms of issues", () => {
  const folder = ".github/ISSUE_TEMPLATE";
  const forms = readdirSync(path.join(repository, folder)).filter((name) => name !== "config.yml");

  test("exist, and an empty issue does not", () => {
    expect(forms).toContain("bug.yml");
    expect(parse(read(`${folder}/config.yml`))).toEqual({ blank_issues_enabled: false });
  });

  // https://docs.github.com/en/communities/using-templates-to-encourage-useful-issues-and-pull-requests/syntax-for-githubs-form-schema
  test.each(forms)("%s is a form that GitHub accepts", (name) => {
    const form = parse(read(`${folder}/${name}`)) as Form;
    expect([form.name, form.description].every((text) => text.length > 0)).toBe(true);
    const fields = form.body.filter(({ type }) => type !== "markdown");
    expect(fields.length).toBeGreaterThan(0);
    for (const { type, id, attributes } of form.body) {
      expect(["markdown", "textarea", "input", "dropdown", "checkboxes"]).toContain(type);
      if (type !== "markdown")
        expect([id, attributes.label]).toEqual([expect.stringMatching(/^[\w-]+$/), expect.any(String)]);
    }
    expect(new Set(fields.map(({ id }) => id)).size).toBe(fields.length);
    expect(new Set(fields.map(({ attributes }) => attributes.label)).size).toBe(fields.length);
  });

  test("a bug is told with versions, `pulumi about` and a masked preview, and with a promise that no value is in it", () => {
    const { body } = parse(read(`${folder}/bug.yml`)) as Form;
    const required = body.filter(({ validations }) => validations?.required).map(({ id }) => id);
    expect(required).toEqual(expect.arrayContaining(["about", "versions", "preview"]));
    expect(body.find(({ id }) => id === "values")?.attributes.options).toEqual([
      expect.objectContaining({ required: true }),
    ]);
  });
});

interface Rule {
  readonly groupName?: string;
  readonly matchPackageNames?: readonly string[];
  readonly matchDepTypes?: readonly string[];
  readonly matchUpdateTypes?: readonly string[];
  readonly matchFileNames?: readonly string[];
  readonly enabled?: boolean;
  readonly automerge?: boolean;
}

describe("the updates of pins", () => {
  const renovate = JSON.parse(read(".github/renovate.json")) as { automerge: boolean; packageRules: readonly Rule[] };
  const rules = renovate.packageRules;
  const all = { ...manifest.dependencies, ...manifest.devDependencies };

  test("every version is an exact pin", () => {
    expect(Object.entries(all).filter(([, version]) => !/^(?:npm:[\w@/-]+@)?\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });

  test("rules name packages and folders that exist, each package in one group", () => {
    const named = rules.flatMap(({ matchPackageNames = [] }) => matchPackageNames);
    expect(named.filter((name) => !(name in all))).toEqual([]);
    const grouped = rules.flatMap(({ groupName, matchPackageNames = [] }) => (groupName ? matchPackageNames : []));
    expect(new Set(grouped).size).toBe(grouped.length);
    const folders = rules.flatMap(({ matchFileNames = [] }) => matchFileNames.map((name) => name.replace("/**", "")));
    expect(folders.filter((name) => !existsSync(path.join(repository, name)))).toEqual([]);
  });

  test("nothing is merged without a person, what users install least of all", () => {
    expect(renovate.automerge).toBe(false);
    expect(rules.filter(({ automerge }) => automerge === true)).toEqual([]);
    expect(rules.find(({ matchDepTypes }) => matchDepTypes?.includes("dependencies"))?.automerge).toBe(false);
    const grouped = rules.flatMap(({ groupName, matchPackageNames = [] }) => (groupName ? matchPackageNames : []));
    expect(Object.keys(manifest.dependencies).filter((name) => grouped.includes(name))).toEqual([]);
  });

  test.each(["node", "@types/node"])("%s stays on its major", (name) => {
    const stopped = rules.filter(
      ({ matchPackageNames, enabled }) => matchPackageNames?.includes(name) && enabled === false,
    );
    expect(stopped.map(({ matchUpdateTypes }) => matchUpdateTypes)).toEqual([["major"]]);
  });
});
