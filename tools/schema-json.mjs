// JSON Schema: writes schema/json from the zod shapes; with `--check` it compares instead, and fails where they differ.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

const project = fileURLToPath(new URL("..", import.meta.url));
const folder = path.join(project, "schema", "json");
const require = createRequire(import.meta.url);

/** The files, their root shapes and what they describe. */
const documents = {
  "secret-sync.json": {
    shape: "secretSync",
    title: "SecretSync",
    description: "Arguments of a SecretSync once outputs are resolved and connections are taken out.",
  },
  "connection.json": {
    shape: "connection",
    title: "Connection",
    description: "Arguments of a Connection once outputs are resolved.",
  },
};

function render() {
  const { z } = require("zod");
  const shapes = require(path.join(project, "dist", "schema", "index.js"));
  return new Map(
    Object.entries(documents).map(([file, { shape, title, description }]) => {
      const generated = z.toJSONSchema(shapes[shape], {
        io: "input",
        unrepresentable: "any",
        override: refuseUndefined,
      });
      const { $schema, ...rest } = generated;
      return [file, `${JSON.stringify({ $schema, title, description, ...rest }, null, 2)}\n`];
    }),
  );
}

/**
 * A field that must be left out has no value in JSON: no value fits.
 * @param {{ zodSchema: import("zod").core.$ZodType, jsonSchema: Record<string, unknown> }} context
 */
function refuseUndefined({ zodSchema, jsonSchema }) {
  if (zodSchema._zod.def.type === "undefined") jsonSchema["not"] = {};
}

/** @returns {Map<string, string>} */
function readExisting() {
  mkdirSync(folder, { recursive: true });
  return new Map(readdirSync(folder).map((file) => [file, readFileSync(path.join(folder, file), "utf8")]));
}

const wanted = render();
const existing = readExisting();
const different = [...new Set([...wanted.keys(), ...existing.keys()])].filter(
  (file) => wanted.get(file) !== existing.get(file),
);
if (process.argv.includes("--check")) {
  for (const file of different) console.log(`schema/json/${file} is not what the shapes say: npm run generate`);
  process.exitCode = different.length === 0 ? 0 : 1;
} else {
  for (const file of existing.keys()) if (!wanted.has(file)) rmSync(path.join(folder, file));
  for (const [file, text] of wanted) writeFileSync(path.join(folder, file), text);
}
