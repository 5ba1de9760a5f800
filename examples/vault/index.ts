// Two secrets of a KV version 2 mount of Vault or OpenBao become variables of an app on DigitalOcean App Platform.
import * as pulumi from "@pulumi/pulumi";
import { Connection, SecretSync } from "pulumi-secret-sync";

const config = new pulumi.Config();

const vault = new Connection("vault", {
  app: "vault",
  method: "app-role",
  credentials: { roleId: config.requireSecret("roleId"), secretId: config.requireSecret("secretId") },
  baseUrl: config.require("vaultUrl"),
});

const web = new SecretSync("web", {
  // Later paths win, and every one has to be readable.
  source: { type: "vault", connection: vault, mount: "secret", paths: ["shared/web", "web/production"] },
  destination: { type: "digital-ocean-app-platform", appName: config.require("appName"), scope: "RUN_TIME" },
});

export const status = web.syncStatus;
export const keys = web.managedKeys;
