// Documents: what they show compiles, runs and parses, what they link to is there, and they say what the code says.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { documents, findBrokenLinks, listBlocks, listLinks, pages, proseOf, read, repository } from "./markdown.js";
import { compileBlocks } from "./programs.js";
import { judgeCommand, listCommands, listInlineCommands } from "./shell.js";

const blocks = documents.flatMap((file) => listBlocks(file));
const inLanguage = (...languages: string[]) => blocks.filter(({ language }) => languages.includes(language));

describe("code in documents", () => {
  it("compiles against the types of the package", () => {
    const whole = [...pages, "README.md"];
    const programs = inLanguage("ts").filter(({ file, text }) => whole.includes(file) || text.includes("import "));
    expect(programs.length).toBeGreaterThan(8);
    expect(compileBlocks(programs)).toEqual([]);
  });

  it("does not compile with a field that does not exist", () => {
    const [program] = inLanguage("ts");
    const text = program?.text.replace("appName:", "appTitle:") ?? "";
    expect(compileBlocks([{ where: "here", file: "README.md", language: "ts", text }])).toEqual([
      expect.stringMatching(/^here: .*appTitle/s),
    ]);
  });

  it("names only commands and options that exist", () => {
    const commands = [
      ...inLanguage("sh", "text").flatMap(listCommands),
      ...documents.flatMap((file) => listInlineCommands(read(file))),
    ];
    expect(commands.length).toBeGreaterThan(60);
    expect(commands.flatMap(judgeCommand)).toEqual([]);
  });

  it.each([
    ["npx pulumi-secret-sync wach", "pulumi-secret-sync has no command wach"],
    ["X=1 npx pulumi-secret-sync watch --onces .#prod", "pulumi-secret-sync watch has no option --onces"],
    ["npm run quick", "package.json has no script quick"],
    ["npm install && npm run check -- lints", "npm run check knows no lints"],
    ["npm run quickstart -- --ap NAME", "npm run quickstart knows no --ap"],
    ["npm test -- --project fast test/nothing", "no test test/nothing"],
    ["npm test --project fast", "npm run test: --project needs -- before it"],
  ])("would not name %j", (text, problem) => {
    expect(listCommands({ where: "", file: "", language: "sh", text }).flatMap(judgeCommand)).toEqual([problem]);
  });

  it("parses where it is JSON or YAML", () => {
    expect(inLanguage("yaml").length).toBeGreaterThan(0);
    for (const { where, text } of inLanguage("json")) expect(() => JSON.parse(text), where).not.toThrow();
    for (const { where, text } of inLanguage("yaml", "yml")) {
      expect(
        parseAllDocuments(text).flatMap((document) => document.errors),
        where,
      ).toEqual([]);
    }
  });

  it("has a language that says how it is checked", () => {
    // test/languages generates, compiles and runs these.
    const generated = ["python", "go", "csharp", "java"];
    const known = ["ts", "sh", "text", "json", "yaml", "yml", "hcl", ...generated];
    expect(blocks.filter(({ language }) => !known.includes(language)).map(({ where }) => where)).toEqual([]);
  });
});

describe("links in documents", () => {
  it.each(documents)("lead somewhere: %s", (file) => {
    expect(findBrokenLinks(file)).toEqual([]);
  });

  it("are told apart from ones that lead nowhere", () => {
    const text = "# A\n\n## Of `x`, and y\n\n[a](#of-x-and-y) [b](#b) [c](docs/none.md) [d](docs/sources.md#none)\n";
    expect(findBrokenLinks("README.md", text)).toEqual(["README.md#b", "docs/none.md", "docs/sources.md#none"]);
  });

  it("reach every page from the README", () => {
    const reached = new Set(listLinks("README.md").map(({ target }) => target));
    expect(pages.filter((page) => !reached.has(page))).toEqual([]);
  });

  it("of the README lead only to what is in the package", () => {
    const { files } = JSON.parse(read("package.json")) as { files: string[] };
    const isShipped = (target: string) => files.some((one) => target === one || target.startsWith(`${one}/`));
    expect(listLinks("README.md").filter(({ target }) => !isShipped(target))).toEqual([]);
  });
});

describe("every example", () => {
  const examples = readdirSync(join(repository, "examples"), { withFileTypes: true }).filter((one) =>
    one.isDirectory(),
  );

  it.each(examples.map(({ name }) => name))("has a .gitignore that covers its files of secrets: %s", (name) => {
    const rules = read(`examples/${name}/.gitignore`).split("\n");
    expect(rules).toContain("node_modules/");
    const program = readdirSync(join(repository, "examples", name)).includes("index.ts");
    const text = program ? read(`examples/${name}/index.ts`) : "";
    const files = [...text.matchAll(/type: "file", path: "([^"]+)"/g)].map(([, file = ""]) => file);
    for (const file of files)
      expect(rules.includes(file) || (file.endsWith(".env") && rules.includes("*.env"))).toBe(true);
  });
});

describe("the README", () => {
  it("has at most 12,000 bytes", () => {
    expect(Buffer.byteLength(read("README.md"))).toBeLessThanOrEqual(12_000);
  });

  it("shows a preview that a run of the real CLI is compared with", () => {
    // test/e2e/pull-request.test.ts holds the example's README against the CLI.
    const picture = listBlocks("README.md").find(({ language }) => language === "text")?.text ?? "nothing";
    expect(read("examples/github-actions/README.md")).toContain(picture);
    const plan = listBlocks("docs/pull-requests.md").find(({ language }) => language === "text")?.text ?? "nothing";
    expect(picture.replaceAll(/^ {4}(?:warning: )?/gm, "")).toContain(plan);
  });

  it("says about ownership what the page about ownership says", () => {
    expect(listRows("README.md", "## Who owns a key")).toHaveLength(8);
    expect(
      listRows("docs/ownership.md", "## Who owns a key").map((row) => row.replace(", `conflict.exists`,", ",")),
    ).toEqual(listRows("README.md", "## Who owns a key"));
  });
});

describe("the words of the documents", () => {
  /** Words that mean nothing to a visitor, and what the field calls them. */
  const replaced =
    /\b(?:brakes?|sweeps?|swept|foretold|unforeseen|interlopers?|portraits?|stocktak\w+|knocks?|told as)\b/gi;

  // The reference is made of comments, and the architecture follows the names of its folders.
  it.each(documents.filter((file) => file !== "docs/reference.md" && file !== "provider/README.md"))(
    "are those of the field: %s",
    (file) => {
      expect(proseOf(read(file)).match(replaced) ?? []).toEqual([]);
    },
  );
});

/** The rows of the first table below a heading, cells without padding. */
function listRows(file: string, heading: string): string[] {
  const section = read(file).split(`\n${heading}\n`)[1] ?? "";
  const table = /(?:^\|.*\n)+/m.exec(section)?.[0] ?? "";
  return table
    .trim()
    .split("\n")
    .slice(2)
    .map((row) => row.replaceAll(/ +/g, " "));
}
