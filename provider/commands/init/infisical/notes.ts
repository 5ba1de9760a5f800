// Pure: MIGRATION.md, what a person needs to know to replace Infisical's own syncs with the program.

import { nameApp } from "./apps.js";
import { code, comment } from "../names.js";
import type { ConnectionToWrite, InfisicalProgram, SyncToWrite } from "./moved-project.js";

export function renderNotes(
  { project, syncs, left }: InfisicalProgram,
  connections: readonly ConnectionToWrite[],
): string {
  return [
    `# From Infisical's secret syncs of ${comment(project)} to this program`,
    "",
    "Two writers of the same keys would undo each other's work. In this order only one of them writes at any time:",
    "",
    "1. Switch auto-sync off in Infisical, for each sync below. Do not delete one yet: a sync that is deleted with its secrets takes them away.",
    "2. `npm install`, `pulumi stack init`, and a token for each connection, because Infisical shows none:",
    "",
    "   ```sh",
    ...connections.map(({ config, app }) => `   pulumi config set --secret ${config} # ${nameApp(app)}`),
    "   ```",
    "",
    "   The source reads with `INFISICAL_UNIVERSAL_AUTH_CLIENT_ID` and `INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET`, or `INFISICAL_TOKEN`.",
    "3. `pulumi preview`: the keys listed below are adopted, and nothing is removed. Readable values that are the same are not written; what the platform never shows is sent again.",
    "4. `pulumi up`.",
    "5. Delete the syncs in Infisical **without** removing their secrets. Then set `adoptExisting` to `false`.",
    "",
    ...syncs.flatMap(renderSync),
    ...(left.length === 0
      ? []
      : ["## Not in the program", "", ...left.map(({ name, reason }) => `- ${code(name)}: ${comment(reason)}`), ""]),
  ].join("\n");
}

function renderSync({ name, differences, looked, unread }: SyncToWrite): string[] {
  return [
    `## ${code(name)}`,
    "",
    ...(looked === undefined
      ? [
          "- `adoptExisting` is `true`, because the keys could not be compared:",
          ...unread.map((reason) => `  ${comment(reason)}`),
        ]
      : listKeys(looked.comparison)),
    ...(looked?.outdatedName === undefined
      ? []
      : [`- the name that Infisical shows is outdated and left out here: ${comment(looked.outdatedName)}`]),
    ...differences.map((difference) => `- ${comment(difference)}`),
    "",
  ];
}

function listKeys(comparison: NonNullable<SyncToWrite["looked"]>["comparison"]): string[] {
  const { same, hidden, different, odd, missing, foreign } = comparison;
  const line = (keys: readonly string[], what: string) =>
    keys.length === 0 ? [] : [`- ${what}: ${keys.map(code).join(", ")}`];
  return [
    ...line(same, "adopted, and the value is the same"),
    ...line(hidden, "adopted, and sent again, because the platform shows no value to compare"),
    ...line(
      different,
      "**not adopted, because the value at the destination is another one**; name the key in `adoptExisting` to write the one of Infisical",
    ),
    ...odd.map(({ key, reason }) => `- not adopted: ${code(key)}: ${comment(reason)}`),
    ...line(missing, "not at the destination yet, and will be added"),
    ...line(foreign, "at the destination and not in the folder: not owned, and left in place"),
  ];
}
