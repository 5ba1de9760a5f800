// Service: the example on a real app. Preview and update; the stack stays, so that it can be destroyed.
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { project } from "../setup/packages.mjs";
import { openEngine, removeTraces } from "./engine.mjs";
import { showStep } from "./narration.mjs";

const folder = path.join(project, ".quickstart", "service");
const stack = "quickstart";

/** @param {string} app */
export async function runOnService(app) {
  console.log(`The variables QUICKSTART_DATABASE_URL, QUICKSTART_SESSION_KEY and QUICKSTART_SMTP_PASSWORD are added to the app ${app},
with made-up values. That starts one deployment of the app. Nothing else in its spec is changed.`);
  const engine = await openEngine({ folder, passphrase: readPassphrase(), settings: {} });

  showStep("A stack of its own, kept in .quickstart/service");
  await engine.run(["stack", "select", "--create", stack]);
  await engine.run(["config", "set", "appName", app]);
  // A second run keeps the value, so that it shows what has drifted and nothing else.
  if (!readFileSync(engine.configFile(stack), "utf8").includes(":databaseUrl:")) {
    const value = `postgres://web:${randomBytes(12).toString("hex")}@db.example/web`;
    await engine.run(["config", "set", "--secret", "databaseUrl"], value);
  }
  showStep("Preview: which keys would be written. Nothing is changed.");
  await engine.run(["preview", "--diff", "--suppress-progress"]);
  showStep("Update: one write, one deployment, followed to its end");
  await engine.run(["up", "--yes", "--skip-preview", "--suppress-progress"]);

  console.log(`
The drift steps are for the emulator only: edit one of the variables in the control panel and run this command again.

To remove the three variables from ${app}, which starts one more deployment:
  npm run quickstart -- --app ${app} --destroy
`);
}

/** @param {string} app */
export async function destroyOnService(app) {
  if (!existsSync(folder))
    throw new Error(`there is nothing to destroy: ${path.relative(project, folder)} does not exist`);
  console.log(
    `The variables of the quickstart are removed from the app ${app}. That starts one deployment of the app.`,
  );
  const engine = await openEngine({ folder, passphrase: readPassphrase(), settings: {} });
  showStep("Destroy");
  await engine.run(["destroy", "--yes", "--skip-preview", "--suppress-progress", "--stack", stack]);
  await engine.run(["stack", "rm", "--yes", stack]);
  removeTraces([folder]);
}

/** The passphrase encrypts fingerprints and the configuration of this one stack. */
function readPassphrase() {
  const file = path.join(folder, "passphrase");
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, randomBytes(24).toString("base64url"), { mode: 0o600 });
  }
  return readFileSync(file, "utf8");
}
