// One client per credentials and origin.

import { expect, test } from "vitest";
import { shareClients } from "../../provider/credentials/clients.js";
import { resolveCredentials } from "../../provider/credentials/credentials.js";
import { readOrigin } from "../../provider/http/origin.js";

const credentialsOf = (apiToken: string, baseUrl?: string) =>
  resolveCredentials({ app: "digital-ocean", credentials: { apiToken }, baseUrl });

function share() {
  const opened: string[] = [];
  const clientFor = shareClients(
    ({ baseUrl }) => readOrigin(baseUrl ?? "https://api.example.com", ["/v2"]),
    ({ origin, part }) => {
      opened.push(`${origin}${part}`);
      return { number: opened.length };
    },
  );
  return { opened, clientFor };
}

test("syncs with the same token share a client, however the origin is written", () => {
  const { opened, clientFor } = share();
  const first = clientFor(credentialsOf("one"));
  for (const baseUrl of ["https://api.example.com", "https://API.example.com/v2/", " https://api.example.com:443"]) {
    expect(clientFor(credentialsOf("one", baseUrl))).toBe(first);
  }
  expect(opened).toEqual(["https://api.example.com"]);
});

test("another token, another origin and another namespace have a client of their own", () => {
  const { opened, clientFor } = share();
  const clients = [
    clientFor(credentialsOf("one")),
    clientFor(credentialsOf("two")),
    clientFor(credentialsOf("one", "https://other.example.com")),
    clientFor(credentialsOf("one"), "/team"),
    clientFor(credentialsOf("one"), "/other"),
  ];
  expect(new Set(clients).size).toBe(5);
  expect(opened).toHaveLength(5);
});

test("fields are told apart, so a value that moves from one to another is other credentials", () => {
  const { opened, clientFor } = share();
  const login = (clientId: string, clientSecret: string) =>
    resolveCredentials({ app: "infisical", credentials: { clientId, clientSecret }, baseUrl: undefined });
  clientFor(login("a\u0000b", "c"));
  clientFor(login("a", "b\u0000c"));
  expect(opened).toHaveLength(2);
});
