// Leaf: which Node the package runs on. It loads nothing, because an older Node cannot load what the package needs.

import type { Problem } from "./errors.js";

/** As in `engines` of package.json. undici 8 needs 22.19 and fails on an older one with a message that names no cause. */
const oldest = { major: 22, minor: 19 };

/** Why this version of Node cannot run the package; undefined if it can. */
export function findNodeProblem(version: string): Problem | undefined {
  const [major = Number.NaN, minor = Number.NaN] = version.split(".").map(Number);
  if (major > oldest.major || (major === oldest.major && minor >= oldest.minor)) return undefined;
  return {
    code: "node.unsupported",
    message: `this is Node ${version}, and pulumi-secret-sync needs ${oldest.major}.${oldest.minor} or newer; install it and put it first on the PATH`,
  };
}
