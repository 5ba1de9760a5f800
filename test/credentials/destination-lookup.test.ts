// Where the address of a platform comes from: the connection, the stack's configuration, or the environment.

import { expect, test } from "vitest";
import { addEndpoint, findCredentials } from "../../provider/credentials/destination-lookup.js";
import { redact } from "../../provider/redacted.js";

const places = [
  {
    type: "digital-ocean-app-platform",
    app: "digital-ocean",
    prefix: "digitalocean",
    variable: "DIGITALOCEAN_API_URL",
  },
  { type: "netlify", app: "netlify", prefix: "netlify", variable: "NETLIFY_API_URL" },
] as const;

test.each(places)("of $type: configuration, else environment, else the vendor's own", (place) => {
  const { type, app, prefix, variable } = place;
  const find = (given: Readonly<Record<string, string>>, environment: Readonly<Record<string, string>>) => {
    const config = (key: string) => ({ [`${prefix}:token`]: "t", ...given })[key];
    const credentials = { app, fields: new Map([["any", redact("t")]]), baseUrl: undefined };
    const found = findCredentials(type, undefined, { config, environment }).baseUrl;
    expect(addEndpoint(credentials, { config, environment }).baseUrl).toBe(found);
    const own = { ...credentials, baseUrl: "https://own.example" };
    expect(findCredentials(type, own, { config, environment }).baseUrl).toBe(own.baseUrl);
    expect(addEndpoint(own, { config, environment }).baseUrl).toBe(own.baseUrl);
    return found;
  };
  const [configured, set] = [{ [`${prefix}:apiEndpoint`]: "https://a.example" }, { [variable]: "https://b.example" }];
  expect(find(configured, set)).toBe("https://a.example");
  expect(find({}, set)).toBe("https://b.example");
  expect(find({}, { [variable]: "" })).toBeUndefined();
  expect(find({}, {})).toBeUndefined();
  const empty = { [`${prefix}:apiEndpoint`]: "" };
  expect(find(empty, set)).toBe("https://b.example");
  expect(find(empty, {})).toBeUndefined();
});
