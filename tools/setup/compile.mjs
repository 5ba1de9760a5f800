// Setup: loads what the engine's processes load, so that Node keeps what it compiles. The engine ends a provider before that keeps any.
import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { project } from "./packages.mjs";

const load = createRequire(path.join(project, "package.json"));
const dist = path.join(project, "dist", "provider");
const starts = new Set([path.join("commands", "main.js"), path.join("plugin", "main.js")]);

load("@pulumi/pulumi");
load("@pulumi/pulumi/dynamic");
// Without a build there is nothing of ours to load yet.
for (const file of existsSync(dist) ? readdirSync(dist, { recursive: true, encoding: "utf8" }) : [])
  if (file.endsWith(".js") && !starts.has(file)) load(path.join(dist, file));
