// Pure: what App Platform does not document. Every open question is a switch, and its positions are the answers it may have.
import { createHash } from "node:crypto";

/**
 * The positions of every switch, the default first: what the field reports or the documentation suggests.
 * README.md says for each switch why it is open. Code that talks to the vendor has to be right in all positions.
 */
export const SWITCHES = {
  // What a deployment does.
  /** Whether a failure that does not say ends in a rollback deployment of the platform. */
  rollbackAfterFailure: [false, true],
  /** What becomes of a deployment in progress that gives way to a newer one. */
  replacedPhase: ["CANCELED", "SUPERSEDED"],
  /** Whether a deployment in progress gives way at once, or ends before the newer one begins. */
  olderDeployment: ["gives-way", "ends-first"],
  /** Whether a change of run-time variables alone goes through the build phase. */
  runtimeOnlyBuild: ["run", "skipped"],
  /** Whether a PUT without effect, or with a new name only, starts a deployment. */
  unchangedPut: ["ignored", "deployed"],
  putWhilePinned: ["refused", "stored"],
  putWhileArchived: ["deployed", "refused"],
  /** Which spec runs after a restart of an app whose stored spec is not live. */
  restart: ["live-spec", "stored-spec"],

  // What a spec may hold, and what is kept of it.
  duplicateKeys: ["stored", "refused", "last-only"],
  unknownFields: ["kept", "dropped"],
  /** Whether false, 0, "", null and empty lists stay in a spec (variables apart). */
  zeroFields: ["kept", "dropped"],
  /** Whether the platform writes its defaults into a spec that does not name them. */
  specDefaults: ["left-out", "filled-in"],
  /** Whether a secret that is sent again in plaintext, with the value it has, keeps its ciphertext and deploys nothing. */
  resubmittedSecret: ["sealed-again", "kept"],
  /** Where a ciphertext is valid: anywhere in its app, in the slot and key it was made for, or there in its scope only. */
  ciphertextBinding: ["app", "entry", "entry-and-scope"],
  /** What a ciphertext of another app, or a broken one, is in a PUT: an error, or plaintext like any other. */
  foreignCiphertext: ["refused", "taken-as-plaintext"],
  /** What a ciphertext under GENERAL is: literal text, or an error. */
  ciphertextAsGeneral: ["literal", "refused"],
  /** The status of a refused spec. */
  refusalStatus: [400, 422],

  // How answers show a spec.
  /** The order of variables, in each copy of a spec anew. */
  envOrder: ["kept", "reversed", "shuffled"],
  generalType: ["left-out", "shown"],
  defaultScope: ["shown", "left-out", "UNSET"],
  /** A GENERAL variable whose value is empty. */
  emptyValue: ["shown", "left-out"],
  /** Where no variables are: `envs` as it was sent, or everywhere the same. */
  emptyEnvs: ["as-sent", "empty-list", "null", "left-out"],

  // What the answer to a PUT holds.
  /** The deployment that the PUT has started. */
  pendingInPut: ["shown", "left-out", "empty", "in-progress"],
  /** The spec that was put, the one before under the new deployment, or the whole app as it was before. */
  putAnswer: ["new", "old-spec", "old-app"],

  // What a read shows.
  /** Whether `pending_deployment` is a whole deployment or `id` and `spec` only. */
  pendingFields: ["id-and-spec", "all"],
  /** What stands for a deployment that does not exist. */
  noDeployment: ["left-out", "null", "empty"],
  /** What moves `updated_at`: writes and a deployment that goes live, writes alone, or every phase. */
  updatedAt: ["writes-and-live", "writes", "phases", "left-out"],
  lastDeploymentCreatedAt: ["shown", "left-out"],
  previousDeployment: ["shown", "left-out"],
  clonedFrom: ["shown", "left-out"],
  /** `cause` and `cause_details`. */
  cause: ["shown", "text-only", "left-out"],
  /** Which failed steps of a deployment say why: every one, build or deploy as a whole, or none. */
  failureReason: ["every-step", "stage-only", "left-out"],
  /** The precision of times; nanoseconds drop their last zeros, so text does not sort as time. */
  times: ["milliseconds", "seconds", "nanoseconds"],
  /** The vendor's clock against the caller's. */
  clockSkew: ["none", "ahead", "behind"],
  /** How many looks at a new app find nothing. */
  notFoundAfterCreate: [0, 1],
  /** What `?name=` does to a list or a look at an app. */
  nameLookup: ["answered", "ignored"],
  /** Whether the newest deployment is missing from the first list that should hold it. */
  deploymentList: ["current", "lags"],
  /** The most that a page holds, whatever is asked for. */
  pageSize: [200, 20, 2],
  emptyList: ["shown", "null", "left-out"],

  // What a token may do.
  propose: ["answered", "not-found", "forbidden"],
  /** Whether `propose` asks for the database scopes as PUT does. */
  proposeScopes: ["not-asked", "asked"],
  /** Which attached databases make a PUT ask for the database scopes. */
  databaseScopes: ["every", "managed", "none"],
  /** User and password of a database cluster without `database:view_credentials`. */
  hiddenCredentials: ["empty", "left-out"],
} as const;

export type SwitchName = keyof typeof SWITCHES;
export type Variant = { -readonly [Name in SwitchName]: (typeof SWITCHES)[Name][number] };

/** One switch out of its default position. */
export interface Alternative {
  name: SwitchName;
  position: Variant[SwitchName];
  /** For `startDigitalOcean({ variant })`. */
  variant: Partial<Variant>;
  /** `name=position`, for titles. */
  title: string;
}

/** Every position of every switch that is not the default, each alone. */
export const ALTERNATIVES: readonly Alternative[] = switchNames().flatMap((name) =>
  SWITCHES[name].slice(1).map((position) => {
    const variant = { [name]: position } as Partial<Variant>;
    return { name, position, variant, title: describeVariant(variant) };
  }),
);

export function switchNames(): SwitchName[] {
  return Object.keys(SWITCHES) as SwitchName[];
}

export function completeVariant(positions: Partial<Variant> = {}): Variant {
  const defaults = Object.fromEntries(switchNames().map((name) => [name, SWITCHES[name][0]])) as Variant;
  return Object.assign(defaults, positions);
}

/** The same for the same seed. A third of the switches leave their defaults. */
export function randomVariant(seed: number): Variant {
  const entries = switchNames().map((name) => {
    // Drawn for each switch alone: a new switch, or a new position, leaves all others where they were.
    const drawn = createHash("sha256").update(`${seed} ${name}`).digest();
    const [leaves, which] = [drawn.readUInt32BE(0) / 2 ** 32 < 1 / 3, drawn.readUInt32BE(4) / 2 ** 32];
    const alternatives = SWITCHES[name].slice(1);
    return [name, leaves ? alternatives[Math.floor(which * alternatives.length)] : SWITCHES[name][0]] as const;
  });
  return Object.fromEntries(entries) as Variant;
}

/** What differs from the defaults, as `name=position`; "defaults" when nothing does. */
export function describeVariant(variant: Partial<Variant>): string {
  const moved = switchNames().filter((name) => name in variant && variant[name] !== SWITCHES[name][0]);
  return moved.map((name) => `${name}=${String(variant[name])}`).join(" ") || "defaults";
}

/** The inverse of `describeVariant`. @throws when a name is no switch or a value is none of its positions */
export function readVariant(text: string): Partial<Variant> {
  const pairs = text === "defaults" ? [] : text.split(/\s+/).filter(Boolean);
  const raw = pairs.map((pair) => {
    const [name = "", shown = ""] = pair.split("=");
    const positions: readonly unknown[] = (SWITCHES as Record<string, readonly unknown[]>)[name] ?? [];
    return [name, positions.find((position) => String(position) === shown) ?? shown];
  });
  return readPositions(Object.fromEntries(raw) as Record<string, unknown>);
}

/** @throws when a name is no switch or a value is none of its positions */
export function readPositions(raw: Record<string, unknown>): Partial<Variant> {
  for (const [name, position] of Object.entries(raw)) {
    const known: readonly unknown[] | undefined = (SWITCHES as Record<string, readonly unknown[]>)[name];
    if (known === undefined)
      throw new Error(`no switch ${JSON.stringify(name)}; there are ${switchNames().join(", ")}`);
    if (!known.includes(position))
      throw new Error(`${name} is one of ${known.map((each) => JSON.stringify(each)).join(", ")}`);
  }
  return raw;
}
