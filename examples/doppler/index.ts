// A config of a Doppler project becomes variables of an app on DigitalOcean App Platform.
import * as pulumi from "@pulumi/pulumi";
import { Connection, SecretSync } from "pulumi-secret-sync";

const config = new pulumi.Config();

const doppler = new Connection("doppler", {
  app: "doppler",
  method: "service-token",
  credentials: { serviceToken: config.requireSecret("serviceToken") },
  // Only for a proxy or an emulator.
  baseUrl: config.get("dopplerUrl") ?? "https://api.doppler.com",
});

const web = new SecretSync("web", {
  source: { type: "doppler", connection: doppler },
  destination: { type: "digital-ocean-app-platform", appName: config.require("appName"), scope: "RUN_TIME" },
});

export const status = web.syncStatus;
export const keys = web.managedKeys;
