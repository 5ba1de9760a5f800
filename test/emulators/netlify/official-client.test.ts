// Netlify's own JavaScript client as a caller. It knows nothing of this project, so it keeps the emulator honest.
import { afterEach, beforeEach, expect, test } from "vitest";
import { type NetlifyEmulator, type SiteRecord, startNetlify } from "./index.js";

interface ClientVariable {
  key: string;
  values: { id: string; context: string; value: string }[];
}

/** The calls of the generated client that are used here. */
interface Client {
  getSite(query: { siteId: string }): Promise<{ account_slug: string }>;
  getEnvVars(query: object): Promise<ClientVariable[]>;
  createEnvVars(query: object): Promise<ClientVariable[]>;
  updateEnvVar(query: object): Promise<ClientVariable>;
  setEnvVarValue(query: object): Promise<ClientVariable>;
  deleteEnvVar(query: object): Promise<unknown>;
  deleteEnvVarValue(query: object): Promise<unknown>;
  createSiteBuild(query: object): Promise<{ deploy_id: string }>;
  getDeploy(query: object): Promise<{ state: string }>;
  getCurrentUser(): Promise<{ email: string }>;
}

let netlify: NetlifyEmulator;
let site: SiteRecord;
let client: Client;
let own: { accountId: string; siteId: string };

beforeEach(async () => {
  // Its clock is behind, so that the reset of its limit is near for a caller who lives in the present.
  netlify = await startNetlify({ clock: () => Date.now() - 58_500 });
  site = netlify.addSite();
  const { NetlifyAPI } = await import("@netlify/api");
  const options = { scheme: "http", host: new URL(netlify.url).host, pathPrefix: "/api/v1" };
  client = new NetlifyAPI(netlify.token, options) as unknown as Client;
  own = { accountId: (await client.getSite({ siteId: site.id })).account_slug, siteId: site.id };
});
afterEach(() => netlify.close());

test("it creates, reads, changes and deletes variables, and nothing is undocumented", async () => {
  const values = [
    { context: "production", value: "1" },
    { context: "branch", context_parameter: "x", value: "2" },
  ];
  await client.createEnvVars({ ...own, body: [{ key: "A", scopes: ["builds", "post-processing"], values }] });
  await client.setEnvVarValue({ ...own, key: "A", body: { context: "dev", value: "3" } });
  const [variable] = await client.getEnvVars(own);
  expect(variable?.values.map((one) => one.value)).toEqual(["1", "2", "3"]);
  await client.deleteEnvVarValue({ ...own, key: "A", id: variable?.values[1]?.id });
  expect(netlify.values(site)).toEqual({ A: { production: "1", dev: "3" } });
  await client.updateEnvVar({
    ...own,
    key: "A",
    body: { key: "A", is_secret: true, scopes: ["builds"], values: [{ context: "production", value: "4" }] },
  });
  expect(netlify.values(site)).toEqual({ A: { production: "4" } });
  await client.deleteEnvVar({ ...own, key: "A" });
  expect(await client.getEnvVars(own)).toEqual([]);
  expect(netlify.complaints).toEqual([{ kind: "lost-value", detail: "A lost its value for dev" }]);
});

test("it builds a site and follows the deploy", async () => {
  const { deploy_id: deployId } = await client.createSiteBuild({ siteId: site.id, clear_cache: true });
  expect(await client.getDeploy({ deployId })).toMatchObject({ state: "ready" });
  expect(site.builds).toMatchObject([{ clearCache: true }]);
  expect((await client.getCurrentUser()).email).toBe("sync@example.com");
  expect(netlify.complaints).toEqual([]);
});

test("it understands the emulator's errors, and waits for the reset of a 429", async () => {
  await expect(client.getSite({ siteId: "none" })).rejects.toMatchObject({
    status: 404,
    json: { message: "Not Found" },
  });
  netlify.faults.add({ status: 429 });
  const begun = Date.now();
  await expect(client.getEnvVars({ ...own, accountId: "none" })).rejects.toMatchObject({ status: 404 });
  expect(Date.now() - begun).toBeGreaterThan(900);
});
