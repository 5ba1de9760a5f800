// Pure: why a folder or a stack cannot be opened, from what the CLI says, in words that say what to do.

import type { Problem } from "../errors.js";

/** What the CLI says, and what it means for the person who called a command. */
const known: ReadonlyArray<readonly [said: RegExp, meant: (what: string) => Problem]> = [
  [
    /no Pulumi\.yaml project file found|no project file found/,
    (what) => ({
      code: "program.missing",
      message: `there is no Pulumi program in ${what} or in a folder above it; run this in the folder that has Pulumi.yaml, or name that folder`,
    }),
  ],
  [
    /pass the fully qualified name/,
    (what) => ({
      code: "program.missing",
      message: `${what} cannot be read outside of its program's folder; run this there, name that folder, or give the stack as organization/project/stack`,
    }),
  ],
  [
    /no stack named/,
    (what) => ({
      code: "stack.missing",
      message: `${what} cannot be read: there is no such stack; pulumi stack ls names those of the program`,
    }),
  ],
];

/** Undefined for anything else: then the CLI's own words are shown. */
export function explainStack(what: string, said: string): Problem | undefined {
  return known.find(([words]) => words.test(said))?.[1](what);
}
