// Secrets of the stack's configuration become variables of an app on DigitalOcean App Platform; a pull request changes both.
import * as pulumi from "@pulumi/pulumi";
import { SecretSync } from "pulumi-secret-sync";

const config = new pulumi.Config();

const web = new SecretSync("web", {
  source: { type: "inline", values: config.requireSecretObject<Record<string, string>>("web") },
  destination: { type: "digital-ocean-app-platform", appName: config.require("appName"), scope: "RUN_TIME" },
});

export const status = web.syncStatus;
