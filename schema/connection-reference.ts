// Pure, schema: the members that connections of every app share, and the fields of the reference that do not exist here.

import { z } from "zod";
import { baseUrl } from "./base-url.js";
import { description, slug } from "./grammar.js";

/** As in the reference: https://infisical.com/docs/api-reference/endpoints/app-connections/digital-ocean/update */
const unsupported = z.null({ error: "is not supported for these connections: leave it out" }).optional();

const onlyFalse = z
  .literal(false, { error: "is not supported for these connections: only false is accepted" })
  .optional();

export const connectionReference = {
  name: slug(64).optional(),
  description: description.optional(),
  baseUrl: baseUrl.optional(),
  isPlatformManagedCredentials: onlyFalse,
  isAutoRotationEnabled: onlyFalse,
  gatewayId: unsupported,
  rotation: unsupported,
};
