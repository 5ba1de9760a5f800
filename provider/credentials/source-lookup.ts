// Pure: where a source without an explicit connection finds its credentials, per source, as data.

import { type Credentials, type CredentialSettings, nameConfig } from "./credentials.js";
import { SecretSyncError } from "../errors.js";
import { redact, type Redacted } from "../redacted.js";
import type { ConnectionApp, RemoteSourceType } from "../../schema/index.js";

/** A stack config key, and environment variables in order of lookup. */
interface Place {
  readonly config: string;
  readonly environment: readonly string[];
}

interface CredentialPlaces {
  readonly app: ConnectionApp;
  /** Ways to authenticate, each a set of credentials. The first complete one is taken; one with a part in stack configuration goes before. */
  readonly ways: readonly Readonly<Record<string, Place>>[];
  readonly endpoint: Place;
  /** The namespace of sources and connections that name none. */
  readonly namespace?: Place;
  /** A variable that makes the vendor's own tools ignore an endpoint of the environment if it is `true`. */
  readonly ignoreEndpoint?: string;
  /** The vendor's own client looks for credentials where all its tools do. */
  readonly hasOwnChain?: boolean;
}

const places = {
  infisical: {
    app: "infisical",
    ways: [
      { accessToken: { config: "infisical:token", environment: ["INFISICAL_TOKEN"] } },
      {
        clientId: { config: "infisical:clientId", environment: ["INFISICAL_UNIVERSAL_AUTH_CLIENT_ID"] },
        clientSecret: { config: "infisical:clientSecret", environment: ["INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET"] },
      },
    ],
    // In the order of the official CLI: https://infisical.com/docs/cli/usage
    endpoint: { config: "infisical:host", environment: ["INFISICAL_DOMAIN", "INFISICAL_API_URL"] },
  },
  vault: {
    app: "vault",
    ways: [{ token: { config: "vault:token", environment: ["VAULT_TOKEN", "BAO_TOKEN"] } }],
    endpoint: { config: "vault:address", environment: ["VAULT_ADDR", "BAO_ADDR"] },
    namespace: { config: "vault:namespace", environment: ["VAULT_NAMESPACE", "BAO_NAMESPACE"] },
  },
  doppler: {
    app: "doppler",
    ways: [{ serviceToken: { config: "doppler:token", environment: ["DOPPLER_TOKEN"] } }],
    endpoint: { config: "doppler:apiHost", environment: ["DOPPLER_API_HOST"] },
  },
  "aws-secrets-manager": {
    app: "aws",
    ways: [],
    endpoint: { config: "aws:secretsManagerEndpoint", environment: ["AWS_ENDPOINT_URL_SECRETS_MANAGER"] },
    ignoreEndpoint: "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    hasOwnChain: true,
  },
} satisfies Record<RemoteSourceType, CredentialPlaces>;

/**
 * The explicit connection, else stack config and the vendor's usual environment variables.
 *
 * @throws SecretSyncError `connection.missing`, `connection.wrong_app`
 */
export function findSourceCredentials(
  type: RemoteSourceType,
  explicit: Credentials | undefined,
  settings: CredentialSettings,
): Credentials {
  const place: CredentialPlaces = places[type];
  const endpoint = findEndpoint(place, settings);
  const namespace = place.namespace && findText(place.namespace, settings)?.text;
  if (explicit !== undefined) {
    if (explicit.app !== place.app) throw wrongApp(type, explicit.app, place.app);
    const foundIn = "the argument source.connection";
    return { foundIn, ...explicit, baseUrl: explicit.baseUrl ?? endpoint, namespace };
  }
  const complete = place.ways.flatMap((way) => collect(way, settings) ?? []);
  // What the stack says goes before what the shell that runs it happens to hold.
  const found = complete.find(({ isConfigured }) => isConfigured) ?? complete[0];
  if (found !== undefined) {
    const { fields, foundIn } = found;
    return { app: place.app, fields, foundIn, baseUrl: endpoint, namespace };
  }
  if (place.hasOwnChain !== true) throw missing(type, place, settings);
  return { app: place.app, fields: new Map(), baseUrl: endpoint };
}

interface Found extends Pick<Credentials, "fields"> {
  readonly foundIn: string;
  /** At least a part of them is in the stack's configuration. */
  readonly isConfigured: boolean;
}

function collect(way: Readonly<Record<string, Place>>, settings: CredentialSettings): Found | undefined {
  const fields = new Map<string, Redacted>();
  const found: FoundText[] = [];
  for (const [field, place] of Object.entries(way)) {
    const given = findText(place, settings);
    if (given === undefined) return undefined;
    fields.set(field, redact(given.text));
    found.push(given);
  }
  return {
    fields,
    foundIn: found.map(({ foundIn }) => foundIn).join(" and "),
    isConfigured: found.some((one) => one.isConfigured),
  };
}

function findEndpoint(
  { endpoint, ignoreEndpoint = "" }: CredentialPlaces,
  settings: CredentialSettings,
): string | undefined {
  const isIgnored = settings.environment[ignoreEndpoint]?.toLowerCase() === "true";
  return findText(isIgnored ? { ...endpoint, environment: [] } : endpoint, settings)?.text;
}

interface FoundText {
  readonly text: string;
  readonly foundIn: string;
  readonly isConfigured: boolean;
}

/** A variable that is set to nothing counts as not set. */
function findText({ config, environment }: Place, settings: CredentialSettings): FoundText | undefined {
  const candidates = [
    {
      text: settings.config(config),
      foundIn: `stack configuration ${nameConfig(config, settings) ?? config}`,
      isConfigured: true,
    },
    ...environment.map((name) => ({
      text: settings.environment[name],
      foundIn: `the environment variable ${name}`,
      isConfigured: false,
    })),
  ];
  return candidates.flatMap(({ text, ...rest }) => (text === undefined || text === "" ? [] : [{ ...rest, text }]))[0];
}

function wrongApp(type: RemoteSourceType, app: string, wanted: string): SecretSyncError {
  return new SecretSyncError({
    code: "connection.wrong_app",
    message: `the connection of the ${type} source has app ${JSON.stringify(app)}; give one with app ${JSON.stringify(wanted)}`,
  });
}

function missing(type: RemoteSourceType, { ways }: CredentialPlaces, settings: CredentialSettings): SecretSyncError {
  const variables = ways.map((way) =>
    Object.values(way)
      .map(({ environment }) => environment[0])
      .join(" with "),
  );
  const keys = ways.map((way) =>
    Object.values(way)
      .flatMap(({ config }) => nameConfig(config, settings) ?? [])
      .join(" with "),
  );
  const configured = keys.every((key) => key === "") ? "" : `, or the stack config ${keys.join(" or ")}`;
  const set = `set ${variables.join(" or ")}`;
  return new SecretSyncError({
    code: "connection.missing",
    message: `the ${type} source has no credentials; ${settings.isBare === true ? set : `give source.connection, or ${set}${configured}`}`,
  });
}
