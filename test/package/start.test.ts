// How the built command line starts. It loads neither the Pulumi SDK nor anything that it brings, which would take half a second.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { patient, playPulumi, withFailed } from "./played-pulumi.js";

const listLoaded = `process.on("exit", () => {
  const packages = Object.keys(require.cache).flatMap((file) => /.*node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(file)?.[1] ?? []);
  require("node:fs").writeFileSync("loaded.json", JSON.stringify([...new Set(packages)].sort()));
});`;

test.each(["status", "map", "plan", "watch --once"])("%s loads no SDK", patient, (command) => {
  const { folder, inShell } = playPulumi();
  writeFileSync(path.join(folder, "list.cjs"), listLoaded);
  inShell({ before: "NODE_OPTIONS='--require ./list.cjs'" }, ...command.split(" "));
  const loaded = readFileSync(path.join(folder, "loaded.json"), "utf8");
  expect(loaded).toContain("commander");
  expect(loaded).not.toContain("pulumi");
});

test("map below the program's folder names the project", () => {
  const { folder, inShell } = playPulumi(withFailed);
  mkdirSync(path.join(folder, "src"));
  expect(inShell({ before: "cd src;" }, "map", "--output", "map.html")).toMatchObject({ code: 0, stderr: "" });
  expect(readFileSync(path.join(folder, "src", "map.html"), "utf8")).toContain("shop/prod");
});
