// Pure: the files of a Pulumi project around its program, the same for everything that `init` writes.

import { printableJson } from "../../printable.js";
import { comment } from "./names.js";

export interface ProgramFile {
  readonly name: string;
  readonly text: string;
  /** Holds values: only its owner may read it. */
  readonly isPrivate: boolean;
}

export function openFile(name: string, text: string): ProgramFile {
  return { name, text, isPrivate: false };
}

export interface Project {
  /** A slug. */
  readonly name: string;
  readonly description: string;
  /** Of this package. */
  readonly version: string;
}

export function renderProject({ name, description, version }: Project): ProgramFile[] {
  const json = (value: unknown) => `${printableJson(value, 2)}\n`;
  return [
    // A YAML text between double quotes is a JSON text. Unquoted, a name may be read as a number.
    openFile("Pulumi.yaml", yaml({ name, description: comment(description), runtime: "nodejs" })),
    openFile("package.json", json(readManifest(name, version))),
    openFile("tsconfig.json", json(compilerSettings)),
    openFile(".gitignore", "node_modules/\n*.env\n"),
  ];
}

function yaml(fields: Readonly<Record<string, string>>): string {
  return Object.entries(fields)
    .map(([name, text]) => `${name}: ${printableJson(text)}\n`)
    .join("");
}

/** The same ranges as in the package's examples. */
function readManifest(name: string, version: string) {
  return {
    name,
    private: true,
    main: "index.ts",
    dependencies: { "@pulumi/pulumi": "^3.216.0", "pulumi-secret-sync": `^${version}` },
    devDependencies: { "@types/node": "^22.20.0", typescript: "^6.0.3" },
  };
}

const compilerSettings = {
  compilerOptions: {
    target: "es2023",
    module: "nodenext",
    moduleResolution: "nodenext",
    types: ["node"],
    strict: true,
    noEmit: true,
    skipLibCheck: true,
  },
  include: ["*.ts"],
};
