// What a pull request says. The example's workflow on the real CLI, with 500 keys and the comment as pulumi/actions builds it.

import { mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { editConsole } from "./evidence.js";
import { runCommand } from "./command-line.js";
import { runExample } from "./example.js";
import { expectNoCanary, openWorld, startProgram, succeed, type World } from "./harness.js";
import { writeExecutable } from "../executable.js";

const example = path.join(__dirname, "../../examples/github-actions");
const names = Array.from({ length: 500 }, (_, index) => `BILLING_SERVICE_SETTING_${String(index).padStart(3, "0")}`);

/** The action cuts what it posts here: https://github.com/pulumi/actions/blob/v7.0.0/src/libs/pr.ts */
const actionLimit = 64_000;
/** GitHub refuses a longer body. */
const githubLimit = 65_536;

interface Comment {
  readonly text: string;
  /** The keys of each kind of change, as its sentence says it. */
  readonly plan: Readonly<Record<string, readonly string[]>>;
}

/** What the action does: previews by the Automation API, which runs the CLI so, and folds its standard output into a comment. */
async function previewComment(world: World): Promise<Comment> {
  const { stdout } = await world.preview("--suppress-progress");
  const body = `#### :tropical_drink: \`preview\` on world/test\n\n<details>\n<summary>Pulumi report</summary>\n\n<pre>\n${stdout}\n</pre>\n\n</details>`;
  expect(stdout.length).toBeLessThan(actionLimit);
  expect(body.length).toBeLessThan(githubLimit);
  return { text: body, plan: readPlan(stdout) };
}

/** Sentences and the keys below them. */
function readPlan(text: string): Record<string, string[]> {
  const plan: Record<string, string[]> = {};
  let keys: string[] = [];
  for (const line of text.split("\n")) {
    const sentence = /^ +([-+~><.=] \d+ keys?.*)$/.exec(line)?.[1];
    const key = /^ +app\/(\w+)$/.exec(line)?.[1];
    if (sentence !== undefined) plan[sentence] = keys = [];
    else if (key !== undefined) keys.push(key);
  }
  return plan;
}

async function writeSecrets(world: World, generation: string): Promise<void> {
  const values = Object.fromEntries(names.map((name, index) => [name, world.secret(`${generation}-${index}`)]));
  await world.write("secrets.json", JSON.stringify(values));
}

function program(world: World, options = "{}"): Promise<void> {
  return world.program(`new SecretSync("web", {
    source: { type: "file", path: "secrets.json" },
    destination: { type: "digital-ocean-app-platform", appName: "shop", scope: "RUN_TIME" },
    syncOptions: ${options},
  });`);
}

test("the comment names each of 500 keys, and what happens to it, within the limit and without a value", async () => {
  const world = await openWorld({ program: "inline" });
  try {
    const { id } = world.cloud.createApp({ name: "shop", services: [{ name: "web" }] });
    await writeSecrets(world, "first");
    await program(world);
    expect((await previewComment(world)).plan).toEqual({ "+ 500 keys (SECRET RUN_TIME)": names });

    editConsole(world, id, (spec) => {
      spec.envs = names.map((key) => ({ key, value: world.secret("theirs"), type: "SECRET" as const }));
    });
    await program(world, "{ adoptExisting: true }");
    expect((await previewComment(world)).plan).toEqual({
      "> 500 keys: will be adopted, value cannot be compared and will be replaced by the one of secrets.json (SECRET RUN_AND_BUILD_TIME becomes SECRET RUN_TIME)":
        names,
    });

    await world.up();
    await writeSecrets(world, "second");
    expect((await previewComment(world)).plan).toEqual({ "~ 500 keys: new value (from secrets.json)": names });

    await world.up();
    editConsole(world, id, (spec) => {
      const kept = (spec.envs ?? []).filter((_, index) => index >= 200);
      spec.envs = kept.map((env, index) => (index < 100 ? { ...env, value: world.secret("theirs") } : env));
    });
    const drift = await previewComment(world);
    expect(drift.text).toContain("drift: 300 keys of shop changed outside this program");
    expect(drift.plan).toEqual({
      "+ 200 keys (SECRET RUN_TIME): gone from the destination, will be written again": names.slice(0, 200),
      "~ 100 keys: value changed at App Platform; will be written again": names.slice(200, 300),
    });
    const nightly = await world.pulumi("preview", "--expect-no-changes");
    expect(nightly.code).not.toBe(0);
    expect(readPlan(nightly.stdout)).toEqual(drift.plan);

    await world.write("secrets.json", JSON.stringify({ KEPT: world.secret("kept") }));
    await program(world, "{ deletionLimit: 500 }");
    const left = await previewComment(world);
    expect(left.plan["- 200 keys: has left the source"]).toEqual(names.slice(300));
    expect(Object.values(left.plan).flat().sort()).toEqual([...names, "KEPT"].sort());
  } finally {
    await world.close();
  }
});

test("the README shows a comment as it is", async () => {
  const world = await openWorld({ program: "inline", stack: "production" });
  try {
    const envs = [{ key: "REDIS_URL", value: world.secret("theirs"), type: "SECRET" as const }];
    const { id } = world.cloud.createApp({ name: "shop", services: [{ name: "web" }], envs });
    const mail = { SMTP_PASSWORD: world.secret("mail") };
    const write = (values: Record<string, string>) =>
      world.write("secrets.json", JSON.stringify({ ...mail, DATABASE_URL: world.secret("url"), ...values }));
    await write({ SESSION_KEY: world.secret("key") });
    await program(world, '{ adoptExisting: ["REDIS_URL"] }');
    await world.up();
    editConsole(world, id, (spec) => {
      spec.envs = (spec.envs ?? []).filter(({ key }) => key !== "SMTP_PASSWORD");
    });
    await write({ REDIS_URL: world.secret("redis"), STRIPE_KEY: world.secret("stripe") });
    const shown = /```text\n(.*?)```/s.exec(await readFile(path.join(example, "README.md"), "utf8"))?.[1] ?? "nothing";
    expect((await previewComment(world)).text).toContain(shown);

    const page = await readFile(path.join(__dirname, "../../docs/command-line.md"), "utf8");
    const plan = /\$ npx pulumi-secret-sync plan\n(.*?)```/s.exec(page)?.[1] ?? "nothing";
    expect(await runCommand(world, "plan")).toMatchObject({ code: 0, stderr: "", stdout: plan });
    const { syncs } = JSON.parse((await runCommand(world, "plan", "--json")).stdout);
    expect(syncs).toMatchObject([
      {
        resource: "web",
        step: "update",
        target: "shop",
        counts: { add: 1, adopt: 1, change: 1, remove: 1, unchanged: 0, drift: 1 },
        changes: [
          { sign: "+", name: "app/SMTP_PASSWORD", drift: true },
          { sign: "~", name: "app/DATABASE_URL", text: "new value (from secrets.json)" },
          { sign: ">", name: "app/REDIS_URL" },
          { sign: "-", name: "app/SESSION_KEY" },
          { sign: "+", name: "app/STRIPE_KEY" },
        ],
      },
    ]);
    await world.program("");
    const gone = JSON.parse((await runCommand(world, "plan", "--json")).stdout);
    expect(gone.syncs).toMatchObject([{ step: "delete", changes: [{ sign: "-" }, { sign: "-" }, { sign: "-" }] }]);
  } finally {
    await world.close();
  }
});

interface Job {
  readonly steps: ReadonlyArray<{ readonly name?: string; readonly run?: string }>;
}

/** A `gh` that keeps what it is asked, and finds the comment that the test says is there. */
const standIn = `#!/bin/sh
for argument in "$@"; do case "$argument" in body=@*) cat "\${argument#body=@}" > posted.md;; --method) method=1;; esac; done
printf '%s\\n' "$*" >> gh.log
[ -n "$method" ] || printf '%s' "$EARLIER"
`;

/** The package's own command, as `npx` would find it in an installed program. */
const ownCommand = `#!/bin/sh
shift 2
exec "${process.execPath}" "${path.join(__dirname, "../../dist/provider/commands/main.js")}" "$@"
`;

const marker = "<!-- pulumi-secret-sync plan production -->";

test("a refused plan becomes the comment by the workflow's own words, edited where there is one", async () => {
  const world = await openWorld({ program: "inline", stack: "production" });
  try {
    const workflow = await readFile(path.join(example, ".github/workflows/secrets.yml"), "utf8");
    const { steps } = (parse(workflow) as { jobs: { preview: Job } }).jobs.preview;
    const scriptOf = (step: string) => steps.find(({ name }) => name === step)?.run ?? "exit 9";
    world.cloud.createApp({
      name: "shop",
      services: [{ name: "web" }],
      envs: names.map((key) => ({ key, value: world.secret("theirs"), type: "SECRET" as const })),
    });
    await writeSecrets(world, "first");
    await program(world);
    await mkdir(path.join(world.directory, "bin"));
    for (const [name, text] of Object.entries({ gh: standIn, npx: ownCommand }))
      writeExecutable(path.join(world.directory, "bin", name), text);
    const PATH = `${path.join(world.directory, "bin")}${path.delimiter}${world.environment["PATH"]}`;
    const run = (step: string, environment: Record<string, string>) =>
      startProgram(world, ["bash", "-e", "-o", "pipefail", "-c", scriptOf(step)], { PATH, ...environment }).done;
    const comment = async (earlier: string) => {
      const setting = { MARKER: marker, NUMBER: "7", GITHUB_REPOSITORY: "acme/shop", EARLIER: earlier };
      succeed(await run("Comment", setting));
      const [calls, body] = await Promise.all(
        ["gh.log", "posted.md"].map((file) => readFile(path.join(world.directory, file), "utf8")),
      );
      return { call: calls?.trim().split("\n").at(-1), body: body ?? "" };
    };

    expect((await run("Plan", { STACK: "production" })).code).toBe(1);
    const first = await comment("");
    expect(first.call).toBe("api --silent --method POST repos/acme/shop/issues/7/comments --field body=@plan.md");
    expect(first.body.startsWith(`${marker}\n#### Secrets of \`production\`: refused: 1 problem`)).toBe(true);
    expect(first.body).toMatch(/conflict\.exists: 500 keys already exist .*adoptExisting/);
    for (const name of names) expect(first.body).toContain(`app/${name} (SECRET RUN_AND_BUILD_TIME)`);
    expectNoCanary(world, first.body);
    expect(first.body.length).toBeLessThan(githubLimit);
    expect((await comment("42")).call).toMatch(/--method PATCH repos\/acme\/shop\/issues\/comments\/42 /);

    await world.write("plan.md", "");
    expect((await comment("")).body).toBe(`${marker}\nThe plan could not be made; the log of this run says why.\n`);
  } finally {
    await world.close();
  }
});

test("examples/github-actions", async () => {
  let url = "";
  const values = await runExample("github-actions", (world) => {
    url = world.secret("url");
    return { paths: { "web.DATABASE_URL": url } };
  });
  expect(values).toEqual({ DATABASE_URL: url });
});
