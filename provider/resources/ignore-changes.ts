// Program side: the exact `ignoreChanges` paths that let a `digitalocean.App` and a SecretSync live in one app.

/** The part of a `digitalocean.App` spec that the paths depend on: how many components of each kind there are. */
export interface AppSpecShape {
  /** Every service of the spec, in order. */
  readonly services?: readonly unknown[];
  /** Every worker of the spec, in order. */
  readonly workers?: readonly unknown[];
  /** Every job of the spec, in order. */
  readonly jobs?: readonly unknown[];
  /** Every static site of the spec, in order. */
  readonly staticSites?: readonly unknown[];
  /** Every functions component of the spec, in order. */
  readonly functions?: readonly unknown[];
}

const componentLists = ["services", "workers", "jobs", "staticSites", "functions"] as const;

/**
 * The path of every env list in an app's spec, by index, for the `ignoreChanges` option of `digitalocean.App`. Wildcards have no effect
 * there, and the App's next change wipes a list that is left out.
 * It only works if every run refreshes (`options: { refresh: always }` in Pulumi.yaml, or `pulumi up --refresh`): without a refresh the App
 * sends the lists in its state.
 *
 * @example
 * const app = new digitalocean.App("web", { spec }, { ignoreChanges: ignoreEnvChanges(spec) });
 */
export function ignoreEnvChanges(spec: AppSpecShape): string[] {
  const lists = componentLists.flatMap((list) => (spec[list] ?? []).map((_, index) => `spec.${list}[${index}].envs`));
  return ["spec.envs", ...lists];
}
