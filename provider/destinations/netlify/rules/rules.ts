// Pure: what is known to fail, or to surprise, before anything is written to Netlify.

import type { Desired } from "../../../core/desired.js";
import { placeName } from "../../../core/entry.js";
import { changesToWrite, isRecordOnly, type Plan } from "../../../core/plan.js";
import type { KeyGrammar } from "../../../core/preflight.js";
import type { Problem } from "../../../errors.js";
import type { NetlifyDestination } from "../../../../schema/index.js";
import { formatLabel, placeKey, type Shape } from "../contexts.js";
import { describeLoad, measureLoads } from "./functions-limit.js";
import { chooseWay, type Way, type Wish } from "../ways.js";
import type { View } from "../live/view.js";
import { isLocal, type Variable } from "../wire.js";

/** As the CLI checks them before the service would refuse (netlify/cli: src/utils/env/deploy-env-vars.ts). */
export const keyGrammar: KeyGrammar = {
  pattern: /^[A-Za-z][A-Za-z0-9_]*$/,
  rule: "a letter, then letters, digits and underscores, at most 255 characters",
  maxLength: 255,
};

// https://docs.netlify.com/environment-variables/overview/#reserved-environment-variables
const reserved = new Set(
  `AWS_REGION AWS_EXECUTION_ENV AWS_LAMBDA_FUNCTION_NAME AWS_LAMBDA_FUNCTION_MEMORY_SIZE AWS_LAMBDA_FUNCTION_VERSION
   AWS_LAMBDA_LOG_GROUP_NAME AWS_LAMBDA_LOG_STREAM_NAME AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN
   AWS_LAMBDA_RUNTIME_API NETLIFY BUILD_ID CONTEXT REPOSITORY_URL BRANCH HEAD COMMIT_REF CACHED_COMMIT_REF PULL_REQUEST
   REVIEW_ID URL DEPLOY_URL DEPLOY_PRIME_URL DEPLOY_ID SITE_NAME SITE_ID NETLIFY_IMAGES_CDN_DOMAIN INCOMING_HOOK_TITLE
   INCOMING_HOOK_URL INCOMING_HOOK_BODY`.split(/\s+/),
);

/** A name that Netlify sets by itself. */
export function isReserved(key: string): boolean {
  return reserved.has(key.toUpperCase());
}

interface Question {
  readonly args: NetlifyDestination;
  readonly desired: Desired;
  readonly view: View;
  readonly plan: Plan;
}

/** Problems of keys, values and arguments, and of the site once it is known. */
export function inspectDesired(
  args: NetlifyDestination,
  desired: Desired,
  { view, plan }: { view: View | undefined; plan: Plan },
): Problem[] {
  const problems = desired.keys.flatMap((key) => inspectKey(args, key, desired));
  if (view === undefined) return problems;
  const question = { args, desired, view, plan };
  return [
    ...problems,
    ...[...listWays(question).values()].flatMap((way) => (way.kind === "impossible" ? [way.problem] : [])),
    ...inspectLoads(question),
    ...inspectBuild(question),
  ];
}

function inspectKey(args: NetlifyDestination, key: string, desired: Desired): Problem[] {
  const problems: Problem[] = [];
  if (isReserved(key)) {
    problems.push({
      code: "key.reserved",
      message: `Netlify reserves the name ${key}; rename the key with syncOptions.keySchema, or exclude it`,
    });
  }
  if (desired.emptyValues !== "refuse" && desired.values.get(key)?.reveal() === "") {
    // An unset context may be listed as an empty value, so the two could not be distinguished.
    problems.push({
      code: "value.empty",
      message: `${key} is empty, and Netlify cannot tell an empty value from a missing one; give it a value, exclude it, or set syncOptions.emptyValues to "skip"`,
    });
  }
  if (/^\*{4,}$/.test(desired.values.get(key)?.reveal() ?? "")) {
    // What Netlify shows instead of a secret, copied by an export: written back, it would replace the secret (Infisical/infisical#6829).
    problems.push({
      code: "value.masked",
      message: `${key} is only asterisks, which is how Netlify masks a secret; put the real value into the source, or exclude it`,
    });
  }
  if (desired.values.get(key)?.reveal().startsWith("EV[") === true) {
    // A spec that was read back holds it in place of each secret.
    problems.push({
      code: "value.encrypted",
      message: `${key} begins with "EV[", which is the ciphertext of DigitalOcean's App Platform and not a value; put the plain value into the source`,
    });
  }
  const shape = readShape(args, key);
  if (shape?.isSecret && shape.scopes.includes("post_processing")) {
    problems.push({
      code: "scopes.secret",
      message: `${key} is a secret, and Netlify keeps secrets out of post-processing; leave post_processing out of its scopes, or set isSecret: false for it in destination.variables`,
    });
  }
  return problems;
}

function readShape(args: NetlifyDestination, key: string): Shape | undefined {
  return placeKey(args, key)[0]?.attributes as Shape | undefined;
}

/** How each variable that the plan touches would be written. */
export function listWays({ args, view, plan }: Omit<Question, "desired">): Map<string, Way> {
  const wishes = new Map<string, Wish[]>();
  const add = (wish: Wish) => wishes.set(wish.key, [...(wishes.get(wish.key) ?? []), wish]);
  for (const change of plan) {
    const { slot, key } = change;
    if (isRecordOnly(change)) continue;
    if (change.action === "delete") add({ slot, key, kind: "unset" });
    // Once it may be taken over, no value is lost there: that is one problem, not two.
    if (change.action === "conflict") add({ slot, key, kind: "refused" });
    if (change.action !== "create" && change.action !== "adopt" && change.action !== "update") continue;
    const placement = placeKey(args, key).find((one) => one.slot === slot);
    const over = "over" in change ? change.over : undefined;
    if (placement) add({ slot, key, kind: "set", shape: placement.attributes as Shape, over });
  }
  return new Map([...wishes].map(([key, own]) => [key, chooseWay(find(view.variables, key), own)]));
}

function find(variables: readonly Variable[] | undefined, key: string): Variable | undefined {
  return variables?.find((one) => one.key === key);
}

/** If a list that nothing confirms is empty although we own something in it, a lost right is more likely than a wipe. */
export function doubtEmpty({ view, plan }: Pick<Question, "view" | "plan">): Problem[] {
  if (!view.isUnconfirmed) return [];
  // What is given back is ours as well, and gone.
  const owned = plan.filter(
    (change) =>
      (change.action === "create" && change.drift) || change.action === "forget" || change.action === "restore",
  );
  if (owned.length === 0) return [];
  const [variables, variable] =
    view.level === "team" ? ["shared variables", "shared variable"] : ["variables", "variable"];
  return [
    {
      code: "destination.empty",
      message: `Netlify shows no ${variables} at all for ${view.name}, though this sync wrote ${owned.length} of them; check that the token's owner may read ${variables}, or create any ${variable} there to confirm that they are gone`,
    },
  ];
}

function listLoads({ args, desired, view, plan }: Question) {
  const leaving = new Set(plan.filter((change) => change.action === "delete").map(placeName));
  const shapeAt = ({ slot, key }: { slot: string; key: string }) =>
    desired.values.has(key)
      ? (placeKey(args, key).find((one) => one.slot === slot)?.attributes as Shape | undefined)
      : undefined;
  return measureLoads({ desired, shapeAt, variables: view.variables, leaving, team: view.team });
}

function inspectLoads(question: Question): Problem[] {
  if (question.args.functionsLimit === "warn") return [];
  return listLoads(question)
    .filter(({ state }) => state === "too large")
    .map((load) => ({
      code: "functions.too_large",
      message: `${describeLoad(load)}; give keys that functions do not need other scopes, shorten them, or set destination.functionsLimit to "warn" for a site without functions`,
    }));
}

/** A site that cannot build is reported before anything is written. */
function inspectBuild({ args, view, plan }: Question): Problem[] {
  if (args.build?.trigger !== true || changesToWrite(plan).length === 0) return [];
  const settings = view.site?.build_settings ?? undefined;
  if (settings === undefined) return [];
  if (!settings.repo_url && !settings.repo_path) {
    return [
      {
        code: "build.unlinked",
        message: `site ${view.name} is not linked to a repository, so Netlify cannot build it; link one (Project configuration > Build & deploy), or set destination.build.trigger to false and deploy with "netlify deploy"`,
      },
    ];
  }
  if (settings.stop_builds === true) {
    return [
      {
        code: "build.stopped",
        message: `builds of site ${view.name} are stopped; activate them (Project configuration > Build & deploy), or set destination.build.trigger to false`,
      },
    ];
  }
  return inspectLock({ args, view });
}

/** On a locked site, only what somebody publishes goes live; branches have addresses of their own. */
function inspectLock({ args: { build }, view: { site, name } }: Pick<Question, "args" | "view">): Problem[] {
  const { id, locked } = site?.published_deploy ?? {};
  const isOfSite = build?.branch === undefined || build.branch === site?.build_settings?.repo_branch;
  if (locked !== true || !isOfSite || build?.wait === false) return [];
  return [
    {
      code: "build.locked",
      message: `site ${name} is locked to deploy ${id ?? ""}, so a build of it would not go live; start auto publishing (Deploys), or set destination.build.wait to false and publish the deploy by hand`,
    },
  ];
}

/** What does not forbid a write, but should be known before it. */
export function adviseOn(question: Question): string[] {
  const { args, view, plan } = question;
  const written = plan.filter((change) => ["create", "adopt", "update"].includes(change.action));
  if (written.length === 0) return [];
  const ways = listWays(question);
  const fresh = new Set(
    written.filter((change) => change.action === "create" || change.action === "adopt").map((change) => change.key),
  );
  const readable = written
    .filter((change) => isLocal(change.slot) && readShape(args, change.key)?.isSecret === true)
    .map(placeName);
  return [
    ...[...ways].flatMap(([key, way]) => describeReplacement(find(view.variables, key), way)),
    ...[...fresh].sort().flatMap((key) => describeShadow(view, key)),
    ...(readable.length === 0
      ? []
      : [`${readable.join(", ")}: Netlify shows secrets of local development to whoever may see the site`]),
    ...listLoads(question)
      .filter(({ state }) => state === "scarce" || (state === "too large" && args.functionsLimit === "warn"))
      .map(describeLoad),
    ...(view.level === "site" && view.team === undefined
      ? [
          "the team's shared variables cannot be read with this token: shadowing and the 4 KB limit of functions are judged without them",
        ]
      : []),
  ];
}

function describeReplacement(live: Variable | undefined, way: Way): string[] {
  if (live === undefined || way.kind === "impossible" || way.shape === undefined) return [];
  if (way.kind !== "replace" && way.kind !== "recreate") return [];
  const how = way.kind === "recreate" ? "deleted and created again" : "replaced as a whole";
  const kept = way.carried?.map(({ slot }) => slot) ?? [];
  const rest = kept.length === 0 ? "" : `; ${kept.join(", ")} ${kept.length === 1 ? "keeps" : "keep"} the value so far`;
  return [`${live.key} will be ${how}: ${formatLabel(live)} becomes ${formatLabel(way.shape)}${rest}`];
}

/** A site's value wins over the team's of the same key. https://docs.netlify.com/environment-variables/overview/#override-hierarchy */
function describeShadow(view: View, key: string): string[] {
  if (view.level === "site") {
    return find(view.team, key)
      ? [`${key} hides the team's shared variable of the same name on site ${view.name}`]
      : [];
  }
  return find(view.siteVariables, key)
    ? [
        `${key} of the team is hidden on site ${view.site?.name ?? view.site?.id ?? ""} by its own variable of the same name`,
      ]
    : [];
}
