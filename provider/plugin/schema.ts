// Provider process: the package schema that languages are generated from and YAML programs are checked with.

import { readFile } from "node:fs/promises";
import path from "node:path";
import { providerSettings } from "../credentials/destination-lookup.js";
import { version } from "../http/version.js";

/** Generated; it lies beside the JSON schemas, two folders above the build of this file. */
const file = path.join(__dirname, "..", "..", "..", "schema", "pulumi.json");

/** One JSON text. Without the generated file, it has the names of the arguments, each of any type. */
export async function readSchema(): Promise<string> {
  return readFile(file, "utf8").catch(() => JSON.stringify(minimalSchema));
}

const anything = { $ref: "pulumi.json#/Any" };

function list(names: readonly string[]) {
  return Object.fromEntries(names.map((name) => [name, anything]));
}

interface Names {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  readonly outputs: readonly string[];
}

function resource({ required, optional, outputs }: Names) {
  return { inputProperties: list([...required, ...optional]), requiredInputs: required, properties: list(outputs) };
}

const minimalSchema = {
  name: "secret-sync",
  version,
  provider: { inputProperties: list(Object.keys(providerSettings)) },
  resources: {
    "secret-sync:index:SecretSync": resource({
      required: ["source", "destination"],
      optional: ["name", "description", "syncOptions", "isEnabled"],
      outputs: [
        "syncStatus",
        "lastSyncedAt",
        "lastSyncMessage",
        "lastDeploymentId",
        "version",
        "managedKeys",
        "targetId",
        "targetUrl",
        "drift",
      ],
    }),
    "secret-sync:index:Connection": resource({
      required: ["app", "method", "credentials"],
      optional: ["name", "description", "baseUrl"],
      outputs: ["version", "account", "credentialsHash", "createdAt", "updatedAt"],
    }),
  },
};
