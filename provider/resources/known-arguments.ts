// Program side: a misspelt argument of a JavaScript program is told, instead of being as good as not there.

import { RunError } from "@pulumi/pulumi";

/** @throws RunError `argument.invalid` for members that are not in `known` */
export function refuseUnknown<T extends object>(args: T, known: Readonly<Record<keyof T & string, true>>): void {
  const unknown = Object.keys(args ?? {}).filter((name) => !Object.hasOwn(known, name));
  if (unknown.length === 0) return;
  const names = unknown.map((name) => JSON.stringify(name)).join(", ");
  throw new RunError(`argument.invalid: there is no argument ${names}; there are ${Object.keys(known).join(", ")}`);
}
