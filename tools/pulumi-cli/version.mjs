// Versions: which CLI is wanted, read from the Go module files so that they are the only place to raise it.
import { readFileSync } from "node:fs";

/** The oldest CLI that the SDK's peer range allows. */
export const oldestAccepted = "3.216.0";

/**
 * The first `1.2.3` in a text, whatever stands around it ("v3.259.0\n", "go version go1.26.8 linux/amd64").
 * @param {string} text
 * @returns {string | undefined}
 */
export function parseVersion(text) {
  const match = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
  return match ? `${match[1]}.${match[2]}.${match[3] ?? 0}` : undefined;
}

/**
 * @param {string} version
 * @param {string} minimum
 */
export function isAtLeast(version, minimum) {
  const have = version.split(".").map(Number);
  const need = minimum.split(".").map(Number);
  const differing = need.findIndex((part, index) => part !== have[index]);
  return differing === -1 || (have[differing] ?? 0) > (need[differing] ?? 0);
}

/**
 * What a wrapper module asks for: its one requirement from the vendor, and the Go it needs.
 * @param {URL} moduleFile
 */
function readModule(moduleFile) {
  const text = readFileSync(moduleFile, "utf8");
  const required = /^require github\.com\/pulumi\/pulumi\/\S+ v(\S+)$/m.exec(text)?.[1];
  const go = /^go (\S+)$/m.exec(text)?.[1];
  if (!required || !go) throw new Error(`${moduleFile.pathname} lacks a go line or its requirement on pulumi`);
  return { required, go };
}

export const cliModule = readModule(new URL("cli/go.mod", import.meta.url));
export const languageHostModule = readModule(new URL("language-host/go.mod", import.meta.url));

/** The version that is downloaded or built. */
export const wantedVersion = cliModule.required;
