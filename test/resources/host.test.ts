// Which host serves a TypeScript program, and what the engine is told so that a stack can change it.

import { afterEach, describe, expect, test } from "vitest";
import { version } from "../../provider/http/version.js";
import { registerAs } from "../../provider/index.js";
import { readHost, withHost } from "../../provider/resources/host.js";

const variable = "PULUMI_SECRET_SYNC_HOST";
afterEach(() => {
  delete process.env[variable];
});

describe("the host of a program", () => {
  test("is the dynamic provider unless something is said", () => {
    expect(readHost()).toBe("dynamic");
    process.env[variable] = "";
    expect(readHost()).toBe("dynamic");
  });

  test("is the one that the environment names, or the program", () => {
    process.env[variable] = "plugin";
    expect(readHost()).toBe("plugin");
    registerAs("dynamic");
    expect(readHost()).toBe("dynamic");
    registerAs("plugin");
    expect(readHost()).toBe("plugin");
  });

  test.each(["Plugin", "plugins", "0", " plugin"])("is refused where there is none of that name: %j", (name) => {
    process.env[variable] = name;
    const reason = `has to be "dynamic" or "plugin"`;
    expect(() => readHost()).toThrow(`argument.invalid: ${variable} is ${JSON.stringify(name)}; it ${reason}`);
    expect(() => registerAs(name as "plugin")).toThrow(
      `argument.invalid: registerAs is ${JSON.stringify(name)}; it ${reason}`,
    );
  });
});

describe("the options of a resource", () => {
  test("name it as the other host has it in state", () => {
    expect(withHost("SecretSync", "dynamic", {}).aliases).toEqual([{ type: "secret-sync:index:SecretSync" }]);
    expect(withHost("Connection", "plugin", {}).aliases).toEqual([
      { type: "pulumi-nodejs:dynamic/secret-sync:Connection" },
    ]);
  });

  test("keep the program's own aliases, and find a resource that was renamed under the other host", () => {
    const aliases = [{ name: "old" }, "urn:pulumi:a::b::c::d", { type: "my:own:Type" }];
    expect(withHost("SecretSync", "dynamic", { aliases }).aliases).toEqual([
      ...aliases,
      { name: "old", type: "secret-sync:index:SecretSync" },
      { type: "secret-sync:index:SecretSync" },
    ]);
  });

  test("ask for the plugin of this version, unless the program asks for another", () => {
    expect(withHost("SecretSync", "plugin", {}).version).toBe(version);
    expect(withHost("SecretSync", "plugin", { version: "9.9.9" }).version).toBe("9.9.9");
    expect(withHost("SecretSync", "dynamic", {}).version).toBeUndefined();
  });
});
