// Two secrets of AWS Secrets Manager become variables of an app on DigitalOcean App Platform.
import * as pulumi from "@pulumi/pulumi";
import { SecretSync } from "pulumi-secret-sync";

const config = new pulumi.Config();

const web = new SecretSync("web", {
  source: {
    type: "aws-secrets-manager",
    region: config.get("region") ?? "eu-central-1",
    // A JSON object gives one key per member; any other text one key: DATABASE_URL.
    secretIds: ["prod/web", "prod/web/database-url"],
  },
  destination: { type: "digital-ocean-app-platform", appName: config.require("appName"), scope: "RUN_TIME" },
});

export const status = web.syncStatus;
export const keys = web.managedKeys;
