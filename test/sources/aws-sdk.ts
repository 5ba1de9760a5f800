// Test support: a stand-in for the SDK of AWS, and a source that is read through it.

import { takeFrom } from "../../provider/sources/documents/content.js";
import type { LoadSdk, SdkModule } from "../../provider/sources/remote/aws-secrets-manager/client.js";
import { createAwsStore } from "../../provider/sources/remote/aws-secrets-manager/index.js";
import type { AwsSecretsManagerSource } from "../../schema/index.js";
import { canary } from "./canary.js";
import { makeCredentials } from "./reading.js";

type Input = Record<string, unknown>;

/** Stands in for the SDK: answers each command by its name. */
export function sdkThat(answer: (command: string, input: Input) => unknown): LoadSdk {
  const command = (name: string) =>
    class {
      readonly name = name;
      constructor(readonly input: Input) {}
    };
  const sdk = {
    SecretsManagerClient: class {
      send({ name, input }: { name: string; input: Input }): Promise<unknown> {
        return Promise.resolve(answer(name, input));
      }
    },
    GetSecretValueCommand: command("get"),
    BatchGetSecretValueCommand: command("batch"),
    ListSecretsCommand: command("list"),
  };
  return () => Promise.resolve(sdk as unknown as SdkModule);
}

export function throwing(name: string, message: string): () => never {
  return () => {
    throw Object.assign(new Error(message), { name });
  };
}

export const credentials = makeCredentials("aws", { accessKeyId: "AKIA", secretAccessKey: canary });

export async function read(load: LoadSdk, given: Omit<Partial<AwsSecretsManagerSource>, "type">) {
  const source = { type: "aws-secrets-manager", ...given } as const;
  return takeFrom(await createAwsStore(load).read(source, { credentials, environment: {} }));
}
