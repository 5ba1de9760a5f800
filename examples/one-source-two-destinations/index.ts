// One source, two destinations: the file is read once per run, and each destination reports for itself.

import * as pulumi from "@pulumi/pulumi";
import { SecretSync, type SecretSyncArgs } from "pulumi-secret-sync";

const config = new pulumi.Config();
const source: SecretSyncArgs["source"] = { type: "file", path: "secrets.env" };

const api = new SecretSync("api", {
  source,
  destination: { type: "digital-ocean-app-platform", appName: config.require("app"), scope: "RUN_TIME" },
});

const site = new SecretSync("site", {
  source: { ...source, exclude: ["DATABASE_*"] },
  destination: { type: "netlify", siteId: config.require("siteId"), contexts: ["production", "deploy-preview"] },
});

export const keys = { api: api.managedKeys, site: site.managedKeys };
