// Values of the program itself, such as stack configuration and outputs, become variables of an app on DigitalOcean App Platform.
import * as pulumi from "@pulumi/pulumi";
import { SecretSync } from "pulumi-secret-sync";

const config = new pulumi.Config();

const web = new SecretSync("web", {
  source: {
    type: "inline",
    values: {
      SESSION_KEY: config.requireSecret("sessionKey"),
      PUBLIC_URL: pulumi.interpolate`https://${config.require("appName")}.example.com`,
    },
  },
  destination: { type: "digital-ocean-app-platform", appName: config.require("appName"), scope: "RUN_TIME" },
});

export const status = web.syncStatus;
export const keys = web.managedKeys;
