// Every refusal of a file source as a person meets it: one preview with a file for each of them, and none of it with a value.

import { afterAll, beforeAll, expect, test } from "vitest";
import { faults } from "../../provider/sources/documents/dotenv-faults.js";
import { exportState } from "./evidence.js";
import { openWorld, type World } from "./harness.js";

let world: World;
let appId: string;

beforeAll(async () => {
  world = await openWorld({ program: "inline" });
  appId = world.cloud.createApp({ name: "shop", services: [{ name: "web" }] }).id;
});
afterAll(() => world.close());

interface Row {
  readonly file: string;
  readonly text: (secret: string) => string;
  readonly options?: Readonly<Record<string, unknown>>;
  /** The message after the source's name. */
  readonly told: string;
}

const raw = String.raw;
const line = (where: string, fault: keyof typeof faults) => ` is not plain dotenv: line ${where}: ${faults[fault]}`;
const expand = { expand: true };
const compose = { dialect: "compose", expand: true };

const rows: readonly Row[] = [
  { file: "escaped.env", text: (s) => raw`A="{\"a\":\"${s}\"}"`, told: line("1 (A)", "escapedQuote") },
  { file: "single.env", text: (s) => raw`A='it\'s ${s}'`, told: line("1 (A)", "escapedQuote") },
  { file: "path.env", text: (s) => raw`A="C:\\${s}"`, told: line("1 (A)", "doubleBackslash") },
  { file: "account.env", text: (s) => raw`B=1${"\n"}A='{"k":"\\n${s}"}'`, told: line("2 (A)", "doubleBackslash") },
  { file: "money.env", text: (s) => raw`A="${s}\$"`, told: line("1 (A)", "escapedDollar") },
  { file: "tab.env", text: (s) => raw`A="${s}\t"`, told: line("1 (A)", "escape") },
  { file: "end.env", text: (s) => raw`A='${s}\'`, told: line("1 (A)", "lastBackslash") },
  { file: "backtick.env", text: (s) => `A=\`${s}\``, told: line("1 (A)", "backtick") },
  { file: "space.env", text: (s) => `A=${s}\u00a0`, told: line("1 (A)", "invisible") },
  { file: "return.env", text: (s) => `A=${s}\rB=1`, told: line("1 (A)", "carriage") },
  { file: "separator.env", text: (s) => `# \u2028A=${s}`, told: line("1", "separator") },
  { file: "hash.env", text: (s) => `A=${s}#1`, told: line("1 (A)", "hash") },
  { file: "first.env", text: (s) => `A= #${s}`, told: line("1 (A)", "hashFirst") },
  { file: "open.env", text: (s) => `A='${s}`, told: line("1 (A)", "unclosed") },
  { file: "after.env", text: (s) => `A='x'${s}`, told: line("1 (A)", "trailing") },
  { file: "either.env", text: (s) => `A='${s}\\'\nB='\nx'`, told: line("1 (A)", "ambiguous") },
  { file: "stray.env", text: (s) => s, told: line("1", "malformed") },
  { file: "proto.env", text: (s) => `__proto__=${s}`, told: line("1 (__proto__)", "reserved") },
  { file: "twice.env", text: (s) => `A=${s}\nA=2`, told: `: "A" is ${faults.duplicate}` },
  { file: "reference.env", text: (s) => `HOST=${s}\nA=\${HOST}`, told: line("2 (A)", "reference") },
  { file: "command.env", text: (s) => `A=$(cat ${s})`, told: line("1 (A)", "command") },
  { file: "missing.env", text: (s) => `A=${s}\${X}`, options: expand, told: line("1 (A)", "unknownReference") },
  { file: "required.env", text: (s) => `A=\${X?${s}}`, options: expand, told: line("1 (A)", "requiredReference") },
  { file: "odd.env", text: (s) => `A=\${1${s}}`, options: expand, told: line("1 (A)", "oddReference") },
  { file: "double.env", text: (s) => `B=${s}\nA=$$B`, options: expand, told: line("2 (A)", "doubleDollar") },
  { file: "circle.env", text: (s) => `A=${s}$A`, options: expand, told: line("1 (A)", "circle") },
  {
    file: "growing.env",
    text: (s) => `L0=${s}\n${Array.from({ length: 22 }, (_, at) => `L${at + 1}=$L${at}$L${at}`).join("\n")}`,
    options: expand,
    told: faults.growing,
  },
  { file: "later.env", text: (s) => `A=$B\nB=${s}`, options: compose, told: line("1 (A)", "laterReference") },
  { file: "nul.env", text: (s) => raw`A="\0000${s}"`, options: compose, told: line("1 (A)", "nul") },
  {
    file: "values.json",
    text: (s) => `{"A":"${s}"}`,
    options: expand,
    told: " is read as json, and `dialect` and `expand` are about dotenv; remove them",
  },
  {
    file: "sops.enc.env",
    text: (s) => `A=ENC[AES256_GCM,data:${s}]\nsops_mac=x`,
    told: ' is encrypted by sops; use an exec source with command ["sops","decrypt","--output-type","dotenv","sops.enc.env"] and format "dotenv"',
  },
  {
    file: "age.env",
    text: (s) => `-----BEGIN AGE ENCRYPTED FILE-----\n${s}`,
    told: ' is encrypted by age; use an exec source with command ["age","--decrypt","-i","<identity>","age.env"] and format "dotenv"',
  },
  {
    file: "ansible.yml",
    text: (s) => `$ANSIBLE_VAULT;1.1;AES256\n${s}`,
    told: ' is encrypted by ansible-vault; use an exec source with command ["ansible-vault","view","ansible.yml"] and format "yaml"',
  },
  {
    file: "gpg.env",
    text: (s) => `-----BEGIN PGP MESSAGE-----\n${s}`,
    told: ' is encrypted by gpg; use an exec source with command ["gpg","--quiet","--decrypt","gpg.env"] and format "dotenv"',
  },
  {
    file: "crypt.env",
    text: (s) => `\0GITCRYPT\0${s}`,
    told: ' is encrypted by git-crypt; run ["git-crypt", "unlock"] in its repository',
  },
  {
    file: "merge.yaml",
    text: (s) => `A: &a ${s}\nm:\n  <<: *a`,
    told: " merges (<<) something that is not a map; write the keys out (line 3, column 3)",
  },
];

const destination = () => `{ type: "digital-ocean-app-platform", appId: ${JSON.stringify(appId)} }`;

test("every refusal of a file is told in one preview, with its line, its key and the readings", async () => {
  const secret = world.secret("written");
  for (const { file, text } of rows) await world.write(file, text(secret));
  const sources = rows.map(({ file, options = {} }) => ({ type: "file", path: file, ...options }));
  await world.program(`new SecretSync("web", { source: ${JSON.stringify(sources)}, destination: ${destination()} });`);
  const { code, text } = await world.pulumi("preview");
  expect(code).not.toBe(0);
  const missing = rows.filter(({ file, told }) => !text.includes(`file source "${file}"${told}`));
  expect(missing.map(({ file }) => file).filter((file) => file !== "growing.env")).toEqual([]);
  expect(text).toMatch(/file source "growing\.env" is not plain dotenv: .* beyond 10 MiB/);
  expect(new Set(rows.map(({ told }) => told)).size).toBeGreaterThan(Object.keys(faults).length);
  expect(await exportState(world)).toEqual([]);
});

test("a file that says what it means is written, and an empty value is refused, or skipped with a line in the plan", async () => {
  await world.write("app.env", raw`HOST="${world.secret("host")}"${"\n"}URL="https://\$HOST/\"x\""${"\n"}EMPTY=`);
  const declare = (emptyValues: string) =>
    world.program(`new SecretSync("web", {
      source: { type: "file", path: "app.env", dialect: "compose", expand: true },
      destination: ${destination()},
      syncOptions: { emptyValues: ${JSON.stringify(emptyValues)} },
    });`);
  await declare("refuse");
  const refused = await world.pulumi("preview");
  expect(refused.text).toContain('value.empty: EMPTY is empty, and syncOptions.emptyValues is "refuse"');
  await declare("skip");
  expect((await world.preview()).text).toContain(". EMPTY: is empty in the source, and emptyValues skips it");
  await world.up();
  expect(Object.keys(world.cloud.running(appId)["web"] ?? {}).sort()).toEqual(["HOST", "URL"]);
  expect(world.cloud.running(appId)["web"]?.["URL"]?.value).toBe('https://$HOST/"x"');
});

test("`expand` in the literal dialect is refused in the program's words", async () => {
  await world.program(`new SecretSync("web", {
    source: { type: "file", path: "app.env", dialect: "literal", expand: true },
    destination: ${destination()},
  });`);
  const { code, text } = await world.pulumi("preview");
  expect(code).not.toBe(0);
  expect(text).toContain('argument.invalid: source: with dialect "literal" nothing is expanded; remove `expand`');
});
