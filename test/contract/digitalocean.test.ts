// DigitalOcean App Platform keeps the contract of a destination.
import { createAdapter } from "../../provider/destinations/digitalocean/index.js";
import { redact } from "../../provider/redacted.js";
import { appPlatformDestination } from "../../schema/index.js";
import { type EnvEntry, type Spec, startDigitalOcean } from "../emulators/digitalocean/index.js";
import { createHastyClock } from "./hasty-clock.js";
import { describeDestination } from "./suite.js";
import type { Subject } from "./subject.js";
import { createSync } from "./sync.js";

const services = ["web", "worker"];

async function start(): Promise<Subject> {
  const clock = createHastyClock();
  const ocean = await startDigitalOcean({ clock: () => clock.now() });
  const { id } = ocean.createApp({ name: "shop", services: services.map((name) => ({ name, instance_count: 1 })) });
  const envsOf = (spec: Spec, slot: string): EnvEntry[] => {
    const service = spec.services?.find((one) => one.name === slot);
    if (service === undefined) throw new Error(`no service ${slot}`);
    return (service.envs ??= []);
  };
  const valueOf = (env: EnvEntry) => (env.type === "SECRET" ? ocean.decrypt(id, env.value ?? "") : (env.value ?? ""));
  return {
    clock,
    slot: "web",
    otherSlot: "worker",
    open: (owner, slot = "web") => {
      const adapter = createAdapter({ clock, random: () => 0.5, mask: () => [] });
      const destination = appPlatformDestination.parse({
        type: "digital-ocean-app-platform",
        appId: id,
        components: [slot],
        allowBindables: true,
      });
      const fields = new Map([["apiToken", redact(ocean.token)]]);
      return createSync(adapter.open(destination, { app: "digital-ocean", fields, baseUrl: ocean.url }), clock, owner);
    },
    stored: () => {
      const { spec } = ocean.app(id);
      return Object.fromEntries(
        services.map((slot) => {
          const envs = spec.services?.find((one) => one.name === slot)?.envs ?? [];
          return [slot, Object.fromEntries(envs.map((env) => [env.key, valueOf(env)]))];
        }),
      );
    },
    edit: (slot, key, value) => {
      ocean.editConsole(id, (spec) => {
        const envs = envsOf(spec, slot);
        const known = envs.find((env) => env.key === key);
        if (known) known.value = value;
        else envs.push({ key, value, scope: "RUN_TIME" });
      });
      ocean.settle(id);
    },
    drop: (slot, key) => {
      ocean.editConsole(id, (spec) => {
        const envs = envsOf(spec, slot);
        envs.splice(0, envs.length, ...envs.filter((env) => env.key !== key));
      });
      ocean.settle(id);
    },
    writes: () => ocean.requests.filter((one) => one.method === "PUT").length,
    rest: () => {
      const { spec } = ocean.app(id);
      return JSON.stringify({ ...spec, services: spec.services?.map(({ envs: _envs, ...service }) => service) });
    },
    loseNextAnswer: () => void ocean.faults.add({ match: { method: "PUT" }, resetAfter: true }),
    refuseWrites: () => void ocean.faults.add({ match: { method: "PUT", times: 1_000 }, status: 403 }),
    accept: () => ocean.faults.clear(),
    close: async () => {
      await ocean.close();
      if (ocean.complaints.length > 0) throw new Error(JSON.stringify(ocean.complaints));
    },
  };
}

describeDestination("DigitalOcean App Platform", start);
