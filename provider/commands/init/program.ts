// Pure: drafts as the files of a Pulumi program.

import { printableJson } from "../../printable.js";
import type { DotenvText } from "./dotenv-text.js";
import type { DraftSync, Left } from "./draft.js";
import { printLiteral } from "./literal.js";
import { code, comment } from "./names.js";
import { openFile, type ProgramFile, renderProject } from "./project-files.js";

export interface Program {
  /** The project's name: the target's, as a slug. */
  readonly name: string;
  /** What the target is, for people. */
  readonly target: string;
  /** Of this package. */
  readonly version: string;
  readonly syncs: ReadonlyArray<{ readonly sync: DraftSync; readonly dotenv: DotenvText }>;
  readonly left: readonly Left[];
}

export function renderProgram(program: Program): ProgramFile[] {
  const { name, target, version, syncs } = program;
  return [
    openFile("index.ts", renderIndex(program)),
    ...renderProject({ name, description: `Secrets of ${target}`, version }),
    openFile("MISSING.md", renderMissing(program)),
    ...syncs.map(({ sync, dotenv }) => ({ name: sync.file, text: dotenv.text, isPrivate: true })),
  ];
}

function renderIndex({ target, syncs }: Program): string {
  const blocks = syncs.map(({ sync, dotenv }) => renderSync(sync, dotenv));
  return [
    `// Takes over the variables of ${comment(target)} as they are. What is in the dotenv files is written, the rest is left alone.`,
    "",
    'import { SecretSync } from "pulumi-secret-sync";',
    "",
    ...blocks,
  ].join("\n");
}

function renderSync({ resource, file, title, destination, values, missing }: DraftSync, dotenv: DotenvText): string {
  const { left, dialect } = dotenv;
  const unheld = new Set(left.map(({ key }) => key));
  const keys = [...values.keys(), ...missing].filter((key) => !unheld.has(key)).sort();
  const args = {
    source: { type: "file", path: file, ...(dialect === undefined ? {} : { dialect }) },
    destination: dropSettings(destination, unheld),
    // Nothing that was there before is removed with the program.
    syncOptions: { adoptExisting: keys, onDestroy: "retain" },
  };
  return `// ${comment(title)}\nnew SecretSync(${printableJson(resource)}, ${printLiteral(args)});\n`;
}

function dropSettings(destination: DraftSync["destination"], keys: ReadonlySet<string>) {
  const { variables = {}, ...rest } = destination;
  const kept = Object.entries(variables).filter(([key]) => !keys.has(key));
  return kept.length === 0 ? rest : { ...rest, variables: Object.fromEntries(kept) };
}

function renderMissing({ target, syncs, left }: Program): string {
  const missing = syncs.filter(({ sync }) => sync.missing.length > 0);
  const all = [...left, ...syncs.flatMap(({ dotenv }) => dotenv.left)];
  const supply = missing.flatMap(({ sync }) => [
    `## ${code(sync.file)}: ${comment(sync.title)}`,
    "",
    ...[...sync.missing].sort().map((key) => `- [ ] ${code(key)}`),
    "",
  ]);
  const stays = all.map(({ key, title, reason }) => `- ${code(key)} (${comment(title)}): ${comment(reason)}`);
  return [
    `# Missing values of ${comment(target)}`,
    "",
    missing.length === 0
      ? "None: the platform shows every value that the program takes over."
      : "The platform does not show these values. Enter each one in the dotenv file named, and remove the `#` in front of it. Until then the variable stays as it is.",
    "",
    ...supply,
    ...(stays.length === 0
      ? []
      : ["## Left as they are", "", "No sync takes these over; the program never touches them.", "", ...stays, ""]),
  ].join("\n");
}
