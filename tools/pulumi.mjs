// Pulumi: runs the project's own CLI, `npm run pulumi -- preview`, with the project's own Node on PATH.
import { spawn } from "node:child_process";
import { cliEnvironment, ensurePulumi } from "./pulumi-cli/index.mjs";

const cli = await ensurePulumi({ log: (line) => console.error(`pulumi-cli: ${line}`) });
const child = spawn("pulumi", process.argv.slice(2), { env: cliEnvironment(cli), stdio: "inherit" });
// The terminal sends the signal to both; this one waits for the CLI to end the update in order.
process.on("SIGINT", () => {});
child.on("error", (error) => {
  console.error(error.message);
  process.exitCode = 1;
});
child.on("close", (code) => {
  process.exitCode = code ?? 1;
});
