// The option `ignoreChanges` on a source or a destination that has a connection. A plugin finds the connection within them, so that the
// recorded ones, which the engine puts back, have none; a TypeScript program sends it beside them. No host takes other credentials instead.

import { expect, test } from "vitest";
import type { Properties } from "../../provider/lifecycle/engine/wire.js";
import { startDigitalOcean } from "../emulators/digitalocean/index.js";
import { startDoppler } from "../emulators/doppler/index.js";
import { onEnd } from "../running.js";
import { host, type ResourceOptions } from "./host.js";
import { openStack, type Program, sync, valuesAt } from "./stack.js";

/** A stack whose environment leads to another account than the connection of its program. Both have an app of that name. */
async function openAccounts() {
  const stack = await openStack();
  const { id: ofEnvironment } = stack.cloud.createApp({ name: "shop", services: [{ name: "web" }] });
  const cloud = await startDigitalOcean({ deployment: { phaseMs: 1 } });
  onEnd(() => cloud.close());
  const { id: ofConnection } = cloud.createApp({ name: "shop", services: [{ name: "web" }] });
  const credentials = { apiToken: cloud.token };
  const connection = { app: "digital-ocean", method: "api-token", credentials, baseUrl: cloud.url };
  const declare = (values: Properties, options: ResourceOptions = {}, rest: Properties = {}): Program => [
    { ...sync("web", values, { destination: { appName: "shop", connection }, ...rest }), options },
  ];
  const values = () => [valuesAt({ cloud }, ofConnection), valuesAt(stack, ofEnvironment)];
  return { stack, declare, values };
}

const refusals = {
  destination:
    /^ignored\.computed: ignoreChanges keeps the recorded destination, which has no connection, so other credentials/,
  source: /^source\.ignored: source: ignoreChanges keeps the recorded source, which has no connection, so other cred/,
};

const paths =
  host.name === "dynamic"
    ? ["destination"]
    : ["destination", "destination.connection", 'destination["connection"]', "destination.*"];

test.each(paths)(
  "a destination that stays as recorded by the path %s is not reached with other credentials",
  async (path) => {
    const { stack, declare, values } = await openAccounts();
    expect((await stack.up(declare({ A: "1" }))).problems).toBe("");
    // A path below the destination leaves what is recorded there.
    const [recorded] = [...stack.state.values()].map(({ inputs }) => inputs["destination"]);
    const put = host.name === "plugin" ? { destination: recorded } : {};
    for (const kind of ["preview", "up"] as const) {
      const run = await stack[kind](declare({ A: "2" }, { ignoreChanges: [path] }, path === "destination" ? {} : put));
      if (host.name === "dynamic") expect(run.problems).toBe("");
      else expect(run.problems).toMatch(refusals.destination);
    }
    expect(values()).toEqual([{ A: host.name === "dynamic" ? "2" : "1" }, {}]);
  },
);

test("paths of the destination that do not meet its connection are as good as ever", async () => {
  const { stack, declare, values } = await openAccounts();
  expect((await stack.up(declare({ A: "1" }))).problems).toBe("");
  const ignoreChanges = ["destination.scope", "destination.connection.baseUrl", "syncOptions"];
  expect((await stack.up(declare({ A: "2" }, { ignoreChanges }))).problems).toBe("");
  expect(values()).toEqual([{ A: "2" }, {}]);
});

test("a destination that gives its connection up takes the credentials of the environment, as the program says", async () => {
  const { stack, declare, values } = await openAccounts();
  expect((await stack.up(declare({ A: "1" }))).problems).toBe("");
  const program = [sync("web", { A: "1" }, { destination: { appName: "shop" } })];
  expect((await stack.up(program)).problems).toBe("");
  expect(values()[1]).toEqual({ A: "1" });
});

test.each(["source", ...(host.name === "plugin" ? ["source[0]", "source[*].connection"] : [])])(
  "a source that stays as recorded by the path %s is not read with other credentials",
  async (path) => {
    const doppler = await startDoppler();
    onEnd(() => doppler.close());
    const config = (name: string, A: string) => ({ project: "web", config: name, secrets: { A } });
    doppler.tokens.set("dp.st.ours", config("prd", "ours")).set("dp.st.theirs", config("dev", "theirs"));
    const stack = await openStack();
    const { id: appId } = stack.cloud.createApp({ name: "shop", services: [{ name: "web" }] });
    Object.assign(stack.environment, { DOPPLER_TOKEN: "dp.st.theirs", DOPPLER_API_HOST: doppler.origin });
    const credentials = { serviceToken: "dp.st.ours" };
    const connection = { app: "doppler", method: "service-token", credentials, baseUrl: doppler.origin };
    const declare = (source: Properties, options: ResourceOptions = {}): Program => {
      const declared = sync("web", {}, { destination: { appId } });
      return [{ ...declared, args: { ...declared.args, source: [source] }, options }];
    };
    expect((await stack.up(declare({ type: "doppler", connection }))).problems).toBe("");
    const given = path === "source" ? { type: "doppler", connection } : { type: "doppler" };
    for (const kind of ["preview", "up"] as const) {
      const { problems } = await stack[kind](declare(given, { ignoreChanges: [path] }));
      if (host.name === "dynamic") expect(problems).toBe("");
      else expect(problems).toMatch(refusals.source);
    }
    expect(valuesAt(stack, appId)).toEqual({ A: "ours" });
  },
);
