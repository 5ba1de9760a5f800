// The variables of a Netlify site, per deploy context. Two syncs of one site: neither touches what the other, or a person, keeps there.

import * as pulumi from "@pulumi/pulumi";
import { SecretSync } from "pulumi-secret-sync";

const config = new pulumi.Config();
const siteId = config.require("siteId");

// The token comes from NETLIFY_AUTH_TOKEN, or from `pulumi config set --secret netlify:token …`; then it is in no state.
const production = new SecretSync("production", {
  source: {
    type: "inline",
    values: { DATABASE_URL: config.requireSecret("databaseUrl"), PUBLIC_ORIGIN: "https://shop.example.com" },
  },
  destination: {
    type: "netlify",
    siteId,
    contexts: ["production"],
    // A public value is no secret: Netlify's secret scanning would find it in the site's own pages and stop the build.
    variables: { PUBLIC_ORIGIN: { isSecret: false } },
    build: { trigger: config.getBoolean("build") ?? false },
  },
});

const previews = new SecretSync("previews", {
  source: { type: "file", path: "previews.env" },
  destination: {
    type: "netlify",
    siteId,
    contexts: ["deploy-preview", { context: "branch", branch: "staging" }],
    variables: { PUBLIC_ORIGIN: { isSecret: false } },
    build: { trigger: config.getBoolean("build") ?? false },
  },
});

export const keys = pulumi.all([production.managedKeys, previews.managedKeys]);
export const url = production.targetUrl;
