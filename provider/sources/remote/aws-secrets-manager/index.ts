// IO side: the AWS Secrets Manager source. One secret is one call, several are batches of twenty; each must be there.

import type {
  BatchGetSecretValueResponse,
  GetSecretValueResponse,
  SecretsManagerClient,
  SecretValueEntry,
} from "@aws-sdk/client-secrets-manager";
import { isSecretSyncError, type Problem, SecretSyncError } from "../../../errors.js";
import { redact, type Redacted } from "../../../redacted.js";
import type { Content, Fault } from "../../documents/content.js";
import type { AwsSecretsManagerSource } from "../../../../schema/index.js";
import { readOrigin } from "../../../http/origin.js";
import { shareClients } from "../../../credentials/clients.js";
import type { Credentials } from "../../../credentials/credentials.js";
import { withOrigin } from "../failure.js";
import type { RemoteStore } from "../../source.js";
import { explainFailure, loadSdk, openClient, requireSdk, type LoadSdk, type SdkModule } from "./client.js";
import { checkEndpoints } from "./endpoint.js";
import { readSecretValue } from "./secret.js";

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_BatchGetSecretValue.html */
const batchSize = 20;

type Answered = GetSecretValueResponse | SecretValueEntry;

export function createAwsStore(load: LoadSdk = loadSdk): RemoteStore<"aws-secrets-manager"> {
  // Without an endpoint the SDK finds the one of the region.
  const findOrigin = ({ baseUrl }: Credentials) => (baseUrl === undefined ? "" : readOrigin(baseUrl, []));
  const clientOf = shareClients(findOrigin, async ({ credentials, origin, part: region }) => {
    const sdk = await requireSdk(load);
    return { sdk, client: openClient(sdk, { credentials, origin, region }) };
  });
  return {
    read: async (source, { credentials, environment }) => {
      const ids = source.secretIds ?? [source.secretId ?? ""];
      const { sdk, client } = await withOrigin("aws-secrets-manager source", async () => {
        checkEndpoints(environment);
        return clientOf(credentials, source.region);
      });
      const answered = await readSecrets(ids, { sdk, client });
      return await mergeSecrets(ids, { answered, source });
    },
    prove: async (credentials, environment) => {
      checkEndpoints(environment);
      // A key of another partition, as in China or GovCloud, is valid in its own regions only.
      const known = environment["AWS_REGION"] || environment["AWS_DEFAULT_REGION"];
      const region = known || "us-east-1";
      const origin = `aws connection in ${region}${known ? "" : ", because AWS_REGION is not set"}`;
      const { sdk, client } = await clientOf(credentials, region);
      try {
        await client.send(new sdk.ListSecretsCommand({ MaxResults: 1 }));
      } catch (error) {
        const problem = explainFailure(error, origin);
        // The credentials are valid, but may not list, which reading does not need either.
        if (problem.code !== "source.forbidden") throw new SecretSyncError(problem);
      }
      return { account: undefined };
    },
  };
}

interface ReadInput {
  readonly sdk: SdkModule;
  readonly client: SecretsManagerClient;
}

async function readSecrets(ids: readonly string[], reading: ReadInput): Promise<Answered[]> {
  const unique = [...new Set(ids)];
  if (unique.length === 1) return [await readOne(unique[0] ?? "", reading)];
  const batches = Array.from({ length: Math.ceil(unique.length / batchSize) }, (_, index) =>
    unique.slice(index * batchSize, (index + 1) * batchSize),
  );
  const read = await Promise.all(batches.map((batch) => readBatch(batch, reading)));
  const problems = read.flatMap((batch) => batch.problems);
  if (problems.length > 0) throw new SecretSyncError(problems);
  return read.flatMap((batch) => batch.values);
}

/** Needs only `GetSecretValue`, which is what a careful policy allows. */
async function readOne(id: string, { sdk, client }: ReadInput): Promise<Answered> {
  try {
    return await client.send(new sdk.GetSecretValueCommand({ SecretId: id }));
  } catch (error) {
    throw new SecretSyncError(explainFailure(error, describeSecret(id)));
  }
}

interface Batch {
  readonly values: readonly Answered[];
  readonly problems: readonly Problem[];
}

async function readBatch(ids: readonly string[], reading: ReadInput): Promise<Batch> {
  const values: Answered[] = [];
  const problems: Problem[] = [];
  try {
    for await (const { SecretValues, Errors } of readPages(ids, reading)) {
      values.push(...(SecretValues ?? []));
      for (const { SecretId = "?", ErrorCode = "", Message = "" } of Errors ?? []) {
        const named = Object.assign(new Error(Message), { name: ErrorCode });
        problems.push(explainFailure(named, describeSecret(SecretId)));
      }
    }
  } catch (error) {
    const origin = describeSecret(ids.join(", "));
    problems.push(explainFailure(error, origin));
  }
  return { values, problems };
}

/** Each page has to mention another one of the secrets, so that the pages end whatever the answers are. */
async function* readPages(
  ids: readonly string[],
  { sdk, client }: ReadInput,
): AsyncGenerator<BatchGetSecretValueResponse> {
  const told = new Set<string>();
  let token: string | undefined;
  do {
    const page = await client.send(new sdk.BatchGetSecretValueCommand({ SecretIdList: [...ids], NextToken: token }));
    yield page;
    const before = told.size;
    for (const { ARN, Name } of page.SecretValues ?? []) told.add(ARN ?? Name ?? "");
    for (const { SecretId } of page.Errors ?? []) told.add(SecretId ?? "");
    token = page.NextToken || undefined;
    if (token !== undefined && (told.size === before || told.size > ids.length))
      throw new SecretSyncError({
        code: "source.incomplete",
        message: "the pages of the answer do not end; run again",
      });
  } while (token !== undefined);
}

interface MergeInput {
  readonly answered: readonly Answered[];
  readonly source: AwsSecretsManagerSource;
}

/** In the order of the arguments; a batch answers in its own. */
async function mergeSecrets(ids: readonly string[], { answered, source }: MergeInput): Promise<Content<Redacted>> {
  const merged = new Map<string, Redacted>();
  const faults: Fault[] = [];
  const problems: Problem[] = [];
  for (const id of ids) {
    const origin = describeSecret(id);
    const secret = answered.find((one) => ids.length === 1 || isSecret(one, id));
    // An answer with no value of either kind is not from AWS: a gateway's answer must not count as an ignored binary secret.
    if (secret === undefined || !hasValue(secret)) {
      problems.push({
        code: "source.incomplete",
        message: `${origin}: the answer holds neither a value of the secret nor an error for it; run again`,
      });
      continue;
    }
    try {
      const { Name, SecretString } = secret;
      const text = typeof SecretString === "string" ? redact(SecretString) : undefined;
      const content = await readSecretValue({ name: Name ?? id, text, origin, source });
      for (const [key, value] of content.values) merged.set(key, value);
      faults.push(...content.faults);
    } catch (error) {
      if (!isSecretSyncError(error)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0) throw new SecretSyncError(problems);
  return { values: merged, faults };
}

function hasValue({ SecretString, SecretBinary }: Answered): boolean {
  return typeof SecretString === "string" || (SecretBinary ?? undefined) !== undefined;
}

/** An id is a name, an ARN, or an ARN without the six random characters at its end. */
function isSecret({ Name, ARN }: Answered, id: string): boolean {
  return Name === id || ARN === id || (id.startsWith("arn:") && ARN?.slice(0, -7) === id);
}

function describeSecret(id: string): string {
  return `aws-secrets-manager source ${id}`;
}
