// Credentials that are missing, in the words of the plugin: it has settings of its own for destinations, and none for sources.

import { expect, test } from "vitest";
import { findCredentials } from "../../provider/credentials/destination-lookup.js";
import { findSourceCredentials } from "../../provider/credentials/source-lookup.js";
import { nameSetting, readConfiguration } from "../../provider/plugin/configuration.js";

const settings = { config: readConfiguration({}), nameConfig: nameSetting, environment: {} };

test.each([
  ["digital-ocean-app-platform", "digitaloceanToken", "DIGITALOCEAN_TOKEN"],
  ["netlify", "netlifyToken", "NETLIFY_AUTH_TOKEN"],
] as const)("of %s are asked for by the name of the provider's setting", (type, setting, variable) => {
  expect(() => findCredentials(type, undefined, settings)).toThrow(
    `connection.missing: no credentials found for ${type}; give destination.connection, ` +
      `run "pulumi config set --secret secret-sync:${setting}", or set ${variable}`,
  );
});

test("that a setting gives are told as coming from there", () => {
  const config = readConfiguration({ netlifyToken: "canary" });
  const found = findCredentials("netlify", undefined, { ...settings, config });
  expect(found.foundIn).toBe("stack configuration secret-sync:netlifyToken");
});

test("of a source are asked for in the environment alone", () => {
  expect(() => findSourceCredentials("doppler", undefined, settings)).toThrow(
    /^connection.missing: the doppler source has no credentials; give source.connection, or set DOPPLER_TOKEN$/,
  );
});
