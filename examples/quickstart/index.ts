// Two sources, one app: a file and the stack's configuration become variables of an app on DigitalOcean App Platform.
import * as pulumi from "@pulumi/pulumi";
import { SecretSync } from "pulumi-secret-sync";

const config = new pulumi.Config();

const web = new SecretSync("web", {
  source: [
    { type: "file", path: "secrets.env" },
    { type: "inline", values: { DATABASE_URL: config.requireSecret("databaseUrl") } },
  ],
  destination: { type: "digital-ocean-app-platform", appName: config.require("appName"), scope: "RUN_TIME" },
  syncOptions: { keySchema: "QUICKSTART_{{secretKey}}" },
});

export const status = web.syncStatus;
export const keys = web.managedKeys;
