// Demonstration: the example against the emulator, from an empty app to a repaired drift. Checks every claim it prints.
import { randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseEnv } from "node:util";
import { startEmulator } from "./emulator.mjs";
import { example, openEngine, removeTraces } from "./engine.mjs";
import { showStep, showVariables } from "./narration.mjs";

const stack = "demonstration";
const preview = ["preview", "--diff", "--suppress-progress"];
const up = ["up", "--yes", "--skip-preview", "--suppress-progress"];

export async function runDemonstration() {
  const folder = mkdtempSync(path.join(tmpdir(), "secret-sync-quickstart-"));
  const emulator = await startEmulator();
  const settings = {
    DIGITALOCEAN_API_URL: emulator.url,
    DIGITALOCEAN_TOKEN: emulator.token,
    DIGITALOCEAN_ACCESS_TOKEN: undefined,
  };
  const leftovers = [folder];
  try {
    const engine = await openEngine({ folder, passphrase: "quickstart", settings });
    leftovers.push(engine.configFile(stack));
    removeTraces([engine.configFile(stack)]);
    await play(engine, emulator, folder);
  } finally {
    emulator.stop();
    removeTraces(leftovers);
  }
}

/**
 * @param {import("./engine.mjs").Engine} engine
 * @param {import("./emulator.mjs").Emulator} emulator
 * @param {string} folder
 */
async function play(engine, emulator, folder) {
  const file = parseEnv(readFileSync(path.join(example, "secrets.env"), "utf8"));
  /** @type {string[]} */
  const secrets = Object.values(file).map(String);
  /** @type {import("./emulator.mjs").Variables} */
  let seen = await emulator.look();
  const foreign = seen;

  const setDatabaseUrl = async () => {
    const value = `postgres://web:${randomBytes(12).toString("hex")}@db.example/web`;
    secrets.push(value);
    await engine.run(["config", "set", "--secret", "databaseUrl"], value);
    return value;
  };
  /** @param {string} databaseUrl */
  const look = async (databaseUrl) => {
    const now = await emulator.look();
    showVariables(now, seen);
    seen = now;
    expectVariables(now, { ...file, DATABASE_URL: databaseUrl }, foreign);
  };

  showStep("A stack, and one secret in its configuration", "Two more values stand in examples/quickstart/secrets.env.");
  await engine.run(["stack", "init", stack]);
  await engine.run(["config", "set", "appName", "quickstart"]);
  const first = await setDatabaseUrl();

  showStep("Preview: which keys would be written. Nothing is changed.");
  await engine.run(preview);
  showStep("Update: one write, one deployment, followed to its end");
  await engine.run(up);
  showStep("What the app sees now", "LOG_LEVEL was there before, set by somebody else. It stays as it is.");
  await look(first);

  showStep("One value changes, and the preview names its key");
  const second = await setDatabaseUrl();
  await engine.run(preview);
  showStep("Update");
  await engine.run(up);
  await look(second);

  showStep("Drift: somebody overwrites one key in the console and deletes another");
  await emulator.edit("QUICKSTART_SESSION_KEY", "set-by-hand");
  await emulator.edit("QUICKSTART_SMTP_PASSWORD", null);
  seen = showChange(seen, await emulator.look());
  console.log("\nThe platform does not show the values. The preview finds both changes anyway.");
  await engine.run(preview);
  showStep("Update: the drift is repaired");
  await engine.run(up);
  await look(second);

  showStep("What the state holds");
  console.log(
    `  none of the ${secrets.length} values, in ${searchState(folder, secrets)} files. Keyed fingerprints stand in for them, encrypted.`,
  );
  console.log(nextSteps);
}

/**
 * @param {import("./emulator.mjs").Variables} before
 * @param {import("./emulator.mjs").Variables} now
 */
function showChange(before, now) {
  showVariables(now, before);
  return now;
}

/**
 * @param {import("./emulator.mjs").Variables} seen
 * @param {Record<string, string | undefined>} declared
 * @param {import("./emulator.mjs").Variables} foreign
 */
function expectVariables(seen, declared, foreign) {
  const wanted = Object.entries(declared).map(([key, value]) => [`QUICKSTART_${key}`, value]);
  for (const [key, { value }] of Object.entries(foreign)) wanted.push([key, value]);
  const wrong = wanted.filter(([key, value]) => seen[key ?? ""]?.value !== value).map(([key]) => key);
  if (wrong.length > 0) throw new Error(`the app does not see what is declared: ${wrong.join(", ")}`);
  if (Object.keys(seen).length !== wanted.length) throw new Error("the app sees variables that nobody declared");
}

/**
 * How many files were searched; a value in one of them is an error.
 * @param {string} folder
 * @param {string[]} secrets
 */
function searchState(folder, secrets) {
  const files = readdirSync(path.join(folder, "state"), { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  for (const entry of files) {
    const text = readFileSync(path.join(entry.parentPath, entry.name), "utf8");
    const found = secrets.filter(
      (secret) => text.includes(secret) || text.includes(Buffer.from(secret).toString("base64")),
    );
    if (found.length > 0) throw new Error(`${entry.name} of the state holds ${found.length} values in plain text`);
  }
  return files.length;
}

const nextSteps = `
Where to go next
  examples/quickstart/index.ts           the program that has just run
  README.md, docs/                       sources, destinations, ownership, error codes
  npm run quickstart -- --app NAME       the same program on your own app, with DIGITALOCEAN_TOKEN set
  npm test, npm run check                every test, and the gate
  provider/README.md                     how it works inside
`;
