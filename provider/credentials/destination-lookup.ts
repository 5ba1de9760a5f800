// Pure: where a sync without an explicit connection finds its token, per destination, as data.

import { SecretSyncError } from "../errors.js";
import { redact } from "../redacted.js";
import type { Connection, ConnectionApp, DestinationType } from "../../schema/index.js";
import { destinationTokenVariables } from "../withheld-variables.js";
import { type Credentials, type CredentialSettings, nameConfig, resolveCredentials } from "./credentials.js";

interface CredentialPlaces {
  readonly app: ConnectionApp;
  /** Name of the credential within a connection. */
  readonly field: string;
  readonly config: string;
  readonly environment: readonly string[];
  readonly endpointConfig: string;
  readonly endpointEnvironment: string;
  /** The same two as settings of the provider, if it has settings. */
  readonly settings: { readonly token: string; readonly endpoint: string };
}

const places = {
  "digital-ocean-app-platform": {
    app: "digital-ocean",
    field: "apiToken",
    config: "digitalocean:token",
    environment: destinationTokenVariables["digital-ocean-app-platform"],
    endpointConfig: "digitalocean:apiEndpoint",
    endpointEnvironment: "DIGITALOCEAN_API_URL",
    settings: { token: "digitaloceanToken", endpoint: "digitaloceanApiUrl" },
  },
  netlify: {
    app: "netlify",
    field: "accessToken",
    config: "netlify:token",
    environment: destinationTokenVariables.netlify,
    endpointConfig: "netlify:apiEndpoint",
    endpointEnvironment: "NETLIFY_API_URL",
    settings: { token: "netlifyToken", endpoint: "netlifyApiUrl" },
  },
} satisfies Record<DestinationType, CredentialPlaces>;

/** Settings of the provider by their name, with the key of the stack's configuration that means the same. */
export const providerSettings: Readonly<Record<string, { readonly key: string; readonly isSecret: boolean }>> =
  Object.fromEntries(
    Object.values<CredentialPlaces>(places).flatMap(({ settings, config, endpointConfig }) => [
      [settings.token, { key: config, isSecret: true }],
      [settings.endpoint, { key: endpointConfig, isSecret: false }],
    ]),
  );

/** The app of the connections that a destination takes. */
export function nameApp(type: DestinationType): ConnectionApp {
  return places[type].app;
}

/** The explicit connection, else stack config, else the vendor's usual environment variables. */
export function findCredentials(
  type: DestinationType,
  explicit: Credentials | undefined,
  settings: CredentialSettings,
): Credentials {
  const place: CredentialPlaces = places[type];
  const endpoint = findEndpoint(place, settings);
  if (explicit !== undefined) {
    if (explicit.app !== place.app) throw wrongApp(type, explicit.app, place.app);
    return { foundIn: "the argument destination.connection", ...explicit, baseUrl: explicit.baseUrl ?? endpoint };
  }
  const found = findToken(place, settings);
  if (found === undefined) throw missing(type, place, settings);
  const { token, foundIn } = found;
  return { app: place.app, fields: new Map([[place.field, redact(token)]]), baseUrl: endpoint, foundIn };
}

/** What an import may mean: the connections of the program for this platform, and what a sync without one takes. */
export function listCredentials(
  type: DestinationType,
  connections: readonly Connection[],
  settings: CredentialSettings,
): Credentials[] {
  const place: CredentialPlaces = places[type];
  const given = connections.filter(({ app }) => app === place.app).map(resolveCredentials);
  const isFound = findToken(place, settings) !== undefined;
  if (given.length === 0 && !isFound) throw missing(type, place, { ...settings, isImport: true });
  const foundIn = "a Connection of this program";
  return [...given.map((explicit) => ({ ...explicit, foundIn })), ...(isFound ? [undefined] : [])].map((explicit) =>
    findCredentials(type, explicit, settings),
  );
}

function findToken(
  { config, environment }: CredentialPlaces,
  settings: CredentialSettings,
): { token: string; foundIn: string } | undefined {
  const candidates = [
    { token: settings.config(config), foundIn: `stack configuration ${nameConfig(config, settings) ?? config}` },
    ...environment.map((name) => ({
      token: settings.environment[name],
      foundIn: `the environment variable ${name}`,
    })),
  ];
  const given = candidates.find(({ token }, index) => token !== undefined && (index === 0 || token !== ""));
  return given?.token ? { token: given.token, foundIn: given.foundIn } : undefined;
}

/** The same for the proof of a connection: a token for an emulator or a proxy must not go to the public host. */
export function addEndpoint(credentials: Credentials, settings: CredentialSettings): Credentials {
  const place = Object.values<CredentialPlaces>(places).find(({ app }) => app === credentials.app);
  if (place === undefined || credentials.baseUrl !== undefined) return credentials;
  return { ...credentials, baseUrl: findEndpoint(place, settings) };
}

/** One that is set to nothing counts as not set. */
function findEndpoint(place: CredentialPlaces, { config, environment }: CredentialSettings): string | undefined {
  return config(place.endpointConfig) || environment[place.endpointEnvironment] || undefined;
}

function wrongApp(type: DestinationType, app: string, wanted: string): SecretSyncError {
  return new SecretSyncError({
    code: "connection.wrong_app",
    message: `a ${type} destination needs a connection with app ${JSON.stringify(wanted)}, not ${JSON.stringify(app)}`,
  });
}

function missing(
  type: DestinationType,
  { config, environment }: CredentialPlaces,
  settings: CredentialSettings & { readonly isImport?: boolean },
): SecretSyncError {
  const key = nameConfig(config, settings);
  const setting = key === undefined ? "" : `run "pulumi config set --secret ${key}", `;
  const others = settings.isBare === true ? "" : `${nameArgument(settings)}${setting}or `;
  const message = `no credentials found for ${type}; ${others}set ${environment.join(" or ")}`;
  return new SecretSyncError({ code: "connection.missing", message });
}

function nameArgument({ isImport = false }: { readonly isImport?: boolean }): string {
  return isImport ? "an import does not see the arguments of its sync; " : "give destination.connection, ";
}
