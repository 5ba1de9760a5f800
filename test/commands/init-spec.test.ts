// What `init --from spec` makes of an app spec file, without a call to anybody.

import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { writeProgram } from "../../provider/commands/init/action.js";

let directory: string;
let printed: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "init-spec-"));
  printed = "";
  vi.spyOn(process.stdout, "write").mockImplementation((said) => {
    printed += String(said);
    return true;
  });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(directory, { recursive: true });
});

const text = (file: string) => readFileSync(path.join(directory, "out", file), "utf8");

async function run(spec: string | Uint8Array, options: object = {}): Promise<void> {
  const file = path.join(directory, "app.yaml");
  await writeFile(file, spec);
  await writeProgram({ from: ["spec", file], directory: path.join(directory, "out"), ...options });
}

const spec = `
name: shop
envs:
  - { key: LOG_LEVEL, value: info, scope: RUN_TIME }
  - { key: PORT, value: 8080 }
  - { key: API_KEY, value: canary-written-by-hand, type: SECRET, scope: RUN_TIME }
  - { key: DATABASE_URL, value: "EV[1:x:y]", type: SECRET }
  - { key: SESSION_KEY, type: SECRET }
  - { key: PUBLIC_URL, value: "\${APP_URL}/shop" }
services:
  - name: web
    instance_count: 1
    envs: [{ key: TOKEN, value: canary-token, type: SECRET, scope: RUN_TIME }]
`;

test("the variables of a spec file become syncs: written values in dotenv files, ciphertext and missing ones to be supplied", async () => {
  await run(spec);
  expect(text("index.ts")).toContain('\nimport { SecretSync } from "pulumi-secret-sync";\n');
  expect(text("index.ts")).toContain('appName: "shop"');
  expect(text("shop.env")).toMatch(/^API_KEY=canary-written-by-hand$/m);
  expect(text("shop.env")).toMatch(/^PORT='?8080'?$/m);
  expect(text("shop.env")).toMatch(/^# DATABASE_URL=\n# SESSION_KEY=$/m);
  expect(text("shop-web.env")).toMatch(/^TOKEN=canary-token$/m);
  expect(text("shop-web.env")).not.toMatch(/API_KEY|PORT|SESSION_KEY/);
  expect(text("shop.env")).not.toMatch(/TOKEN/);
  expect(text("MISSING.md")).toMatch(/`PUBLIC_URL`.*\$\{/);
  for (const file of ["index.ts", "MISSING.md", "package.json", "Pulumi.yaml"])
    expect(text(file)).not.toContain("canary");
});

test("what is read, what is missing and what is left are counted, each key once", async () => {
  await run(
    `${spec}  - { name: job, instance_count: 1, envs: [{ key: RAW, value: "a\\u0000b" }, { key: KEPT, value: "1" }] }\n`,
  );
  expect(text("MISSING.md")).toMatch(/`RAW`.*a dotenv file cannot hold its value/);
  expect(printed).toContain(
    "keys: 5 with their values, 2 whose values you supply, 2 left as they are (MISSING.md names them)",
  );
});

test("a spec without a variable that a sync could take over is refused, and nothing is written", async () => {
  const only = 'name: shop\nenvs:\n  - { key: PUBLIC_URL, value: "${APP_URL}" }\n';
  await expect(run(only)).rejects.toThrow(/^destination\.no_variables: .*nothing was written: PUBLIC_URL/);
  expect(existsSync(path.join(directory, "out"))).toBe(false);
});

test("JSON, and the template of a button that deploys, are spec files, too", async () => {
  await run(JSON.stringify({ spec: { name: "shop", envs: [{ key: "A", value: "1" }] } }));
  expect(text("shop.env")).toMatch(/^A=1$/m);
});

test("a readable variable without a value is empty, and an empty secret is to be supplied", async () => {
  await run(
    "{ name: shop, envs: [{ key: NONE }, { key: EMPTY, value: '' }, { key: BLANK, value: '', type: SECRET }] }",
  );
  expect(text("shop.env")).toMatch(/^EMPTY=(?:''|"")?$/m);
  expect(text("shop.env")).toMatch(/^NONE=(?:''|"")?$/m);
  expect(text("shop.env")).toMatch(/^# BLANK=$/m);
});

test.each([
  ["lead nowhere", "name: shop\nenvs: *canary"],
  ["stand for too much", `name: shop\n${["a", "b", "c", "d"].map(nest).join("")}`],
])("aliases that %s are refused, and nothing is written", async (_what, document) => {
  const refusal =
    /^argument\.invalid: .*app\.yaml has aliases that lead nowhere or stand for too much; give --from spec/;
  await expect(run(document)).rejects.toThrow(refusal);
  expect(existsSync(path.join(directory, "out"))).toBe(false);
});

/** Ten times the line before. */
function nest(name: string, at: number, names: readonly string[]): string {
  const before = names[at - 1];
  return `${name}: &${name} [${before === undefined ? "canary" : Array(10).fill(`*${before}`).join(", ")}]\n`;
}

test("of two components the one that is named is taken", async () => {
  const worker = "  - { name: worker, envs: [{ key: QUEUE, value: jobs }] }\n";
  await run(`${spec}${worker}`, { component: ["worker"] });
  expect(text("shop-worker.env")).toMatch(/^QUEUE=jobs$/m);
  expect(existsSync(path.join(directory, "out", "shop-web.env"))).toBe(false);
  expect(printed).toMatch(/out: index\.ts, Pulumi\.yaml, .*, MISSING\.md, shop-worker\.env\nkeys: 1 with/);
});

test("single components are taken", async () => {
  await run(spec, { component: ["web"] });
  expect(text("index.ts").match(/new SecretSync/g)).toHaveLength(1);
});

test("an unknown component is reported with the one that was probably meant", async () => {
  await expect(run(spec, { component: ["wbe"] })).rejects.toThrow(
    /the app has no component "wbe"; it has .*web.*; did you mean "web"\?$/,
  );
});

test.each([
  ["a text that is no YAML, of which nothing is quoted", "name: [canary", /app\.yaml is not valid YAML/],
  ["YAML that is no spec", "a: 1", /is not an app spec of App Platform/],
  ["a spec without a name", "services: []", /is not an app spec of App Platform/],
  ["a spec with an empty name", 'name: ""', /is not an app spec of App Platform/],
  ["variables of another kind", "name: shop\nenvs: canary", /is not an app spec of App Platform/],
])("refuses %s", async (_, given, says) => {
  const error = await run(given).catch((thrown: unknown) => thrown);
  expect(String(error)).toMatch(says);
  expect(String(error)).not.toContain("canary");
});

test("refuses a file that is not there, and one that is not named", async () => {
  await expect(writeProgram({ from: ["spec", "none.yaml"], directory })).rejects.toThrow(
    /none\.yaml cannot be read \(ENOENT\)/,
  );
  await expect(writeProgram({ from: ["spec"], directory })).rejects.toThrow(/needs a file/);
});

test("a spec file that is not UTF-8 is refused: its values would be written with other characters", async () => {
  const latin = Buffer.from(JSON.stringify({ name: "shop", envs: [{ key: "A", value: "p\u00e4ss" }] }), "latin1");
  await expect(run(latin)).rejects.toThrow(/app\.yaml is not UTF-8 text; save it as UTF-8$/);
});
