// IO side: the Doppler source. One call downloads a config with its references resolved.
// https://docs.doppler.com/reference/secrets-download

import { z } from "zod";
import { type Credentials, tellOrigin } from "../../../credentials/credentials.js";
import { createHttpClient, type HttpCall } from "../../../http/client.js";
import type { Network } from "../../../http/network.js";
import { readOrigin } from "../../../http/origin.js";
import type { Redacted } from "../../../redacted.js";
import type { DopplerSource } from "../../../../schema/index.js";
import { askConditionally, type Ask } from "../conditional.js";
import { failAnswer, withOrigin } from "../failure.js";
import { type ClientPlace, shareClients } from "../../../credentials/clients.js";
import type { RemoteStore } from "../../source.js";
import { readValues } from "../../documents/values.js";
import { blameRestricted, isPersonal, readNames } from "./restricted.js";

const publicOrigin = "https://api.doppler.com";

/** Doppler adds these to every download; they say where the config is, and are not secrets of the app. */
const injectedKeys = ["DOPPLER_PROJECT", "DOPPLER_ENVIRONMENT", "DOPPLER_CONFIG"];

const ownToken = z.object({ name: z.string().optional(), workplace: z.object({ name: z.string() }).optional() });

export function createDopplerStore(network: Network): RemoteStore<"doppler"> {
  const askOf = shareClients(findOrigin, (place) => askConditionally(openClient(place, network)));
  return {
    read: (source, { credentials }) => {
      const origin = describeOrigin(source);
      return withOrigin(origin, async () => {
        const answer = await askOf(credentials)({
          method: "GET",
          path: "/v3/configs/config/secrets/download",
          query: { format: "json", ...asked(source) },
          repeat: "safe",
        });
        const content = readValues({ text: answer.text, at: [], origin });
        const names = isPersonal(credentials.fields.get("serviceToken"))
          ? readNames((await askOf(credentials)(listNames(source))).body, origin)
          : [];
        const { values, faults } = blameRestricted(content, { names, origin });
        if (!isConfig(values, source)) throw failAnswer(origin, "this config with the keys that Doppler adds to it");
        if (source.includeInjectedKeys === true) return { values, faults };
        return { values: new Map([...values].filter(([key]) => !injectedKeys.includes(key))), faults };
      });
    },
    prove: async (credentials) => {
      const answer = await askOf(credentials)({ method: "GET", path: "/v3/me", repeat: "safe" });
      const { data } = ownToken.safeParse(answer.body);
      const account = [data?.workplace?.name, data?.name].filter((part) => part !== undefined).join(" / ");
      return { account: account === "" ? undefined : account };
    },
  };
}

/** Every read creates a new dynamic secret: it would always look changed and never end its lease. */
function asked({ project, config }: DopplerSource) {
  return { include_dynamic_secrets: false, project, config };
}

function listNames(source: DopplerSource): HttpCall {
  return { method: "GET", path: "/v3/configs/config/secrets/names", query: asked(source), repeat: "safe" };
}

/** Any JSON object reads as a config: only what Doppler adds distinguishes it from a gateway's answer, and this config from others. */
function isConfig(values: ReadonlyMap<string, Redacted>, { project, config }: DopplerSource): boolean {
  const [ownProject, ownConfig] = ["DOPPLER_PROJECT", "DOPPLER_CONFIG"].map((key) => values.get(key)?.reveal());
  if (ownProject === undefined || ownConfig === undefined) return false;
  return ownProject === (project ?? ownProject) && ownConfig === (config ?? ownConfig);
}

function findOrigin({ baseUrl }: Credentials): string {
  return readOrigin(baseUrl ?? publicOrigin, ["/v3"]);
}

function openClient({ credentials, origin }: ClientPlace, network: Network): Ask {
  const token = credentials.fields.get("serviceToken");
  const http = createHttpClient({
    vendor: "Doppler",
    origin,
    headers: () => ({ authorization: `Bearer ${token?.reveal() ?? ""}` }),
    ...network,
    // The smallest plan's limit for reading: https://docs.doppler.com/docs/platform-limits
    pace: { requests: 120, windowMs: 60_000, parallel: 4 },
    hints: {
      401: `the token${tellOrigin(credentials)} is invalid, expired or revoked: create a service token for the config and set it in its place`,
      403: "the token has no read access to this config: a service token belongs to one config, and the token of a person does not read Restricted values",
      404: "check `project` and `config`; with a service token leave both out",
    },
  });
  return (call) => http.request(call);
}

function describeOrigin({ project, config }: DopplerSource): string {
  return project === undefined
    ? "doppler source (the service token's config)"
    : `doppler source ${project}/${config ?? ""}`;
}
