// Pure: moved syncs as the files of a Pulumi program.

import { printableJson } from "../../../printable.js";
import { code, printLiteral } from "../literal.js";
import { comment } from "../names.js";
import { openFile, type ProgramFile, renderProject } from "../project-files.js";
import { type ConnectionToWrite, type InfisicalProgram, listConnections, type SyncToWrite } from "./moved-project.js";
import { renderNotes } from "./notes.js";

export function renderInfisicalProgram(program: InfisicalProgram): ProgramFile[] {
  const connections = listConnections(program.syncs);
  const { name, project, version } = program;
  return [
    openFile("index.ts", renderIndex(program, connections)),
    ...renderProject({ name, description: `Secret syncs of ${project}`, version }),
    openFile("MIGRATION.md", renderNotes(program, connections)),
  ];
}

function renderIndex({ project, syncs }: InfisicalProgram, connections: readonly ConnectionToWrite[]): string {
  return [
    `// Does what the secret syncs of ${comment(project)} did in Infisical. MIGRATION.md says in which order one takes the other's place.`,
    "",
    'import * as pulumi from "@pulumi/pulumi";',
    'import { Connection, SecretSync } from "pulumi-secret-sync";',
    "",
    "const config = new pulumi.Config();",
    "",
    ...connections.map(renderConnection),
    ...syncs.map((sync) => renderSync(sync, connections)),
  ].join("\n");
}

const credentials = {
  "digital-ocean": { method: "api-token", field: "apiToken" },
  netlify: { method: "access-token", field: "accessToken" },
} as const;

function renderConnection({ name, description, app, variable, config }: ConnectionToWrite): string {
  const { method, field } = credentials[app];
  const args = {
    app,
    method,
    description,
    credentials: { [field]: code(`config.requireSecret(${printableJson(config)})`) },
  };
  return `const ${variable} = new Connection(${printableJson(name)}, ${printLiteral(args)});\n`;
}

function renderSync(sync: SyncToWrite, connections: readonly ConnectionToWrite[]): string {
  const { name, description, isEnabled, source, options, looked } = sync;
  const variable = connections.find(({ id }) => id === sync.connection.id)?.variable;
  const { type, ...place } = looked?.destination ?? sync.destination;
  const args = {
    description,
    ...(isEnabled ? {} : { isEnabled }),
    source,
    destination: { type, connection: code(variable ?? "undefined"), ...place },
    // As in Infisical, the keys stay where they are when the sync is removed.
    syncOptions: { ...options, adoptExisting: listAdopted(sync), onDestroy: "retain" },
  };
  const different = looked?.comparison.different ?? [];
  return [
    ...(different.length === 0
      ? []
      : [`// Not adopted, because their values differ at the destination: ${comment(different.join(", "))}.`]),
    `new SecretSync(${printableJson(name)}, ${printLiteral(args)});\n`,
  ].join("\n");
}

/** Names what was seen there, so that a key that somebody else adds meanwhile is a conflict, not a loss. */
function listAdopted({ looked }: SyncToWrite): true | string[] {
  if (looked === undefined) return true;
  const { same, hidden } = looked.comparison;
  return [...same, ...hidden].sort();
}
