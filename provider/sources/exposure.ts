// IO side: what a person should know about a source besides its values: a file of secrets that git has, or would take.

import path from "node:path";
import type { Source } from "../../schema/index.js";
import type { SourceOptions } from "./source.js";

/** A warning, once for each file and process. */
export type AdviseOnSource = (source: Source) => Promise<string | undefined>;

/** Asks git about a file. */
type ReadGitState = (
  file: string,
  environment: SourceOptions["environment"],
) => Promise<{ readonly state: "tracked" | "exposed"; readonly linked: string | undefined } | undefined>;

/** @param loadGit is called on first need */
export function createSourceAdviser(
  { environment, directory }: Omit<SourceOptions, "secrets">,
  loadGit: () => Promise<ReadGitState>,
): AdviseOnSource {
  const told = new Set<string>();
  return async (source) => {
    if (source.type !== "file" || source.allowTracked === true) return undefined;
    const file = path.resolve(directory, source.path);
    if (told.has(file)) return undefined;
    told.add(file);
    const readGitState = await loadGit();
    const found = await readGitState(file, environment);
    return describe(found?.linked ?? source.path, found?.state);
  };
}

function describe(name: string, state: "tracked" | "exposed" | undefined): string | undefined {
  const anyway = "or set allowTracked where its values are not secret";
  switch (state) {
    case "tracked":
      return `${name} is tracked by git, so whoever sees the repository sees its values: run git rm --cached ${name}, add it to .gitignore, and replace what was committed; ${anyway}`;
    case "exposed":
      return `${name} is not ignored by git, and the next commit may hold its values: add it to .gitignore, ${anyway}`;
    case undefined:
      return undefined;
  }
}
