// A file beside the program becomes variables of an app on DigitalOcean App Platform.
import * as pulumi from "@pulumi/pulumi";
import { SecretSync } from "pulumi-secret-sync";

const config = new pulumi.Config();

const web = new SecretSync("web", {
  source: { type: "file", path: "secrets.yaml", exclude: ["debug_*"] },
  destination: { type: "digital-ocean-app-platform", appName: config.require("appName"), scope: "RUN_TIME" },
});

export const status = web.syncStatus;
export const keys = web.managedKeys;
