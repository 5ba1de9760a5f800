// Arguments of `watch`, understood or refused.

import { expect, test } from "vitest";
import { readSettings, type WatchOptions } from "../../../provider/commands/watch/settings.js";

const read = (options: WatchOptions, { programs = [] as string[], environment = {} } = {}) =>
  readSettings({ programs, options }, environment);

test("without arguments the selected stack of this folder is watched every five minutes, and nothing listens", () => {
  const { stacks, timing, webhook, health, parallel } = read({});
  expect(stacks).toEqual([{ directory: ".", stack: undefined }]);
  expect(timing).toMatchObject({ interval: 300_000, quiet: 2000, mostQuiet: 30_000 });
  expect([webhook, health, parallel]).toEqual([undefined, undefined, 1]);
});

test("one pass, lines of JSON and a dry run are asked for by name", () => {
  const asked = ({ once, json, isDryRun }: ReturnType<typeof read>) => [once, json, isDryRun];
  expect(asked(read({}))).toEqual([false, false, false]);
  expect(asked(read({ once: true }))).toEqual([true, false, false]);
  expect(asked(read({ json: true }))).toEqual([false, true, false]);
  expect(asked(read({ dryRun: true }))).toEqual([false, false, true]);
});

test("folders name their stacks, and --stack is for those that do not", () => {
  const { stacks } = read({ stack: "dev" }, { programs: ["./infra#prod", "site", "#test", "a#b#org/p/c"] });
  expect(stacks).toEqual([
    { directory: "./infra", stack: "prod" },
    { directory: "site", stack: "dev" },
    { directory: ".", stack: "test" },
    { directory: "a#b", stack: "org/p/c" },
  ]);
});

test("what listens does so on loopback unless told otherwise, and takes its secret from the environment", () => {
  const environment = { INFISICAL_WEBHOOK_SECRET: "canary" };
  const options = { webhookPort: "4000", healthPort: "4001" };
  expect(read(options, { environment })).toMatchObject({
    webhook: { address: { host: "127.0.0.1", port: 4000 }, secret: "canary" },
    health: { host: "127.0.0.1", port: 4001 },
  });
  const open = { ...options, webhookHost: "0.0.0.0", healthHost: "::1" };
  expect(read(open, { environment })).toMatchObject({
    webhook: { address: { host: "0.0.0.0" } },
    health: { host: "::1" },
  });
});

test("durations are seconds, minutes and hours", () => {
  for (const [text, ms] of [
    ["10s", 10_000],
    ["90s", 90_000],
    ["1h", 3_600_000],
    ["24h", 86_400_000],
  ] as const)
    expect(read({ interval: text }).timing.interval).toBe(ms);
});

test("a look may take ten minutes, and nothing is held, told or tried out unless somebody says so", () => {
  const usual = read({});
  expect([usual.limit, usual.rules.minDeployInterval, usual.notify, usual.isDryRun]).toEqual([
    600_000,
    0,
    undefined,
    false,
  ]);
  expect(read({ timeout: "90s", minDeployInterval: "1h", notify: "./tell", dryRun: true })).toMatchObject({
    limit: 90_000,
    rules: { minDeployInterval: 3_600_000 },
    notify: "./tell",
    isDryRun: true,
  });
});

test("what makes no sense is refused with what to write instead", () => {
  const refused: Array<[WatchOptions, RegExp, string[]?]> = [
    [{ interval: "5" }, /write 30s, 5m or 1h/],
    [{ interval: "9s" }, /from 10s/],
    [{ interval: "25h" }, /to 24h/],
    [{ timeout: "1" }, /--timeout 1/],
    [{ minDeployInterval: "2d" }, /--min-deploy-interval 2d/],
    ...["0", "01", "100", "-1", "x1", "1x", "1.5", "many"].map((parallel): [WatchOptions, RegExp] => [
      { parallel },
      new RegExp(`--parallel ${parallel} is not a count`),
    ]),
    [{ webhookPort: "4000" }, /INFISICAL_WEBHOOK_SECRET/],
    [{ once: true, healthPort: "4000" }, /--once/],
    [{}, /infra# names no stack/, ["infra#"]],
    [{}, /a program folder is empty/, ["./infra#prod", ""]],
    [{}, /named twice/, [".#a", ".#a"]],
  ];
  for (const [options, message, programs = []] of refused)
    expect(() => read(options, { programs }), String(message)).toThrow(message);
});

test.each([
  ["1", 1],
  ["8080", 8080],
  ["65535", 65_535],
])("%s is a port", (text, port) => {
  expect(read({ healthPort: text }).health).toEqual({ host: "127.0.0.1", port });
});

test.each([1, 9, 10, 99])("%i stacks may run at the same time", (count) => {
  expect(read({ parallel: String(count) }).parallel).toBe(count);
});

test.each(["65536", "70000", "http", "x80", "80x", "-1", "8.0", "1e3", "0x50", " 80"])("%j is no port", (text) => {
  const environment = { INFISICAL_WEBHOOK_SECRET: "canary" };
  for (const options of [{ healthPort: text }, { webhookPort: text }])
    expect(() => read(options, { environment })).toThrow(`argument.invalid: ${text} is not a port: write a number`);
});

// As of a variable that is not set: nothing would listen, or everywhere, or nobody would be told.
test.each<[string, WatchOptions]>([
  ["--health-port", { healthPort: "" }],
  ["--webhook-port", { webhookPort: "" }],
  ["--health-host", { healthPort: "4000", healthHost: "" }],
  ["--webhook-host", { webhookPort: "4000", webhookHost: "" }],
  ["--notify", { notify: "" }],
  ["--stack", { stack: "" }],
  ["--interval", { interval: "" }],
  ["--timeout", { timeout: "" }],
  ["--min-deploy-interval", { minDeployInterval: "" }],
  ["--parallel", { parallel: "" }],
])("an empty %s is refused, and never taken for none", (flag, options) => {
  const environment = { INFISICAL_WEBHOOK_SECRET: "canary" };
  expect(() => read(options, { environment })).toThrow(`argument.invalid: ${flag} is empty: give it a value`);
});
