// Pure, schema: the members of a connection that are the same for every app, and the fields of the reference that do not exist here.

import { z } from "zod";
import { baseUrl, description, slug } from "./grammar.js";

const unsupported = (field: string) => z.null({ error: `${field} is not supported: leave it out` }).optional();

const onlyFalse = (field: string) =>
  z.literal(false, { error: `${field} is not supported: only false is accepted` }).optional();

export const connectionReference = {
  name: slug(64).optional(),
  description: description.optional(),
  baseUrl: baseUrl.optional(),
  isPlatformManagedCredentials: onlyFalse("isPlatformManagedCredentials"),
  isAutoRotationEnabled: onlyFalse("isAutoRotationEnabled"),
  gatewayId: unsupported("gatewayId"),
  rotation: unsupported("rotation"),
};
