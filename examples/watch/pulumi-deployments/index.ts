// Pulumi Cloud runs a stack of syncs by itself: an update every quarter of an hour for changed secrets, and a daily look for drift.
import * as pulumi from "@pulumi/pulumi";
import * as cloud from "@pulumi/pulumiservice";

const config = new pulumi.Config();
const stack = {
  organization: config.require("organization"),
  project: config.require("project"),
  stack: config.require("stack"),
};

const settings = new cloud.DeploymentSettings("settings", {
  ...stack,
  sourceContext: {
    git: { repoUrl: config.require("repository"), branch: "refs/heads/main", repoDir: config.get("directory") ?? "." },
  },
  operationContext: {
    environmentVariables: { DIGITALOCEAN_TOKEN: config.requireSecret("oceanToken") },
    // Two updates that wait for each other do the same: one is enough.
    options: { skipIntermediateDeployments: true },
  },
});

const after = { dependsOn: [settings] };

new cloud.DeploymentSchedule(
  "secrets",
  { ...stack, scheduleCron: "*/15 * * * *", pulumiOperation: cloud.PulumiOperation.Update },
  after,
);

new cloud.DriftSchedule("drift", { ...stack, scheduleCron: "0 5 * * *", autoRemediate: true }, after);
