// Program side: the exact `ignoreChanges` paths that let a `digitalocean.App` and a SecretSync live in one app.

/** The part of a `digitalocean.App` spec that the paths depend on: how many components of each kind there are. */
export interface AppSpecShape {
  /** Every service of the spec, in its order. */
  readonly services?: readonly unknown[];
  /** Every worker of the spec, in its order. */
  readonly workers?: readonly unknown[];
  /** Every job of the spec, in its order. */
  readonly jobs?: readonly unknown[];
  /** Every static site of the spec, in its order. */
  readonly staticSites?: readonly unknown[];
  /** Every functions component of the spec, in its order. */
  readonly functions?: readonly unknown[];
}

const componentLists = ["services", "workers", "jobs", "staticSites", "functions"] as const;

/**
 * Every env list of an app's spec by its real index, for the `ignoreChanges` option of `digitalocean.App`.
 * Wildcards have no effect there, and a list that is left out is wiped with the App's next change.
 * It only works when every run refreshes (`options: { refresh: always }` in Pulumi.yaml, or `pulumi up --refresh`):
 * with state that was never refreshed the App sends what it remembers.
 *
 * @example
 * const app = new digitalocean.App("web", { spec }, { ignoreChanges: ignoreEnvChanges(spec) });
 */
export function ignoreEnvChanges(spec: AppSpecShape): string[] {
  const lists = componentLists.flatMap((list) => (spec[list] ?? []).map((_, index) => `spec.${list}[${index}].envs`));
  return ["spec.envs", ...lists];
}
