// A folder of an Infisical project, with its imports, becomes variables of an app on DigitalOcean App Platform.
import * as pulumi from "@pulumi/pulumi";
import { Connection, SecretSync } from "pulumi-secret-sync";

const config = new pulumi.Config();

const infisical = new Connection("infisical", {
  app: "infisical",
  method: "universal-auth",
  credentials: { clientId: config.requireSecret("clientId"), clientSecret: config.requireSecret("clientSecret") },
  // The EU cloud is https://eu.infisical.com; a server of one's own is named by its address.
  baseUrl: config.get("infisicalUrl") ?? "https://app.infisical.com",
});

const web = new SecretSync("web", {
  source: {
    type: "infisical",
    connection: infisical,
    projectId: config.require("projectId"),
    environment: config.get("environment") ?? "prod",
    secretPath: "/web",
  },
  destination: { type: "digital-ocean-app-platform", appName: config.require("appName"), scope: "RUN_TIME" },
});

export const status = web.syncStatus;
export const keys = web.managedKeys;
