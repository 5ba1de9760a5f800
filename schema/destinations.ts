// Pure, schema: what a sync writes to, discriminated by `type`.

import { z } from "zod";
import { text } from "./grammar.js";
import { netlifyDestination } from "./netlify.js";

const scope = z.enum(["RUN_TIME", "BUILD_TIME", "RUN_AND_BUILD_TIME"]);
const variableType = z.enum(["SECRET", "GENERAL"]);
const components = z.array(text).min(1, "must name at least one component; leave it out for app level");

/** Settings that override the destination's for one key. */
export const appPlatformVariable = z.strictObject({
  variableType: variableType.optional(),
  scope: scope.optional(),
  components: components.optional(),
});

/** How the deployment of a write is previewed and followed. */
export const appPlatformDeployment = z.strictObject({
  wait: z.boolean().optional(),
  timeoutSeconds: z.number().positive().max(86_400).optional(),
  onFailure: z.enum(["report", "restore"]).optional(),
  validate: z.boolean().optional(),
});

/** An app on DigitalOcean App Platform. */
export const appPlatformDestination = z
  .strictObject({
    type: z.literal("digital-ocean-app-platform"),
    appId: text.optional(),
    appName: text.optional(),
    components: components.optional(),
    scope: scope.optional(),
    variableType: variableType.optional(),
    variables: z.record(z.string(), appPlatformVariable).optional(),
    deployment: appPlatformDeployment.optional(),
    allowBindables: z.boolean().optional(),
  })
  .refine((destination) => destination.appId !== undefined || destination.appName !== undefined, {
    message: "`appId` or `appName` must be given; with both, the name is checked",
  });

/** Any destination. */
export const destination = z.discriminatedUnion("type", [appPlatformDestination, netlifyDestination]);

export type AppPlatformDestination = z.infer<typeof appPlatformDestination>;
export type Destination = z.infer<typeof destination>;
export type DestinationType = Destination["type"];
