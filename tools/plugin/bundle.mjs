// Bundle: the plugin and all that it needs in one file, so that it runs where nothing is installed but Node.
import path from "node:path";
import { rolldown } from "rolldown";
import { project } from "../setup/packages.mjs";

const awsSdk = "@aws-sdk/client-secrets-manager";

/** A large package that few programs need: it is looked up where the program is, as the npm package does. */
const fromProgram = `
const { createRequire } = require("node:module");
module.exports = createRequire(process.cwd() + "/package.json")("${awsSdk}");
`;

/** @type {import("rolldown").Plugin} */
const substitutes = {
  name: "substitutes",
  resolveId(source, importer) {
    if (source === awsSdk) return { id: "\0aws-sdk.cjs" };
    // Only the plugin's own: sources and destinations have modules of that name, too.
    const isPlugin = importer?.startsWith(path.join(project, "provider", "plugin") + path.sep);
    return source === "./sdk.js" && isPlugin ? { id: path.join(project, "tools", "plugin", "sdk.mjs") } : null;
  },
  load(id) {
    return id === "\0aws-sdk.cjs" ? fromProgram : null;
  },
};

/** @param {string} file */
export async function bundlePlugin(file) {
  const bundle = await rolldown({
    input: path.join(project, "provider", "plugin", "main.ts"),
    platform: "node",
    plugins: [substitutes],
    // What the SDK's packages do is their business.
    onLog: (level, log, handler) => {
      if (level !== "warn" || !/node_modules/.test(log.id ?? log.message)) handler(level, log);
    },
  });
  try {
    await bundle.write({ file, format: "cjs", codeSplitting: false, minify: true });
  } finally {
    await bundle.close();
  }
}
