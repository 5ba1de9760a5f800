// Program side: reports a misspelt argument of a JavaScript program, which would otherwise have no effect.

import { RunError } from "@pulumi/pulumi";
import { type ArgumentNames, refuseNames } from "../argument-names.js";

/** @throws RunError `argument.invalid` for members that are not among the names */
export function refuseUnknown(args: object, names: ArgumentNames): void {
  const told = refuseNames(Object.keys(args ?? {}), names);
  if (told.length > 0) throw new RunError(`argument.invalid: ${told.join("; ")}`);
}

/**
 * Names the resource in errors about its arguments, because the CLI reports an error of the program at the stack.
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
