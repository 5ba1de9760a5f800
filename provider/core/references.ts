// Pure: references and ciphertexts of other tools. They are not values until their tool resolves them, whatever source gives them.

import type { Problem } from "../errors.js";
import type { SourceValues } from "./desired.js";

/** One way in which a tool writes a value that is still to be resolved. */
export interface Notation {
  /** The tool that owns it. */
  readonly tool: string;
  readonly kind: "reference" | "ciphertext";
  /** What gives the value. */
  readonly resolve: string;
  readonly value: RegExp;
  /** The keys that the tool uses for it; any key when absent. */
  readonly key?: RegExp;
  /** The type of source that judges it itself, because its own service resolves it. */
  readonly judgedBy?: string;
}

/** Only a tool writes these beginnings, so an ordinary value never matches one. An ARN may be a value, so none is listed. */
const notations: readonly Notation[] = [
  reference("1Password", /(?<![\w.+-])op:\/\/[^/\n]+\/\S/, "`op inject -i <file>` or `op run -- pulumi up`"),
  reference("vals", /(?<![A-Za-z0-9])(?:secret)?ref\+[a-z0-9]+:\/\//, "`vals eval -f <file>`"),
  ciphertext("ejson", /^EJ\[\d+:/, "`ejson decrypt <file>`"),
  ciphertext("hiera-eyaml", /ENC\[(?!AES256_GCM)[A-Z][A-Z0-9_]*,/, "`eyaml decrypt -f <file>`"),
  ciphertext("sops", /ENC\[AES256_GCM,/, "`sops decrypt <file>`"),
  { ...ciphertext("dotenv-vault", /\S/, "`dotenv-vault decrypt <key>`"), key: /^DOTENV_VAULT(?:_|$)/ },
  ciphertext("dotenvx", /^encrypted:/, "`dotenvx get -f <file>`"),
  ciphertext("Vault's transit engine", /^vault:v\d+:/, "`vault write transit/decrypt/<key> ciphertext=<value>`"),
  reference("bank-vaults", /^(?:>>)?(?:vault|bao):(?!v\d+:)[^\s#]+#\S|\$\{(?:>>)?(?:vault|bao):/, "a `vault` source"),
  ciphertext("ansible-vault", /^\$ANSIBLE_VAULT;/, "`ansible-vault view <file>`"),
  ciphertext(
    "age",
    /^-----BEGIN AGE ENCRYPTED FILE-----|^age-encryption\.org\/v1/,
    "`age --decrypt -i <identity> <file>`",
  ),
  ciphertext("PGP", /^-----BEGIN PGP MESSAGE-----/, "`gpg --decrypt <file>`"),
  ciphertext("Keybase", /^BEGIN (?:[A-Z0-9]+ )?SALTPACK ENCRYPTED MESSAGE\./, "`keybase decrypt -i <file>`"),
  ciphertext("AWS KMS", /^AQICAH[A-Za-z0-9+/]{100,}={0,2}\s*$/, "`aws kms decrypt --ciphertext-blob fileb://<file>`"),
  ciphertext("Jasypt", /^ENC\([A-Za-z0-9+/=]{16,}\)\s*$/, "`mvn jasypt:decrypt-value`"),
  ciphertext("Pulumi", /^v1:[A-Za-z0-9+/]{16}:[A-Za-z0-9+/]{20,}={0,2}\s*$/, "`pulumi config get <key>`"),
  reference(
    "CloudFormation",
    /\{\{resolve:(?:secretsmanager|ssm|ssm-secure):/,
    "an `aws-secrets-manager` source, or `aws ssm get-parameter --with-decryption`",
  ),
  reference("the Serverless Framework", /\$\{ssm(?:\.[a-z0-9-]+)?:/, "`aws ssm get-parameter --with-decryption`"),
  reference(
    "Azure",
    /^@Microsoft\.(?:KeyVault|AppConfiguration)\(|^azure:keyvault:/i,
    "`az keyvault secret show --id <id> --query value`",
  ),
  reference(
    "Google Secret Manager",
    /^gcp:secretmanager:|^(?:berglas|sm):\/\/[^/\s]+\/\S/,
    "`gcloud secrets versions access latest --secret <name>`",
  ),
  reference(
    "GitHub Actions",
    /\$\{\{\s*(?:secrets|vars|env)\.\w+\s*\}\}/,
    "`env` of the workflow and an `environment` source",
  ),
  reference("the Argo CD Vault plugin", /<path:[^<>#\s]+#[^<>]+>/, "`argocd-vault-plugin generate <file>`"),
  reference("consul-template", /\{\{-?\s*(?:(?:with|range)\s+)?secret\s+"/, "`consul-template -once -template <file>`"),
  reference("Keeper", /^keeper:\/\/[^/\s]+\/\S/, "`ksm exec -- pulumi up`"),
  reference("Proton Pass", /(?<![\w.+-])pass:\/\/[^/\n]+\/[^/\n]+\/\S/, "`pass-cli run -- pulumi up`"),
  reference("Dashlane", /^dl:\/\/[^/\s]+\/\S/, "`dcli exec -- pulumi up`"),
  {
    // Three parts may be a bindable variable of App Platform, `${database.pool.DATABASE_URL}`, but none begins with an at sign.
    ...reference(
      "Infisical or Doppler",
      /\$\{(?:[a-z][a-z0-9-]*(?:\.[\w-]+){2}|@[a-z0-9-]+\.[\w-]+)(?:\.[\w-]+)*\.[A-Z][A-Z0-9_]*\}/,
      "`infisical export --expand` or `doppler secrets download --no-file`",
    ),
    judgedBy: "infisical",
  },
];

function reference(tool: string, value: RegExp, resolve: string): Notation {
  return { tool, kind: "reference", value, resolve };
}

function ciphertext(tool: string, value: RegExp, resolve: string): Notation {
  return { tool, kind: "ciphertext", value, resolve };
}

/** The notation that a key's value is written in; undefined for an ordinary value. */
export function recognise(key: string, value: string): Notation | undefined {
  const text = value.trimStart();
  return notations.find((one) => (one.key === undefined || one.key.test(key)) && one.value.test(text));
}

/** What is known of the source. */
export interface JudgeInput {
  /** For messages. */
  readonly origin: string;
  readonly type: string;
  /** The file that the source reads, for commands in messages. */
  readonly file?: string | undefined;
  /** Keys whose text is meant literally. */
  readonly allowed: readonly string[];
}

/** One problem for each notation found in a source's values. */
export function findReferences(values: SourceValues, { origin, type, file, allowed }: JudgeInput): Problem[] {
  const found = new Map<Notation, string[]>();
  for (const [key, value] of values) {
    const notation = value === undefined || allowed.includes(key) ? undefined : recognise(key, value.reveal());
    if (notation === undefined || notation.judgedBy === type) continue;
    found.set(notation, [...(found.get(notation) ?? []), key]);
  }
  return [...found].map(([notation, keys]) => describeNotation(notation, { origin, file, keys: keys.sort() }));
}

function describeNotation(
  { tool, kind, resolve }: Notation,
  { origin, file, keys }: Pick<JudgeInput, "origin" | "file"> & { keys: readonly string[] },
): Problem {
  const [holds, name] = keys.length === 1 ? ["holds", "the key"] : ["hold", "the keys"];
  const what = kind === "reference" ? "a reference of" : "ciphertext of";
  return {
    code: kind === "reference" ? "source.unresolved_reference" : "source.encrypted",
    message: `${origin}: ${keys.join(", ")} ${holds} ${what} ${tool}, not a value; resolve it first with ${file === undefined ? resolve : resolve.replace("<file>", () => file)}, or name ${name} in \`allowReferences\` if the app resolves it`,
  };
}
