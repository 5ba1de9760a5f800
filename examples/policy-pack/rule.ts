// The rule itself, free of Pulumi: which variables of a sync people could read although their names look like secrets.

export interface Rule {
  /** Regular expression: names that look like secrets. Case does not matter. */
  readonly names: string;
  /** Regular expression: names of the stacks that are held to it. */
  readonly stacks: string;
}

export const defaults: Rule = {
  names: "(PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|CREDENTIAL|PRIVATE|DSN)S?(_|$)|(^|_)(?<!PUBLI(C|SHABLE)_)KEYS?$",
  stacks: "^prod",
};

/** What the rule reads of a sync's inputs. They hold names and fingerprints; no value of a source ever gets here. */
interface SyncInputs {
  readonly keys?: Readonly<Record<string, unknown>>;
  readonly retained?: readonly string[];
  readonly destination?: Kind & { readonly variables?: Readonly<Record<string, Kind>> };
}

/** How a variable is kept: App Platform says it with `variableType`, Netlify with `isSecret`. */
interface Kind {
  readonly variableType?: string;
  readonly isSecret?: boolean;
}

/** One sentence per variable that breaks the rule. */
export function findReadable(urn: string, inputs: SyncInputs, rule: Rule = defaults): string[] {
  const stack = /^urn:pulumi:([^:]*)::/.exec(urn)?.[1] ?? "";
  if (!new RegExp(rule.stacks).test(stack)) return [];
  const looksSecret = new RegExp(rule.names, "i");
  const { variables = {}, ...all } = inputs.destination ?? {};
  const keys = [...Object.keys(inputs.keys ?? {}), ...(inputs.retained ?? [])];
  return keys
    .filter((key) => looksSecret.test(key) && isReadable({ ...all, ...variables[key] }))
    .sort()
    .map((key) => `${key} looks like a secret, but anybody who may see the app or site can read it: make it a secret`);
}

function isReadable({ variableType, isSecret }: Kind): boolean {
  return variableType === "GENERAL" || isSecret === false;
}
