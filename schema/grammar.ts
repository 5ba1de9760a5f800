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
  include: globs.optional(),
  /** Globs on source keys; matching keys are left out, after `include`. */
  exclude: globs.optional(),
};

/**
 * The vendor's origin. Plain http only to loopback: a token sent in clear to any other host is lost.
 * A trailing `/v2` or `/api/v1` is tolerated, because that is how vendors print their endpoints.
 */
export const baseUrl = z.string().superRefine((value, context) => {
  const url = parseUrl(value);
  if (!url) {
    context.addIssue({ code: "custom", message: "must be an absolute http(s) url" });
    return;
  }
  if (url.protocol === "http:" && !isLoopback(url.hostname)) {
    context.addIssue({ code: "custom", message: "plain http is only allowed to loopback; use https" });
  }
  if (url.username || url.password || url.search || url.hash) {
    context.addIssue({ code: "custom", message: "must be an origin without credentials, query or fragment" });
  }
});

function parseUrl(value: string): URL | undefined {
  try {
    const url = new URL(value);
    return url.protocol === "http:" || url.protocol === "https:" ? url : undefined;
  } catch {
    return undefined;
  }
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
