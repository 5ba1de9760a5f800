// Pure, schema: the small grammars that several shapes share.

import { z } from "zod";

/** Lower-case words joined by single hyphens, the rule of the reference documents for names. */
export const slugPattern = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** A slug of at most `max` characters. */
export function slug(max: number) {
  return z
    .string()
    .min(1, "must not be empty")
    .max(max, `must have at most ${max} characters`)
    .regex(slugPattern, "must be a slug: lower-case letters, digits and single hyphens");
}

/** A free text of at most 256 characters. */
export const description = z.string().max(256, "must have at most 256 characters");

/** A non-empty text. */
export const text = z.string().min(1, "must not be empty");

/** Glob patterns over source keys. */
export const globs = z.array(text);

/** Members that every source has. */
export const sourceFilters = {
  /** Globs on source keys; only matching keys are taken. Default: all. */
  include: globs.min(1, "must hold at least one pattern; leave it out for all keys").optional(),
  /** Globs on source keys; matching keys are left out, after `include`. */
  exclude: globs.optional(),
  /** Keys whose values may be references or ciphertexts of other tools. Default: none. */
  allowReferences: z.array(text).optional(),
};
