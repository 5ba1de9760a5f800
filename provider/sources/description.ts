// Pure: a source in people's words, per type, from its arguments alone. Names and places, no values, no arguments of commands.

import type { Source, SourceType } from "../../schema/index.js";

export interface SourceDescription {
  /** What kind of source it is. */
  readonly kind: string;
  /** Which one. */
  readonly what: string;
  /** Whether the same arguments always mean the same source. If not, it depends on the connection or on the sync. */
  readonly isUnique: boolean;
}

type Descriptions = { readonly [T in SourceType]: (source: Extract<Source, { type: T }>) => SourceDescription };

const descriptions: Descriptions = {
  inline: () => ({ kind: "inline", what: "values of the program", isUnique: false }),
  file: ({ path }) => ({ kind: "file", what: path, isUnique: true }),
  // The rest of a command may hold more than names.
  exec: ({ command }) => ({ kind: "command", what: command[0] ?? "", isUnique: true }),
  environment: ({ prefix, variables = [] }) => ({
    kind: "environment",
    what: prefix === undefined ? variables.join(", ") : `${prefix}*`,
    isUnique: true,
  }),
  infisical: ({ projectId, environment, secretPath = "/" }) => ({
    kind: "Infisical",
    what: `${projectId} ${environment} ${secretPath}`,
    isUnique: true,
  }),
  vault: ({ mount = "secret", path, paths = [] }) => ({
    kind: "Vault",
    what: (path === undefined ? paths : [path]).map((one) => `${mount}/${one}`).join(", "),
    isUnique: false,
  }),
  doppler: ({ project, config }) => ({
    kind: "Doppler",
    what: project === undefined ? "the config of the token" : `${project} ${config ?? ""}`,
    isUnique: false,
  }),
  "aws-secrets-manager": ({ region, secretId, secretIds = [] }) => ({
    kind: "AWS Secrets Manager",
    what: [...(secretId === undefined ? secretIds : [secretId]), ...(region === undefined ? [] : [`(${region})`])].join(
      " ",
    ),
    isUnique: false,
  }),
};

/** The same within a sentence: `new value (from secrets.env)`. */
export function nameSource(source: Source): string {
  const { kind, what } = describeSource(source);
  if (source.type === "file") return what;
  if (source.type === "inline") return "the program";
  return source.type === "environment" ? "the environment" : `${kind} ${what}`.trim();
}

export function describeSource(source: Source): SourceDescription {
  // The type picks the description, so the source fits.
  return (descriptions[source.type] as (source: Source) => SourceDescription)(source);
}
