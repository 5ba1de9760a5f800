// An app and its secrets in one program. Two lines make them live together: `ignoreChanges` here, `refresh: always` in Pulumi.yaml.

import * as digitalocean from "@pulumi/digitalocean";
import { ignoreEnvChanges, SecretSync } from "pulumi-secret-sync";

const spec = {
  name: "web",
  region: "fra",
  services: [
    {
      name: "web",
      httpPort: 8080,
      image: { registryType: "DOCKER_HUB", registry: "library", repository: "nginx", tag: "stable" },
    },
  ],
};

// Without the list the App's next change of anything wipes every variable that it does not declare itself.
const app = new digitalocean.App("web", { spec }, { ignoreChanges: ignoreEnvChanges(spec) });

const secrets = new SecretSync("web", {
  source: { type: "file", path: "secrets.env" },
  destination: { type: "digital-ocean-app-platform", appId: app.id, components: ["web"], scope: "RUN_TIME" },
});

export const url = app.liveUrl;
export const keys = secrets.managedKeys;
