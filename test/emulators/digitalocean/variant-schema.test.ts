// The documented form of answers, in every position of every switch: which positions keep to it, and where the others deviate.
import { expect, test } from "vitest";
import { secret, webSpec } from "./caller.js";
import { ALTERNATIVES, describeVariant, randomVariant, startDigitalOcean, validateAnswer } from "./index.js";
import type { DigitalOceanEmulator, Variant } from "./index.js";

const READER = "dop_v1_reader";

interface Exchange {
  route: string;
  status: number;
  deviations: string[];
}

/** One of each request that a client may send, in the order of a sync's life. */
async function walk(variant: Partial<Variant>): Promise<Exchange[]> {
  const ocean = await startDigitalOcean({ deployment: { phaseMs: 0 }, variant });
  ocean.tokens.set(READER, { scopes: ["database:read", "app:read"] });
  const exchanges: Exchange[] = [];
  const call = async (
    method: string,
    path: string,
    { body, token = ocean.token }: { body?: unknown; token?: string } = {},
  ) => {
    const response = await fetch(ocean.url + path, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const json: { app?: { id: string } } = JSON.parse(await response.text());
    const route = path.includes("name=") && !json.app ? "GET /v2/apps" : `${method} ${path}`;
    exchanges.push({ route, status: response.status, deviations: validateAnswer(route, response.status, json) });
    return json;
  };
  await call("GET", "/v2/apps");
  await call("GET", "/v2/databases");
  const id = (await call("POST", "/v2/apps", { body: { spec: fullSpec() } })).app?.id ?? "";
  await call("GET", `/v2/apps/${id}`);
  await call("POST", "/v2/apps/propose", { body: { spec: fullSpec(), app_id: id } });
  await call("PUT", `/v2/apps/${id}`, { body: { spec: { ...fullSpec(), envs: [{ key: "A", value: "2" }] } } });
  await call("GET", `/v2/apps/${id}`);
  await call("GET", "/v2/apps/?name=shop");
  await call("GET", `/v2/apps/${id}/deployments`);
  await call("GET", `/v2/apps/${id}/deployments`);
  await failOnce(ocean, id);
  await call("GET", `/v2/apps/${id}`);
  await call("GET", `/v2/apps/${id}/deployments/${ocean.deployments(id).at(-1)?.id}`);
  await call("GET", "/v2/apps?per_page=200");
  const cluster = ocean.addDatabase({ name: "backend" });
  await call("GET", "/v2/databases", { token: READER });
  await call("GET", `/v2/databases/${cluster.id}`, { token: READER });
  await ocean.close();
  return exchanges;
}

function fullSpec() {
  const envs = [secret("TOKEN", "one"), { key: "MODE", value: "" }];
  return { ...webSpec(envs, [{ key: "A", value: "1" }]), workers: [{ name: "queue", envs: [] }] };
}

async function failOnce(ocean: DigitalOceanEmulator, id: string): Promise<void> {
  ocean.failNextDeployment(id, { step: "deploy" });
  ocean.editConsole(id, (spec) => (spec.envs = [secret("B", "3")]));
  ocean.settle(id);
}

/** What the documentation objects to in a position that goes against it. Every other position keeps to it. */
const AGAINST: Record<string, RegExp> = {
  "emptyEnvs=null": /\/envs must be array$/,
  "pendingInPut=empty": /^\/app\/pending_deployment must have required property '(?:id|spec)'$/,
  "noDeployment=null": /_deployment must be object$/,
  "noDeployment=empty": /_deployment must have required property/,
  "updatedAt=left-out": /^\/app(?:s\/0)? must have required property 'updated_at'$/,
  "emptyList=null": /^\/(?:apps|databases) must be array$/,
  "emptyList=left-out": /^\/ must have required property '(?:apps|databases)'$/,
};

test("the defaults answer every request of a sync's life as documented", async () => {
  const exchanges = await walk({});
  expect(exchanges).toHaveLength(15);
  for (const { route, status, deviations } of exchanges) expect([route, status, deviations]).toEqual([route, 200, []]);
});

test.each(ALTERNATIVES)("$title keeps to the documentation, or deviates where it says", async ({ title, variant }) => {
  const found = (await walk(variant)).flatMap(({ deviations }) => deviations);
  const expected = AGAINST[title];
  if (expected === undefined) expect(found).toEqual([]);
  else {
    expect(found).not.toEqual([]);
    expect(found.filter((deviation) => !expected.test(deviation))).toEqual([]);
  }
});

test.each(Array.from({ length: 40 }, (_, index) => index + 1))(
  "random variant %d breaks nothing else",
  async (seed) => {
    const variant = randomVariant(seed);
    const allowed = Object.entries(AGAINST).filter(([title]) => describeVariant(variant).split(" ").includes(title));
    const exchanges = await walk(variant);
    const unexpected = exchanges.flatMap(({ deviations }) =>
      deviations.filter((each) => !allowed.some(([, rule]) => rule.test(each))),
    );
    expect(unexpected).toEqual([]);
    const refused = exchanges
      .filter(({ status }) => status !== 200)
      .map(({ route, status }) => `${route.split(" ")[0]} ${status}`);
    expect(refused.filter((each) => !["GET 404", "POST 404", "POST 403"].includes(each))).toEqual([]);
  },
);
