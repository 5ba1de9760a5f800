// Exported states, as `pulumi stack export` prints them: secrets are ciphertext.

import { type Deployment, deployment, readSyncs, type SyncOnRecord } from "../../provider/commands/deployment.js";

/** As state holds a secret that nobody has decrypted. */
export const ciphertext = {
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ciphertext: "v1:gMJEVYuDM9AC8vLH:Ub7xE9Yj/x55tVlVTWpgxNucy3aVkw==",
};

type Fields = Record<string, unknown>;

/** One sync of a file into the app `shop`, otherwise than usual where it is said. */
export function resourceOf(
  resource: string,
  { inputs = {}, outputs = {}, ...rest }: { inputs?: Fields; outputs?: Fields; delete?: boolean } = {},
): Fields {
  return {
    urn: `urn:pulumi:test::world::pulumi-nodejs:dynamic/secret-sync:SecretSync::${resource}`,
    type: "pulumi-nodejs:dynamic/secret-sync:SecretSync",
    inputs: {
      name: resource,
      source: { type: "file", path: "secrets.env" },
      destination: { type: "digital-ocean-app-platform", appName: "shop" },
      salt: ciphertext,
      ...inputs,
    },
    outputs: {
      syncStatus: "succeeded",
      lastSyncedAt: "2026-03-01T12:30:15.123Z",
      lastSyncMessage: "2 added",
      lastDeploymentId: "e9f77b5c-518b-42c2-817b-9914d8f7807d",
      version: 1,
      managedKeys: ["A", "B"],
      targetId: "f5b8c1aa-c3e7-4c5f-bac6-f384d70ecd56",
      targetUrl: "https://shop-f5b8c.ondigitalocean.app",
      drift: [],
      record: ciphertext,
      ...outputs,
    },
    ...rest,
  };
}

export function stateOf(...resources: Fields[]): Deployment {
  return deployment.parse({ version: 3, deployment: { resources } });
}

export function syncsOf(...resources: Fields[]): SyncOnRecord[] {
  return readSyncs(stateOf(...resources));
}
