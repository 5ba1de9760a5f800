// Program side: distinguishes plain objects from everything else, because Pulumi passes a Map, a Set, a Date or a function on as {}.

import * as pulumi from "@pulumi/pulumi";

/** Whether a value is an object like `{}`, of any realm. */
export function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null) return true;
  return Object.getPrototypeOf(prototype) === null && Object.prototype.toString.call(value) === "[object Object]";
}

/** @throws RunError `argument.invalid` with the name of the argument, and never with what it holds */
export function requirePlain(value: unknown, name: string): asserts value is Readonly<Record<string, unknown>> {
  if (isPlain(value)) return;
  if (value === undefined && name !== "the second argument")
    throw invalid(`${name} is missing; it must be a plain object`);
  throw invalid(`${name} must be a plain object, but is ${nameKind(value)}; its members may be outputs`);
}

/**
 * Looks at the arguments at every depth, as far as they are known in the program.
 *
 * @throws RunError `argument.invalid` for what would lose its content on the way to the provider
 */
export function refuseOddData(value: unknown, name: string): void {
  if (isLater(value) || value === null || /^(?:string|number|boolean|undefined)$/.test(typeof value)) return;
  if (Array.isArray(value)) value.forEach((one, index) => refuseOddData(one, `${name}[${index}]`));
  else if (isPlain(value))
    for (const [member, one] of Object.entries(value)) refuseOddData(one, name === "" ? member : `${name}.${member}`);
  else throw invalid(`${name} must be plain data, but is ${nameKind(value)}`);
}

/** Whether all of it is known in the program. */
export function isKnown(value: unknown): boolean {
  if (isLater(value)) return false;
  return typeof value !== "object" || value === null || Object.values(value).every(isKnown);
}

/** Whether a value is known later: only the provider sees it. */
export function isLater(value: unknown): value is pulumi.Output<unknown> | Promise<unknown> {
  return pulumi.Output.isInstance(value) || value instanceof Promise;
}

/**
 * A map of texts. One that is known later becomes null if it is not a plain object, and the provider refuses null by name.
 * `pulumi.output(new Map())` has lost its content before anybody can look, so an output without members is refused, too.
 *
 * @throws RunError `argument.invalid`
 */
export function requireMap(map: unknown, name: string): Readonly<Record<string, unknown>> | pulumi.Output<unknown> {
  const isFilled = (value: unknown) => isPlain(value) && Object.keys(value).length > 0;
  if (isLater(map)) return keepPlain(map, isFilled);
  if (isPlain(map)) return map;
  throw invalid(
    `${name} must be a plain object of strings, but is ${nameKind(map)}; parse JSON first (JSON.parse), and convert a Map with Object.fromEntries`,
  );
}

/** A value that is known later, or null if it is of another kind. A promise can be looked at before Pulumi takes it apart. */
export function keepPlain(
  later: pulumi.Output<unknown> | Promise<unknown>,
  isRight: (value: unknown) => boolean = (value) => value === undefined || isPlain(value),
): pulumi.Output<unknown> {
  const keep = (value: unknown) => (isRight(value) ? value : null);
  if (!(later instanceof Promise)) return pulumi.output(later.apply(keep));
  return pulumi.output(
    later.then((value) =>
      isLater(value) ? keepPlain(value, isRight) : isPlain(value) || value === undefined ? value : null,
    ),
  );
}

/** The kind of a value, with none of its content. */
function nameKind(value: unknown): string {
  if (value === undefined) return "missing";
  if (value === null) return "null";
  if (isLater(value)) return "an output or a promise";
  if (Array.isArray(value)) return "a list";
  if (typeof value !== "object") return `a ${typeof value}`;
  return "an instance of a class";
}

function invalid(text: string): Error {
  return new pulumi.RunError(`argument.invalid: ${text}`);
}
