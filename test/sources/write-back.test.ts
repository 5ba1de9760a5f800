// What an import writes into a source, at the source itself: files, Infisical, and every reason to write nothing.

import { appendFileSync, readFileSync, renameSync, truncateSync, watch, writeFileSync } from "node:fs";
import { chmod, lstat, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { Credentials } from "../../provider/credentials/credentials.js";
import { redact } from "../../provider/redacted.js";
import { writeFileSource } from "../../provider/sources/local/file.js";
import { createSourceWriter } from "../../provider/sources/reader.js";
import type { Source } from "../../schema/index.js";
import { type InfisicalEmulator, startInfisical } from "../emulators/infisical/index.js";
import { createInstance } from "../emulators/infisical/model.js";
import { canary } from "./canary.js";
import { makeCredentials, createHastyClock, sourcesWith } from "./reading.js";

interface Given {
  readonly credentials?: Credentials;
  readonly directory?: string;
  readonly rehearse?: boolean;
  readonly before?: Readonly<Record<string, string>>;
}

/** Writes as a run does; the answer is the failure's text, or nothing. */
async function write(source: Source, values: Readonly<Record<string, string>>, given: Given = {}): Promise<string> {
  const { credentials, directory = "/", rehearse = false, before = {} } = given;
  const writer = createSourceWriter(sourcesWith({ clock: createHastyClock() }), { environment: {}, directory });
  const edits = Object.entries(values).map(([key, value]) => ({
    key,
    value: redact(value),
    before: before[key] === undefined ? undefined : redact(before[key]),
  }));
  const failure = await writer(source, credentials, { edits, rehearse }).then(
    () => "",
    (error: unknown) => String(error),
  );
  expect(failure).not.toContain(canary);
  expect(failure.match(/ source ["p]/g)?.length ?? 0, failure).toBeLessThan(2);
  return failure;
}

function replaceFile(path: string): void {
  writeFileSync(`${path}.new`, "A=1\n");
  renameSync(`${path}.new`, path);
}

describe("a file", () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "write-back-"));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));
  const source: Source = { type: "file", path: "secrets.env" };

  test("is replaced in one step and keeps its mode", async () => {
    const path = join(directory, "secrets.env");
    await writeFile(path, "A=1\n");
    await chmod(path, 0o600);
    expect(await write(source, { B: canary }, { directory })).toBe("");
    expect(await readFile(path, "utf8")).toBe(`A=1\nB=${canary}\n`);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test("behind a link is written where it is", async () => {
    await writeFile(join(directory, "real.env"), "A=1\n");
    await symlink("real.env", join(directory, "secrets.env"));
    expect(await write(source, { B: "2" }, { directory })).toBe("");
    expect(await readFile(join(directory, "real.env"), "utf8")).toBe("A=1\nB=2\n");
    expect((await lstat(join(directory, "secrets.env"))).isSymbolicLink()).toBe(true);
  });

  test("is written beside itself under a name that nobody can guess, and nothing is left of it", async () => {
    const path = join(directory, "secrets.env");
    await writeFile(path, "A=1\n");
    const seen = new Set<string>();
    const watcher = watch(directory, (_, name) => void seen.add(String(name)));
    expect(await write(source, { B: "2" }, { directory })).toBe("");
    expect(await write(source, { B: "3" }, { directory, before: { B: "2" } })).toBe("");
    await new Promise((ready) => {
      setTimeout(ready, 100);
    });
    watcher.close();
    const drafts = [...seen].filter((name) => name !== "secrets.env");
    expect(new Set(drafts).size).toBeGreaterThanOrEqual(2);
    for (const name of drafts) expect(name).toMatch(/^\.[0-9a-f-]{36}\.secrets\.env$/);
    expect(await readdir(directory)).toEqual(["secrets.env"]);
  });

  test.each([
    ["appends to", (path: string) => appendFileSync(path, "C=theirs\n")],
    ["shortens", (path: string) => truncateSync(path, 2)],
    ["replaces", replaceFile],
  ])("is left alone if somebody else %s it while it is being edited", async (_, change) => {
    const path = join(directory, "secrets.env");
    await writeFile(path, "A=1\n");
    const value = redact(canary);
    let theirs: string | undefined;
    // The value is asked for when the file has been read, and before it is replaced.
    vi.spyOn(value, "reveal").mockImplementation(() => {
      if (theirs === undefined) change(path);
      theirs ??= readFileSync(path, "utf8");
      return canary;
    });
    const edits = [{ key: "B", value, before: undefined }];
    const failure = await writeFileSource(source, { directory, edits, rehearse: false }).then(String, String);
    expect(failure).toMatch(
      /^SecretSyncError: source\.changed: file source "secrets\.env" changed after it was looked at/,
    );
    expect(await readFile(path, "utf8")).toBe(theirs);
    expect(await readdir(directory)).toEqual(["secrets.env"]);
  });

  test("is not touched by a rehearsal, nor when it already is as wanted", async () => {
    const path = join(directory, "secrets.env");
    await writeFile(path, "A=1\n");
    const { ino } = await stat(path);
    expect(await write(source, { B: "2" }, { directory, rehearse: true })).toBe("");
    expect(await write(source, { A: "1" }, { directory })).toBe("");
    expect([await readFile(path, "utf8"), (await stat(path)).ino]).toEqual(["A=1\n", ino]);
  });

  test("beside keys that nobody takes, whatever is wrong with them", async () => {
    const json: Source = { type: "file", path: "odd.json", include: ["B"] };
    await writeFile(join(directory, "odd.json"), '{"LIST":[1],"NULL":null}');
    expect(await write(json, { B: "2" }, { directory })).toBe("");
    expect(JSON.parse(await readFile(join(directory, "odd.json"), "utf8"))).toEqual({ LIST: [1], NULL: null, B: "2" });
  });

  test("that is a manifest of Kubernetes is only read", async () => {
    const manifest = { type: "file", path: "secret.yaml", format: "kubernetes" } as const;
    await writeFile(join(directory, "secret.yaml"), "apiVersion: v1\nkind: Secret\ndata: {}\n");
    expect(await write(manifest, { B: "2" }, { directory })).toMatch(/import\.no_writable_source/);
  });

  test("that is encrypted is not written", async () => {
    await writeFile(join(directory, "secrets.env"), "A=ENC[AES256_GCM,data:x,type:str]\n");
    expect(await write(source, { B: "2" }, { directory })).toMatch(/source\.encrypted/);
  });

  test("takes one value for a key, whoever imports it, and refuses another one before it writes", async () => {
    await writeFile(join(directory, "secrets.env"), "# head\n");
    const writer = createSourceWriter(sourcesWith(), { environment: {}, directory });
    const put = (values: Readonly<Record<string, string>>, from: Source = source) =>
      writer(from, undefined, {
        edits: Object.entries(values).map(([key, value]) => ({ key, value: redact(value), before: undefined })),
        rehearse: false,
      }).then(() => "", String);
    expect(await put({ A: "1" })).toBe("");
    expect(await put({ A: "1", B: "2" })).toBe("");
    const other: Source = { type: "file", path: "./secrets.env", format: "dotenv", include: ["*"] };
    expect(await put({ A: canary, C: "3" }, other)).toMatch(
      /^SecretSyncError: import\.conflict: two syncs .* the same keys of one file source \(A\); leave these keys /,
    );
    expect(await readFile(join(directory, "secrets.env"), "utf8")).toBe("# head\nA=1\nB=2\n");
    expect(await put({ C: "4" })).toBe("");
  });

  test("takes what several syncs import at once, one after the other", async () => {
    await writeFile(join(directory, "secrets.env"), "# head\n");
    const writer = createSourceWriter(sourcesWith(), { environment: {}, directory });
    const names = Array.from({ length: 20 }, (_, at) => `K${String(at)}`);
    const edits = (key: string) => [{ key, value: redact("v"), before: undefined }];
    await Promise.all(names.map((key) => writer(source, undefined, { edits: edits(key), rehearse: false })));
    const text = await readFile(join(directory, "secrets.env"), "utf8");
    expect(text).toBe(`# head\n${names.map((key) => `${key}=v\n`).join("")}`);
  });
});

describe("a folder of Infisical", () => {
  let server: InfisicalEmulator;
  beforeAll(async () => {
    server = await startInfisical();
  });
  afterAll(() => server.close());
  beforeEach(() => {
    Object.assign(server.instance, createInstance());
    const shared = { secrets: { SHARED: "imported" } };
    const imports = [{ environment: "prod", path: "/shared" }];
    server.instance.projects.set("p", { prod: { "/": { secrets: { A: "one" }, imports }, "/shared": shared } });
    server.instance.identities.push({ clientId: "id", clientSecret: "s" });
  });
  const credentials = () => makeCredentials("infisical", { clientId: "id", clientSecret: "s" }, server.origin);
  const source = { type: "infisical", projectId: "p", environment: "prod" } as const;
  const into = (values: Record<string, string>, before: Record<string, string> = {}, more: object = {}) =>
    write({ ...source, ...more }, values, { credentials: credentials(), before });
  const stored = () => server.instance.projects.get("p")?.["prod"]?.["/"]?.secrets;

  test("gets new keys, changed ones, and one of its own for an imported one", async () => {
    expect(await into({ A: "two", NEW: "n", SHARED: "own" }, { A: "one", SHARED: "imported" })).toBe("");
    expect(stored()).toEqual({ A: "two", NEW: "n", SHARED: "own" });
    expect(server.instance.projects.get("p")?.["prod"]?.["/shared"]?.secrets).toEqual({ SHARED: "imported" });
  });

  test("is written at the older addresses of an older server", async () => {
    server.instance.generation = "v3";
    expect(await into({ NEW: "n" })).toBe("");
    expect(stored()).toEqual({ A: "one", NEW: "n" });
  });

  test("keeps a line break at the end, and is not asked to keep other white space", async () => {
    expect(await into({ KEY: "a\nb\n" })).toBe("");
    expect(await into({ PADDED: ` ${canary}` })).toMatch(
      /import\.unplaceable: .*: PADDED .* trim the white space around its value/,
    );
    expect(stored()).toEqual({ A: "one", KEY: "a\nb\n" });
  });

  test("takes a text that looks like a reference where nothing is replaced", async () => {
    expect(await into({ KEY: "${A}" }, {}, { expandSecretReferences: false })).toBe("");
    expect(stored()).toEqual({ A: "one", KEY: "${A}" });
  });

  interface Refused {
    readonly what: string;
    readonly values: Record<string, string>;
    readonly more?: object;
    readonly message: RegExp;
  }
  const only = { KEY: canary };
  test.each<Refused>([
    { what: "a reference", values: { KEY: `\${A}${canary}` }, message: /KEY cannot be .* read as a reference/ },
    { what: "a name that is none", values: { "a:b": canary }, message: /a:b cannot be .* no colon, slash or space/ },
    { what: "a key of a tree", values: only, more: { recursive: true }, message: /leave `recursive` out/ },
    { what: "a key without the tag", values: only, more: { tagSlugs: ["web"], allowEmpty: true }, message: /by tags/ },
  ])("refuses $what", async ({ values, more = {}, message }) => {
    expect(await into(values, {}, more)).toMatch(message);
    expect(stored()).toEqual({ A: "one" });
  });

  test("that a protection policy guards is told as such, and nothing counts as written", async () => {
    server.instance.approval = true;
    expect(await into({ NEW: "n" })).toMatch(/import\.approval: .* until somebody approves it/);
    expect(stored()).toEqual({ A: "one" });
  });

  test("whose key has changed since is not overwritten", async () => {
    expect(await into({ A: "wanted" }, { A: "earlier" })).toMatch(
      /import\.changed: .*: A has changed since it was read/,
    );
    expect(stored()).toEqual({ A: "one" });
  });

  test("counts as written only when it reads back", async () => {
    const { instance } = server;
    const set = instance.projects.set.bind(instance.projects);
    instance.projects.set = () => instance.projects;
    expect(await into({ NEW: canary })).toMatch(/import\.unverified: .*\(NEW\)/);
    instance.projects.set = set;
  });
});

test("a source that can only be read is refused", async () => {
  expect(await write({ type: "environment", prefix: "X_" }, { A: "1" })).toMatch(/import\.no_writable_source/);
  const doppler = makeCredentials("doppler", { serviceToken: "dp.st.x" }, "http://127.0.0.1:9");
  expect(await write({ type: "doppler" }, { A: "1" }, { credentials: doppler })).toMatch(/import\.no_writable_source/);
});
