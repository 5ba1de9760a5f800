// Pure: what is read from App Platform's answers. Unknown fields are kept: the spec goes back as it came.
// https://docs.digitalocean.com/reference/api/reference/apps/

import { isDeepStrictEqual } from "node:util";
import { z } from "zod";

/** One variable in a spec: only its key is certain. `type` may be absent, or null, and then means GENERAL. */
export interface RawEnv {
  key: string;
  value?: string | null;
  scope?: string | null;
  type?: string | null;
  [field: string]: unknown;
}

/** A spec is carried as plain JSON: any typed round trip loses fields that are newer than the types. */
export type Spec = { readonly [field: string]: unknown };

const envs = z.array(z.looseObject({ key: z.string() })).nullish();
const component = z.looseObject({ envs });
const components = z.array(component).nullish();

// Checked but not rebuilt. A list of another kind would look like an app whose variables are all gone.
const specShape = z.looseObject({
  envs,
  services: components,
  workers: components,
  jobs: components,
  static_sites: components,
  functions: components,
});
const spec = z.record(z.string(), z.unknown()).superRefine((value, context) => {
  for (const { path } of specShape.safeParse(value).error?.issues ?? [])
    context.addIssue({ code: "custom", path: [...path], message: "is of another kind" });
});

// The template of a deploy button has the spec one level down.
// https://docs.digitalocean.com/products/app-platform/how-to/add-deploy-do-button/
const specFile = z.union([z.object({ spec }).transform((file) => file.spec), spec]);

/** The spec in an app spec file; undefined for any other file. https://docs.digitalocean.com/products/app-platform/reference/app-spec/ */
export function readSpecFile(document: unknown): Spec | undefined {
  const { data } = specFile.safeParse(document);
  return typeof data?.["name"] === "string" && data["name"] !== "" ? data : undefined;
}

const reason = z.looseObject({ code: z.string().nullish(), message: z.string().nullish() });

const leafStep = z.looseObject({
  name: z.string().nullish(),
  status: z.string().nullish(),
  component_name: z.string().nullish(),
  message_base: z.string().nullish(),
  reason: reason.nullish(),
});

/** A step of a deployment; steps nest. */
export interface Step extends z.infer<typeof leafStep> {
  steps?: Step[] | null | undefined;
}

const step: z.ZodType<Step> = leafStep.extend({
  get steps() {
    return z.array(step).nullish();
  },
});

const deployment = z.looseObject({
  id: z.string(),
  phase: z.string().nullish(),
  cause_details: z
    .looseObject({
      type: z.string().nullish(),
      digitalocean_user_action: z.looseObject({ name: z.string().nullish() }).nullish().catch(undefined),
    })
    .nullish(),
  cloned_from: z.string().nullish(),
  created_at: z.string().nullish(),
  spec: spec.nullish(),
  progress: z
    .looseObject({
      success_steps: z.number().nullish(),
      total_steps: z.number().nullish(),
      steps: z.array(step).nullish(),
    })
    .nullish(),
});

// An empty object stands for "none" in some answers, an empty id in others (doctl follows it and hangs).
const optionalDeployment = z
  .unknown()
  .transform((value) => {
    const parsed = deployment.safeParse(value);
    return parsed.success && parsed.data.id !== "" ? parsed.data : undefined;
  })
  .optional();

export const app = z
  .looseObject({
    id: z.string().min(1),
    spec,
    last_deployment_created_at: z.string().nullish(),
    live_url: z.string().nullish(),
    default_ingress: z.string().nullish(),
    active_deployment: optionalDeployment,
    in_progress_deployment: optionalDeployment,
    pending_deployment: optionalDeployment,
    pinned_deployment: optionalDeployment,
  })
  // What runs is usually what is stored: kept once, hundreds of apps take half the memory and need no second look.
  .transform((one) =>
    one.active_deployment && isDeepStrictEqual(one.active_deployment.spec, one.spec)
      ? { ...one, active_deployment: { ...one.active_deployment, spec: one.spec } }
      : one,
  );

export const appAnswer = z.looseObject({ app });

const paging = {
  links: z.looseObject({ pages: z.looseObject({ next: z.string().nullish() }).nullish() }).nullish(),
  meta: z.looseObject({ total: z.number().nullish() }).nullish(),
};

/** Each app is parsed by itself: an unreadable one must not hide the others. */
export const appsAnswer = z.looseObject({ apps: z.array(z.unknown()).nullish(), ...paging });
export const deploymentsAnswer = z.looseObject({ deployments: z.array(deployment).nullish(), ...paging });
export const deploymentAnswer = z.looseObject({ deployment });
export const accountAnswer = z.looseObject({
  account: z.looseObject({
    email: z.string().nullish(),
    team: z.looseObject({ name: z.string().nullish() }).nullish(),
  }),
});

/** Every error of the platform's own. https://docs.digitalocean.com/reference/api/intro/#responses */
export const errorAnswer = z.looseObject({ id: z.string(), message: z.string() });

const database = z
  .looseObject({
    engine: z.string().nullish(),
    status: z.string().nullish(),
    connection: z.looseObject({ password: z.string().nullish() }).nullish(),
  })
  // The password itself goes no further than here.
  .transform(({ engine, status, connection }) => {
    // MongoDB shows it once, at creation (terraform-provider-digitalocean#614); a new cluster may not have one yet.
    if (!connection || engine === "mongodb" || status === "creating") return { password: "untold" as const };
    return { password: connection.password ? ("shown" as const) : ("empty" as const) };
  });

export const databasesAnswer = z.looseObject({ databases: z.array(database).nullish() });

/** Every id of the platform is a UUID. */
export function isId(text: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}

export type Database = z.infer<typeof database>;
export type AppsAnswer = z.infer<typeof appsAnswer>;
export type App = z.infer<typeof app>;
export type Deployment = z.infer<typeof deployment>;
