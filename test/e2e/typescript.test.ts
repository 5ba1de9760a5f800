// The same in TypeScript, type-checked against the built declarations by the program's own compiler run.

import { expect, test } from "vitest";
import { previewJson, valuesAt } from "./evidence.js";
import { openWorld, succeed } from "./harness.js";

const program = `
import * as pulumi from "@pulumi/pulumi";
import { Connection, type DestinationArgs, SecretSync } from "pulumi-secret-sync";

const config = new pulumi.Config();
const ocean = new Connection("ocean", {
  app: "digital-ocean",
  method: "api-token",
  credentials: { apiToken: config.requireSecret("token") },
  baseUrl: config.require("endpoint"),
});
const destination: DestinationArgs = {
  type: "digital-ocean-app-platform",
  connection: ocean,
  appName: config.require("appName"),
  scope: "RUN_TIME",
  variables: { LOG_LEVEL: { variableType: "GENERAL" } },
};
const sync = new SecretSync("web", {
  source: [
    { type: "inline", values: { DATABASE_URL: config.requireSecret("databaseUrl") } },
    { type: "environment", variables: ["LOG_LEVEL"] },
  ],
  destination,
});
export const status: pulumi.Output<string> = sync.syncStatus;
export const isOurs: boolean = SecretSync.isInstance(sync) && Connection.isInstance(ocean);
`;

test("a TypeScript program with config, a connection and two sources", async () => {
  const world = await openWorld();
  try {
    const { id } = world.cloud.createApp({ name: "shop", services: [{ name: "web" }] });
    const value = world.secret("url");
    const token = world.secret("token");
    world.cloud.tokens.set(token, { scopes: ["app:read", "app:update"] });
    delete world.environment["DIGITALOCEAN_TOKEN"];
    world.environment["LOG_LEVEL"] = "debug";
    await world.write("package.json", '{ "name": "world", "private": true, "main": "index.ts" }\n');
    const compilerOptions = {
      target: "es2023",
      module: "nodenext",
      moduleResolution: "nodenext",
      strict: true,
      types: ["node"],
    };
    await world.write("tsconfig.json", JSON.stringify({ compilerOptions, include: ["*.ts"] }));
    await world.write("index.ts", program);
    const settings = { databaseUrl: value, token, endpoint: world.cloud.url, appName: "shop" };
    for (const [key, text] of Object.entries(settings))
      succeed(await world.pulumi("config", "set", "--secret", key, text));
    await world.up();
    expect(valuesAt(world, id)).toEqual({ DATABASE_URL: value, LOG_LEVEL: "debug" });
    expect((await previewJson(world)).steps).toEqual([]);
    const outputs = await world.pulumi("stack", "output", "--json");
    expect(JSON.parse(outputs.stdout)).toEqual({ status: "succeeded", isOurs: true });
  } finally {
    await world.close();
  }
});
