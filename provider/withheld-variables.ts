// Leaf: variables of the environment that belong to this package and to Pulumi, by name. A command that is started for a source does not
// get them.

/** Where a sync without an explicit connection finds its token, per destination. */
export const destinationTokenVariables = {
  "digital-ocean-app-platform": ["DIGITALOCEAN_TOKEN", "DIGITALOCEAN_ACCESS_TOKEN"],
  netlify: ["NETLIFY_AUTH_TOKEN"],
} as const satisfies Record<string, readonly string[]>;

/** What the runner verifies deliveries with. */
export const webhookSecretVariable = "INFISICAL_WEBHOOK_SECRET";

const withheld: ReadonlySet<string> = new Set([
  ...Object.values(destinationTokenVariables).flat(),
  webhookSecretVariable,
]);

/** Only some systems distinguish names by case. */
export function isWithheld(name: string): boolean {
  const upper = name.toUpperCase();
  return upper.startsWith("PULUMI_") || withheld.has(upper);
}
