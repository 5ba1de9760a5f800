// Pure leaf: the names of the resources' arguments, and what to say about any other name. The program and the plugin refuse it in the
// same words.

import { askMeant } from "./spelling.js";

type Names = Readonly<Record<string, true>>;

export interface ArgumentNames {
  readonly known: Names;
  /** Fields of the arguments' own objects: for one that is a level too high, the message says where it belongs. */
  readonly within: Readonly<Record<string, Names>>;
}

/** The arguments of a SecretSync. A `type` or a `connection` may be meant for the source or for the destination. */
export const syncArguments = {
  known: { name: true, description: true, source: true, destination: true, syncOptions: true, isEnabled: true },
  within: {
    syncOptions: {
      initialSyncBehavior: true,
      keySchema: true,
      disableSecretDeletion: true,
      adoptExisting: true,
      deletionLimit: true,
      onDestroy: true,
      environment: true,
      emptyValues: true,
      autoSyncEnabled: true,
    },
    destination: {
      appId: true,
      appName: true,
      components: true,
      scope: true,
      variableType: true,
      variables: true,
      deployment: true,
      allowBindables: true,
      siteId: true,
      siteName: true,
      accountId: true,
      accountName: true,
      level: true,
      contexts: true,
      context: true,
      branch: true,
      isSecret: true,
      scopes: true,
      build: true,
      functionsLimit: true,
    },
  },
} as const satisfies ArgumentNames;

/** The arguments of a Connection. The last four have one permitted value each, and stand for themselves where a program is taken over. */
export const connectionArguments = {
  known: {
    app: true,
    method: true,
    credentials: true,
    name: true,
    description: true,
    baseUrl: true,
    isPlatformManagedCredentials: true,
    isAutoRotationEnabled: true,
    gatewayId: true,
    rotation: true,
  },
  within: {
    credentials: {
      apiToken: true,
      accessToken: true,
      clientId: true,
      clientSecret: true,
      token: true,
      namespace: true,
      roleId: true,
      secretId: true,
      serviceToken: true,
      accessKeyId: true,
      secretAccessKey: true,
      sessionToken: true,
    },
  },
} as const satisfies ArgumentNames;

/** One sentence for each unknown name, without a code; for a name of the arguments' own objects, it says where it belongs. */
export function refuseNames(names: readonly string[], { known, within }: ArgumentNames): string[] {
  const unknown = names.filter((name) => !Object.hasOwn(known, name));
  return unknown.map((name) => `there is no argument ${JSON.stringify(name)}${explain(name, { known, within })}`);
}

function explain(name: string, { known, within }: ArgumentNames): string {
  const home = Object.keys(within).find((part) => Object.hasOwn(within[part] ?? {}, name));
  if (home !== undefined) return `; it belongs in ${home}`;
  return explainName(name, Object.keys(known));
}

/** The name that was probably meant, else all valid names. */
export function explainName(name: string, names: readonly string[]): string {
  return askMeant(name, names) || `; valid names: ${names.join(", ")}`;
}
