// What a command prints becomes variables of an app on DigitalOcean App Platform: here sops, which decrypts a file in git.
import * as pulumi from "@pulumi/pulumi";
import { SecretSync } from "pulumi-secret-sync";

const config = new pulumi.Config();

const web = new SecretSync("web", {
  source: { type: "exec", command: ["sops", "decrypt", "--output-type", "json", "secrets.enc.env"] },
  destination: { type: "digital-ocean-app-platform", appName: config.require("appName"), scope: "RUN_TIME" },
});

export const status = web.syncStatus;
export const keys = web.managedKeys;
