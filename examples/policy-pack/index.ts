// Policy pack: in production no variable that people could read may have a name that looks like a secret.
import { PolicyPack } from "@pulumi/policy";
import { defaults, findReadable, type Rule } from "./rule";

/** Served by the npm package's dynamic provider, and by the plugin. */
const syncTypes = ["pulumi-nodejs:dynamic/secret-sync:SecretSync", "secret-sync:index:SecretSync"];

new PolicyPack("secret-sync", {
  policies: [
    {
      name: "no-readable-secrets",
      description: "A variable whose name looks like a secret is written as one.",
      enforcementLevel: "mandatory",
      configSchema: {
        properties: {
          names: { type: "string", default: defaults.names },
          stacks: { type: "string", default: defaults.stacks },
        },
      },
      validateResource: (sync, report) => {
        if (!syncTypes.includes(sync.type)) return;
        for (const violation of findReadable(sync.urn, sync.props, sync.getConfig<Rule>())) report(violation);
      },
    },
  ],
});
