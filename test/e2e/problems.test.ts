// A preview that cannot become an update says why, all at once, without a value and without a stack trace.

import { afterAll, beforeAll, expect, test } from "vitest";
import { exportState } from "./evidence.js";
import { openWorld, type World } from "./harness.js";

let world: World;
let appId: string;

beforeAll(async () => {
  world = await openWorld({ provider: "inline" });
  const envs = [{ key: "TAKEN", value: "theirs" }];
  appId = world.cloud.createApp({ name: "shop", envs, services: [{ name: "web" }] }).id;
});
afterAll(() => world.close());

const destination = (rest = "") => `{ type: "digital-ocean-app-platform", appId: ${JSON.stringify(appId)}, ${rest} }`;

/** What a run that must fail told: its codes are looked for by the test; it has no trace and no write. */
async function failureOf(...args: string[]): Promise<string> {
  const run = await world.pulumi(...args);
  if (run.code === 0) throw new Error(`the run should have failed:\n${run.text}`);
  // The CLI's own JSON says where in the program each resource stands.
  const text = args.includes("--json") ? "" : run.text;
  expect(text).not.toMatch(/\n\s+at \S+ \(|node_modules|\.js:\d+/);
  expect(world.cloud.requests.filter(({ method }) => method === "PUT")).toEqual([]);
  return run.text;
}

test("every problem of a sync is told in one preview", async () => {
  const [value, bound] = [world.secret("value"), world.secret("bound")];
  await world.program(`
    new SecretSync("web", {
      name: "Not A Slug",
      source: { type: "inline", values: {
        TAKEN: pulumi.secret(${JSON.stringify(value)}),
        "BAD-KEY": ${JSON.stringify(value)},
        BOUND: ${JSON.stringify(`${bound}\${db.URL}`)},
        EMPTY: "",
      } },
      destination: ${destination('variables: { NOBODY: { scope: "RUN_TIME" } }')},
    });
  `);
  const codes = [
    "argument.invalid: name",
    "conflict.exists: app/TAKEN",
    "key.invalid",
    "value.bindable",
    "value.empty",
  ];
  for (const flags of [[], ["--diff"], ["--json"]]) {
    const told = await failureOf("preview", ...flags);
    for (const code of codes) expect(told).toContain(code);
  }
  expect(await failureOf("up", "--yes", "--skip-preview")).toContain("value.empty");
  expect(await exportState(world)).toEqual([]);
});

test("sources and the app are told together", async () => {
  await world.program(`
    new SecretSync("api", {
      source: [{ type: "file", path: "missing.env" }, { type: "exec", command: ["no-such-command"] }],
      destination: { type: "digital-ocean-app-platform", appName: "shpo" },
    });
  `);
  const told = await failureOf("preview");
  expect(told).toContain("source.unreadable");
  expect(told).toContain("source.command_not_found");
  expect(told).toContain('destination.not_found: there is no app named "shpo"');
});

test("a token that may only read is told before anything is written", async () => {
  const token = world.secret("reader");
  world.cloud.tokens.set(token, { scopes: ["app:read"] });
  await world.program(
    `new SecretSync("web", { source: { type: "inline", values: { A: "a" } }, destination: ${destination()} });`,
  );
  const before = world.environment["DIGITALOCEAN_TOKEN"] ?? "";
  world.environment["DIGITALOCEAN_TOKEN"] = token;
  expect(await failureOf("preview")).toMatch(/connection\.read_only: .*app:update/);
  world.environment["DIGITALOCEAN_TOKEN"] = before;
});

test("a source given as an output is refused in the program, in words", async () => {
  await world.program(
    `new SecretSync("web", { source: pulumi.output({ type: "inline", values: {} }), destination: ${destination()} });`,
  );
  expect(await failureOf("preview")).toContain(`argument.invalid: SecretSync "web": source must be a plain object`);
});
