// Pure: what a stack's exported state says about syncs, as data. Secrets in it are ciphertext and are not looked at.

import { z } from "zod";
import { destination, source, syncOptions } from "../../schema/index.js";
import { readType } from "../type-tokens.js";

const resource = z.looseObject({
  urn: z.string(),
  type: z.string(),
  /** Already replaced, but still to be removed. */
  delete: z.boolean().optional(),
  inputs: z.record(z.string(), z.unknown()).optional(),
  outputs: z.record(z.string(), z.unknown()).optional(),
});

/** What `pulumi stack export` prints. A stack that was never updated has no resources. */
export const deployment = z.looseObject({
  deployment: z.looseObject({ resources: z.array(resource).nullish() }).nullish(),
});

export type Deployment = z.infer<typeof deployment>;

/** Replaces a secret in state: an argument that was made from one is ciphertext as a whole. */
export const hidden = "[secret]";

/** https://www.pulumi.com/docs/iac/concepts/secrets/: the key of a ciphertext in state. */
const envelopeKey = "4dabf18193072939515e22adb298388d";

/** Arguments that cannot be shown: they are secret, or of a kind that only a newer version knows. */
const untold = z.unknown().transform((value) => ({
  type: "untold" as const,
  reason: value === hidden ? ("secret" as const) : ("newer" as const),
}));

/** Inline values and the environment of a command stay out of state: only the description of the source is left. */
const recordedSource = z
  .preprocess(
    (value) =>
      typeof value === "object" && value !== null && (value as { type?: unknown }).type === "inline"
        ? { values: {}, ...value }
        : value,
    source,
  )
  .or(untold);

const inputFields = {
  name: z.string(),
  description: z.string().optional(),
  isEnabled: z.boolean().optional(),
  source: z.union([z.array(recordedSource), recordedSource.transform((one) => [one])]),
  destination: destination.or(untold),
  syncOptions: syncOptions.optional(),
};

const outputFields = {
  /** `succeeded`, `written-not-live`, `failed` or `disabled`; a newer version may know more. */
  syncStatus: z.string(),
  lastSyncedAt: z.string().optional(),
  lastSyncMessage: z.string(),
  lastDeploymentId: z.string().optional(),
  version: z.number(),
  managedKeys: z.array(z.string()),
  /** The adopted ones among them; left out by earlier versions. */
  adoptedKeys: z.array(z.string()).optional(),
  /** Those of which nobody could read what was there. */
  leftKeys: z.array(z.string()).optional(),
  targetId: z.string(),
  /** The target's name; left out by earlier versions. */
  targetName: z.string().optional(),
  targetUrl: z.string().optional(),
  /** It was stored, and a later sync of the same run waited for the deployment. */
  __left: z.boolean().optional(),
  drift: z.array(z.string()),
  /** With several sources: the destination keys that each gave, in the order of `source`. */
  origins: z.array(z.array(z.string())).optional(),
};

const noInputs = { name: "", source: [] };
const noOutputs = { syncStatus: "unknown", lastSyncMessage: "", version: 0, managedKeys: [], targetId: "", drift: [] };

/** One sync as its last run left it. */
export interface SyncOnRecord {
  readonly urn: string;
  /** The resource's name in the program. */
  readonly resource: string;
  readonly inputs: z.infer<z.ZodObject<typeof inputFields>>;
  readonly outputs: z.infer<z.ZodObject<typeof outputFields>>;
  /** Fields that this version does not understand, such as those of a newer version's state: they read as empty. */
  readonly unread: readonly string[];
}

/** Every sync of a stack, sorted by URN: the engine records resources in the random order in which they end. */
export function readSyncs(exported: Deployment): SyncOnRecord[] {
  return (exported.deployment?.resources ?? [])
    .filter((one) => readType(one.type)?.resource === "SecretSync" && one.delete !== true)
    .map(({ urn, inputs, outputs }) => {
      const given = readFields(z.object(inputFields), inputs, noInputs);
      const left = readFields(z.object(outputFields), outputs, noOutputs);
      return {
        urn,
        resource: urn.slice(urn.lastIndexOf("::") + 2),
        inputs: given.fields,
        outputs: left.fields,
        unread: [...given.unread, ...left.unread],
      };
    })
    .toSorted(byUrn);
}

/** By code unit, so that the order is the same on every machine. */
export function byUrn(one: { readonly urn: string }, other: { readonly urn: string }): number {
  if (one.urn === other.urn) return 0;
  return one.urn < other.urn ? -1 : 1;
}

/** A field that is not understood is named and read as empty, so that the rest can still be shown. */
function readFields<T>(
  shape: z.ZodType<T>,
  recorded: Readonly<Record<string, unknown>> | undefined,
  empty: Readonly<Record<string, unknown>>,
): { fields: T; unread: string[] } {
  const bare = hideSecrets(recorded ?? {}) as Readonly<Record<string, unknown>>;
  const parsed = shape.safeParse(bare);
  if (parsed.success) return { fields: parsed.data, unread: [] };
  const unread = [...new Set(parsed.error.issues.map(({ path }) => String(path[0])))];
  return { fields: shape.parse({ ...bare, ...Object.fromEntries(unread.map((name) => [name, empty[name]])) }), unread };
}

function hideSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(hideSecrets);
  if (typeof value !== "object" || value === null) return value;
  if (Object.hasOwn(value, envelopeKey)) return hidden;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, hideSecrets(one)]));
}
