// Test side: Node's own parser reads the dotenv texts of standard input. It runs on any Node that has one.

const { readFileSync } = require("node:fs");
const { parseEnv } = require("node:util");

const texts = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(texts.map((text) => parseEnv(text))));
