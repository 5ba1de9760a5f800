// Documents: the page for people who come from Infisical names every field of what they leave.

import { expect, it } from "vitest";
import { read } from "./markdown.js";

/** The fields of the reference, request and answer. https://infisical.com/docs/api-reference/endpoints/secret-syncs */
const fields = {
  "DigitalOcean App Platform sync": [
    "name projectId description connectionId environment secretPath isEnabled",
    "syncOptions.initialSyncBehavior syncOptions.keySchema syncOptions.autoSyncEnabled syncOptions.disableSecretDeletion",
    "destinationConfig.appId destinationConfig.appName",
    "id version folderId createdAt updatedAt syncStatus lastSyncJobId lastSyncMessage lastSyncedAt",
    "connection.app connection.name connection.id environment.slug environment.name environment.id folder.id folder.path",
    "destination",
  ],
  "Netlify sync": [
    "name projectId description connectionId environment secretPath isAutoSyncEnabled",
    "syncOptions.initialSyncBehavior syncOptions.keySchema syncOptions.disableSecretDeletion",
    "destinationConfig.accountId destinationConfig.accountName destinationConfig.siteId destinationConfig.siteName",
    "destinationConfig.context importStatus lastImportJobId lastImportMessage lastImportedAt",
    "removeStatus lastRemoveJobId lastRemoveMessage lastRemovedAt",
  ],
  "DigitalOcean connection": [
    "connectionId credentials name description isPlatformManagedCredentials gatewayId isAutoRotationEnabled rotation",
    "id orgId createdAt updatedAt app method version projectId credentialsHash",
    "project.name project.id project.type project.slug rotation.rotationInterval rotation.rotationStatus",
    "rotation.rotateAtUtc rotation.lastRotationMessage rotation.nextRotationAt",
  ],
};

it.each(Object.entries(fields))("names every field of the %s", (heading, names) => {
  const section = read("docs/coming-from-infisical.md").split(`\n## ${heading}\n`)[1]?.split("\n## ")[0] ?? "";
  // The first cell of each row, in the words of Infisical.
  const named = [...section.matchAll(/^\| ([^|]+) \|/gm)].flatMap(([, cell = ""]) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name),
  );
  const wanted = names.flatMap((line) => line.split(" "));
  expect(wanted.filter((name) => !named.includes(name))).toEqual([]);
});
