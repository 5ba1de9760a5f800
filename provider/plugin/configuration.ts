// Pure: the configuration of the provider: `secret-sync:*` of the stack, or the arguments of an explicit provider.

import { explainName } from "../argument-names.js";
import { providerSettings } from "../credentials/destination-lookup.js";
import type { Problem } from "../errors.js";
import { nameKind } from "../lifecycle/arguments/issues.js";
import { type Properties, secret } from "../lifecycle/engine/wire.js";
import { openPlain } from "./envelopes.js";

/** What the engine itself adds to a provider's inputs. */
const ofEngine = new Set([
  "version",
  "pluginDownloadURL",
  "pluginChecksums",
  "__internal",
  "__pulumi-go-provider-infer",
]);

/** The same values; every token is a secret, whatever the program says. */
export function checkConfiguration(news: Properties): { inputs: Properties; problems: readonly Problem[] } {
  const given = openPlain(news);
  const names = Object.keys(given).filter((name) => given[name] !== undefined && given[name] !== null);
  const inputs = Object.entries(news).map(([name, value]) => {
    const isSecret = findSetting(name)?.isSecret === true && names.includes(name);
    return [name, isSecret ? secret(given[name]) : value] as const;
  });
  const odd = names.filter((name) => findSetting(name) !== undefined && typeof given[name] !== "string");
  const unknown = names.filter((name) => findSetting(name) === undefined && !ofEngine.has(name));
  const problems = [...odd.map((name) => refuseKind(name, given[name])), ...unknown.map(refuse)];
  return { inputs: Object.fromEntries(inputs), problems };
}

function findSetting(name: string) {
  return Object.hasOwn(providerSettings, name) ? providerSettings[name] : undefined;
}

/** Left out, it would let the environment decide whose account is written to. */
function refuseKind(name: string, value: unknown): Problem {
  const message = `the provider's setting ${JSON.stringify(name)} must be a string, not ${nameKind(value)}`;
  return { code: "argument.invalid", message };
}

function refuse(name: string): Problem {
  const meant = explainName(name, Object.keys(providerSettings));
  return { code: "argument.invalid", message: `the provider has no setting ${JSON.stringify(name)}${meant}` };
}

/** Looks a setting up under the key that the stack's own configuration has for it. An empty token is one, and nothing takes its place. */
export function readConfiguration(args: Properties): (key: string) => string | undefined {
  const given = openPlain(args);
  const byKey = Object.entries(providerSettings).map(([name, { key }]) => [key, given[name]] as const);
  const settings = new Map(byKey.filter((entry): entry is [string, string] => typeof entry[1] === "string"));
  return (key) => settings.get(key);
}

/** The setting of the provider that means the same as a key of the stack's own configuration; a source has none. */
export function nameSetting(key: string): string | undefined {
  const [name] = Object.entries(providerSettings).find(([, setting]) => setting.key === key) ?? [];
  return name === undefined ? undefined : `secret-sync:${name}`;
}
