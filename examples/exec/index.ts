// What a command prints becomes variables of an app on DigitalOcean App Platform: here sops, which decrypts a file in git.
import * as pulumi from "@pulumi/pulumi";
import { SecretSync } from "pulumi-secret-sync";

const config = new pulumi.Config();

const web = new SecretSync("web", {
  // The output keeps the format of the file: as JSON, its values would keep their quotes and comments.
  source: {
    type: "exec",
    command: ["sops", "decrypt", "--output-type", "dotenv", "secrets.enc.env"],
    format: "dotenv",
  },
  destination: { type: "digital-ocean-app-platform", appName: config.require("appName"), scope: "RUN_TIME" },
});

export const status = web.syncStatus;
export const keys = web.managedKeys;
