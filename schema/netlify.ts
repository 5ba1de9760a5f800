// Pure, schema: a Netlify site or team as destination, and the token for it. https://docs.netlify.com/environment-variables/overview/

import { z } from "zod";
import { text } from "./grammar.js";

/** Deploy contexts by name; `branch` needs the branch beside it. https://docs.netlify.com/site-deploys/overview/#deploy-contexts */
export const netlifyContextName = z.enum([
  "all",
  "production",
  "deploy-preview",
  "branch-deploy",
  "dev",
  "dev-server",
  "branch",
]);

const contextObject = z
  .strictObject({ context: netlifyContextName, branch: text.max(255).optional() })
  .refine(({ context, branch }) => (context === "branch") === (branch !== undefined), {
    message: '`branch` is the name of the branch, given with the context "branch" and with no other',
  });

/** One context: its name, or an object, which a branch needs. */
export const netlifyContext = z.union([netlifyContextName.exclude(["branch"]), contextObject], {
  error: ({ input }) =>
    input === "branch"
      ? 'needs the name of the branch: write { context: "branch", branch: "…" }'
      : 'must be "all", "production", "deploy-preview", "branch-deploy", "dev", "dev-server" or { context: "branch", branch: "…" }',
});

/** The only context of a destination may be a branch, named beside it, as in Infisical's `destinationConfig`. */
const soleContext = z.union([netlifyContextName, contextObject], {
  error:
    'must be "all", "production", "deploy-preview", "branch-deploy", "dev", "dev-server", or "branch" with `branch` beside it',
});

const contexts = z
  .array(netlifyContext)
  .min(1, "must name at least one context; leave it out for all")
  .refine((list) => list.length === 1 || !list.some((one) => readName(one) === "all"), {
    message: '"all" excludes other contexts: Netlify keeps either one value for all contexts or one for each',
  });

function readName(context: z.infer<typeof netlifyContext>): string {
  return typeof context === "string" ? context : context.context;
}

const scopes = z
  .array(z.enum(["builds", "functions", "runtime", "post_processing"]))
  .min(1, "must name at least one scope");

/** Settings that override the destination's for one key. */
export const netlifyVariable = z.strictObject({
  isSecret: z.boolean().optional(),
  scopes: scopes.optional(),
  contexts: contexts.optional(),
});

/** Whether and how the site is built after a write. */
export const netlifyBuild = z.strictObject({
  trigger: z.boolean().optional(),
  wait: z.boolean().optional(),
  clearCache: z.boolean().optional(),
  branch: text.max(255).optional(),
  timeoutSeconds: z.number().positive().max(86_400).optional(),
});

/** A site on Netlify, or with `level: "team"` the variables that all sites of a team share. */
export const netlifyDestination = z
  .strictObject({
    type: z.literal("netlify"),
    siteId: text.max(255).optional(),
    siteName: text.max(255).optional(),
    accountId: text.max(255).optional(),
    accountName: text.max(255).optional(),
    level: z.enum(["site", "team"]).optional(),
    contexts: contexts.optional(),
    context: soleContext.optional(),
    branch: text.max(255).optional(),
    isSecret: z.boolean().optional(),
    scopes: scopes.optional(),
    variables: z.record(z.string(), netlifyVariable).optional(),
    build: netlifyBuild.optional(),
    functionsLimit: z.enum(["refuse", "warn"]).optional(),
  })
  .superRefine((destination, context) => {
    const say = (message: string) => context.addIssue({ code: "custom", message });
    const { siteId, siteName, accountId, level, build } = destination;
    if (siteName !== undefined && siteId === undefined)
      say("`siteName` checks the site that `siteId` names; give `siteId`, too");
    else if (level !== "team" && siteId === undefined)
      say('`siteId` must be given; team-level variables are written only with level: "team"');
    else if (level === "team" && siteId === undefined && accountId === undefined)
      say("`accountId`, or a `siteId` to look it up from, must be given");
    if (level === "team" && build?.trigger === true)
      say("`build.trigger` needs level site: team variables reach every site with its own next build");
    if (destination.contexts !== undefined && destination.context !== undefined)
      say("only one of `contexts` and `context` may be given");
    else if ((destination.context === "branch") !== (destination.branch !== undefined))
      say('`branch` is the name of the branch, given with context: "branch" and with no other');
  });

/** A Netlify personal access token. https://docs.netlify.com/api-and-cli-guides/api-guides/get-started-with-api/#authentication */
export const netlifyCredentials = z.strictObject({ accessToken: text });

export type NetlifyContext = z.infer<typeof netlifyContext>;
export type NetlifyVariable = z.infer<typeof netlifyVariable>;
export type NetlifyDestination = z.infer<typeof netlifyDestination>;
