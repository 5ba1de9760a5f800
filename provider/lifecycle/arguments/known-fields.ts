// Pure: which fields a shape knows, at a path of what was given, so that the report of an unknown one can say what was meant.

import type { core, ZodType } from "zod";
import { askMeant } from "../../spelling.js";

/** The parts of a schema's definition that lead further. https://zod.dev/packages/core */
interface Definition {
  readonly type: string;
  readonly shape?: Readonly<Record<string, Shape>>;
  readonly innerType?: Shape;
  readonly element?: Shape;
  readonly valueType?: Shape;
  readonly options?: readonly Shape[];
  readonly discriminator?: string;
}

type Shape = core.$ZodType;

/** A part of the arguments: its name, its shape, and what was given for it. */
export interface Part {
  readonly name: string;
  readonly schema: ZodType;
  readonly value: unknown;
}

/** What to say about one unknown field: what was meant, else where it belongs, else which fields there are. */
export function explainField(field: string, path: readonly PropertyKey[], { whole, others }: ExplainInput): string {
  const known = listFields(whole.schema, path, whole.value);
  const meant = askMeant(field, known);
  if (meant !== "") return meant;
  const home = [whole, ...others].flatMap((part) => findHomes(field, part));
  if (home.length > 0) return `; it belongs in ${home[0]}`;
  return known.length === 0 ? "" : `; valid names: ${known.join(", ")}`;
}

export interface ExplainInput {
  readonly whole: Part;
  /** Other parts that a misplaced field may belong to. */
  readonly others: readonly Part[];
}

/** The fields of the objects that are allowed at a path. */
export function listFields(schema: Shape, path: readonly PropertyKey[], value: unknown): string[] {
  const shapes = open(schema, value);
  const [step, ...rest] = path;
  if (step === undefined) return [...new Set(shapes.flatMap(({ shape }) => Object.keys(shape ?? {})))];
  const below = (value as Record<PropertyKey, unknown> | undefined)?.[step];
  return shapes.flatMap(({ shape, element, valueType }) => {
    const next = shape === undefined ? (element ?? valueType) : shape[String(step)];
    return next === undefined ? [] : listFields(next, rest, below);
  });
}

/** The names of the objects in a part that have such a field: `destination`, `destination.build`. */
export function findHomes(field: string, { name, schema, value }: Omit<Part, "schema"> & { schema: Shape }): string[] {
  return open(schema, value).flatMap(({ shape = {} }) => [
    ...(Object.hasOwn(shape, field) ? [name] : []),
    ...Object.entries(shape).flatMap(([member, inner]) =>
      findHomes(field, { name: name === "" ? member : `${name}.${member}`, schema: inner, value: undefined }),
    ),
  ]);
}

/** Unwraps a shape; for a union, takes the members that the given `type` or `app` leaves. */
function open(schema: Shape, value: unknown): Definition[] {
  const definition = schema._zod.def as unknown as Definition;
  const { innerType, options, discriminator } = definition;
  if (innerType !== undefined) return open(innerType, value);
  if (options === undefined) return [definition];
  const members = options.flatMap((one) => open(one, value));
  if (discriminator === undefined) return members;
  const chosen = (value as Record<string, unknown> | undefined)?.[discriminator];
  return members.filter(({ shape }) => shape?.[discriminator]?._zod.values?.has(chosen as string));
}

/** The member of a value at a path. */
export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((part, key) => {
    if (typeof part !== "object" || part === null) return part;
    return Object.hasOwn(part, key) ? (part as Record<PropertyKey, unknown>)[key] : undefined;
  }, value);
}
