// Test side: what a shape says of a value, and examples of which every member is needed.

import type { z } from "zod";

/** What is wrong with a value, as people are told it; empty where nothing is. */
export function complaints(shape: z.ZodType, value: unknown): string[] {
  const { error } = shape.safeParse(value);
  return (error?.issues ?? []).map((issue) => [issue.path.join("."), issue.message].filter(Boolean).join(": "));
}

type Members = Readonly<Record<string, unknown>>;

/** The same without each of its members, by the name of the member. */
export function withoutEach(value: Members): Array<[string, Members]> {
  return Object.keys(value).map((name) => [
    name,
    Object.fromEntries(Object.entries(value).filter(([other]) => other !== name)),
  ]);
}
