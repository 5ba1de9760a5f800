// Pure, schema: the address of a service, as connections give it.

import { z } from "zod";
import { isLoopback } from "./loopback.js";

/**
 * A service's origin. Plain http only to loopback: a token sent in clear to any other host is lost.
 * A path is tolerated, because many services print their endpoints with an API version at the end.
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
