// The vendor's own TypeScript client as a caller. It knows nothing of this project, so it keeps the emulator honest.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { secret, webSpec } from "./caller.js";
import { startDigitalOcean } from "./index.js";
import type { DigitalOceanEmulator } from "./index.js";

// The parts of the generated client that are used here. Its own types would pull its whole source into the type check.
interface ClientEnv {
  key: string;
  value: string;
  scope: string;
  type: string;
}
interface ClientSpec {
  name: string;
  services: { name: string; envs: ClientEnv[] }[];
}
interface ClientDeployment {
  id: string;
  phase: string;
  progress: { totalSteps: number };
}
interface ClientApp {
  id: string;
  createdAt: Date;
  spec: ClientSpec;
  activeDeployment: ClientDeployment;
  pendingDeployment?: ClientDeployment;
  region: { slug: string };
}
interface AppAddress {
  get(): Promise<{ app: ClientApp }>;
  put(body: { spec: ClientSpec }): Promise<{ app: ClientApp }>;
  deployments: { get(): Promise<{ deployments: ClientDeployment[]; meta: { total: number } }> };
}
interface Client {
  v2: {
    apps: {
      get(options: { queryParameters: { perPage: number } }): Promise<{ apps: ClientApp[]; meta: { total: number } }>;
      byApp_Id(id: string): AppAddress;
    };
  };
}
interface Dots {
  createDigitalOceanClient(adapter: object): Client;
  DigitalOceanApiKeyAuthenticationProvider: new (token: string) => object;
}
interface Kiota {
  FetchRequestAdapter: new (authentication: object) => { baseUrl: string };
}

// A variable, so that the compiler does not follow the import into the client's source.
const CLIENT: string = "@digitalocean/dots";

/** The transport belongs to the client, so it is looked up from there. */
async function connect(ocean: DigitalOceanEmulator): Promise<Client> {
  const home = createRequire(createRequire(__filename).resolve("@digitalocean/dots/package.json"));
  const dots: Dots = await import(CLIENT);
  const kiota: Kiota = await import(pathToFileURL(home.resolve("@microsoft/kiota-http-fetchlibrary")).href);
  const adapter = new kiota.FetchRequestAdapter(new dots.DigitalOceanApiKeyAuthenticationProvider(ocean.token));
  adapter.baseUrl = ocean.url;
  return dots.createDigitalOceanClient(adapter);
}

let ocean: DigitalOceanEmulator;
let client: Client;
let id = "";

beforeEach(async () => {
  ocean = await startDigitalOcean({ deployment: { phaseMs: 0 } });
  client = await connect(ocean);
  id = ocean.createApp(webSpec([secret("TOKEN", "one"), { key: "MODE", value: "a" }])).id;
}, 60_000);
afterEach(() => ocean.close());

test("it lists and gets apps with their deployments and times", async () => {
  const list = await client.v2.apps.get({ queryParameters: { perPage: 200 } });
  expect([list?.apps.length, list?.meta.total]).toEqual([1, 1]);
  const { app } = await client.v2.apps.byApp_Id(id).get();
  expect(app).toMatchObject({
    id,
    spec: { name: "shop" },
    activeDeployment: { phase: "ACTIVE", progress: { totalSteps: 6 } },
    region: { slug: "fra" },
  });
  expect(app.createdAt).toBeInstanceOf(Date);
});

test("its round trip with one added secret is taken, deployed, and leaves the other secret alone", async () => {
  const address = client.v2.apps.byApp_Id(id);
  const { app } = await address.get();
  const before = app.spec.services[0]?.envs[0]?.value;
  app.spec.services[0]?.envs.push({ key: "ADDED", value: "by dots", scope: "RUN_TIME", type: "SECRET" });
  const put = await address.put({ spec: app.spec });
  expect(put.app.pendingDeployment?.id).toBe(ocean.deployments(id)[1]?.id);
  expect(put.app.spec.services[0]?.envs[0]?.value).toBe(before);
  expect(ocean.running(id)["web"]).toMatchObject({ TOKEN: { value: "one" }, ADDED: { value: "by dots" } });
  expect((await client.v2.apps.byApp_Id(id).deployments.get()).meta.total).toBe(2);
  expect(ocean.complaints).toEqual([]);
});

test("it understands the emulator's errors", async () => {
  await expect(client.v2.apps.byApp_Id("nothing").get()).rejects.toMatchObject({
    responseStatusCode: 404,
    id: "not_found",
  });
});
