// A connection that a sync gives by its arguments: a field that no connection has is refused, as one of the resource Connection is.

import { expect, test } from "vitest";
import type { Properties } from "../../provider/lifecycle/engine/wire.js";
import { openStack, sync } from "./stack.js";

const ocean = { app: "digital-ocean", method: "api-token", credentials: { apiToken: "dop_v1_any" } };
const doppler = { app: "doppler", method: "service-token", credentials: { serviceToken: "dp.st.any" } };

test.each<[string, Properties, string]>([
  [
    "of a destination",
    { destination: { connection: { ...ocean, baseURL: "https://proxy.example" } } },
    'argument.invalid: destination.connection: unknown field "baseURL"; did you mean "baseUrl"?',
  ],
  [
    "of a source, without whose `baseUrl` the credentials would go to the public service",
    { source: { type: "doppler", connection: { ...doppler, base_url: "https://doppler.example" } } },
    'argument.invalid: source.connection: unknown field "base_url"; did you mean "baseUrl"?',
  ],
  [
    "with a field of the reference that is not supported",
    { destination: { connection: { ...ocean, gatewayId: "g" } } },
    "argument.invalid: destination.connection.gatewayId: is not supported for these connections: leave it out",
  ],
])("%s", async (_, args, message) => {
  const stack = await openStack();
  const { id: appId } = stack.cloud.createApp({ name: "shop", services: [{ name: "web" }] });
  const { destination, ...rest } = args;
  const declared = sync("web", { A: "a-value" }, { destination: { appId, ...(destination as Properties) } });
  const { problems } = await stack.preview([{ ...declared, args: { ...declared.args, ...rest } }]);
  expect(problems.trim()).toBe(message);
});
