// Program side: a misspelt argument of a JavaScript program is told, instead of being as good as not there.

import { RunError } from "@pulumi/pulumi";
import { askMeant } from "../spelling.js";

type Names = Readonly<Record<string, true>>;

export interface KnownArguments<T> {
  readonly known: Readonly<Record<keyof T & string, true>>;
  /** Fields of the arguments' own objects: what stands one level too high is told where it belongs. */
  readonly within?: Readonly<Record<string, Names>>;
}

/** @throws RunError `argument.invalid` for members that are not in `known` */
export function refuseUnknown<T extends object>(args: T, { known, within = {} }: KnownArguments<T>): void {
  const unknown = Object.keys(args ?? {}).filter((name) => !Object.hasOwn(known, name));
  if (unknown.length === 0) return;
  const names = Object.keys(known);
  const told = unknown.map((name) => `there is no argument ${JSON.stringify(name)}${explain(name, { names, within })}`);
  throw new RunError(`argument.invalid: ${told.join("; ")}`);
}

function explain(
  name: string,
  { names, within }: { names: string[]; within: Readonly<Record<string, Names>> },
): string {
  const home = Object.keys(within).find((part) => Object.hasOwn(within[part] ?? {}, name));
  if (home !== undefined) return `; it belongs in ${home}`;
  return askMeant(name, names) || `; there are ${names.join(", ")}`;
}

/**
 * Names the resource in whatever its arguments make wrong: the CLI reports an error of the program at the stack.
 *
 * @throws RunError with the resource before the sentence
 */
export function nameInErrors<T>(resource: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const [, code, sentence] = (RunError.isInstance(error) && coded.exec(error.message)) || [];
    throw code === undefined ? error : new RunError(`${code}: ${resource}: ${sentence}`);
  }
}

const coded = /^([a-z]+\.[a-z_]+): ([^]*)$/;
