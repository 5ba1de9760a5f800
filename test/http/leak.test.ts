// Canaries: a token and a value, in every failure and every form in which an error can be printed.

import { inspect } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { HttpClient } from "../../provider/http/client.js";
import { redact } from "../../provider/redacted.js";
import {
  type FaultyServer,
  type Reaction,
  reset,
  silent,
  stalled,
  startFaultyServer,
  truncated,
} from "./faulty-server.js";

const token = "dop_v1_canary_token";
const value = 'canary value "with" / + ü';

let server: FaultyServer;
let client: HttpClient;

beforeEach(async () => {
  server = await startFaultyServer();
  client = server.open({ headers: () => ({ authorization: `Bearer ${token}` }), mask: () => [redact(value)] });
});

afterEach(() => server.close());

/** Answers by quoting everything that was sent, as a careless vendor would. */
function echo(status: number, shape: (quote: string) => string): Reaction {
  return (response, { headers, body }) => {
    const quote = `${headers.authorization ?? ""} ${token} ${body} ${value}`;
    response.writeHead(status, { "x-request-id": token, location: `/${token}` });
    response.end(shape(quote));
  };
}

const message = (quote: string) => JSON.stringify({ id: token, message: quote, request_id: token });
const faults: [string, Reaction][] = [
  ...[302, 400, 401, 403, 404, 409, 422, 429, 500, 503, 524].map((status): [string, Reaction] => [
    String(status),
    echo(status, message),
  ]),
  ["errors", echo(400, (quote) => JSON.stringify({ errors: [quote, { message: quote }] }))],
  ["plain text", echo(400, (quote) => quote)],
  ["text in json", echo(400, (quote) => JSON.stringify(quote))],
  ["malformed success", echo(200, (quote) => `{"app": "${quote}`)],
  ["plain success", echo(200, (quote) => quote)],
  ["reset", reset],
  ["silent", silent],
  ["stalled", stalled],
  ["truncated", truncated(200)],
];

test.each(faults)("%s", async (_, reaction) => {
  server.script(reaction);
  for (const repeat of ["safe", "once"] as const) {
    const call = {
      method: "PUT",
      path: `/v2/${token}`,
      query: { q: value },
      body: { spec: { value } },
      repeat,
      // Real time, so only the two that wait for it ask for little.
      timeoutMs: reaction === silent || reaction === stalled ? 100 : 30_000,
    } as const;
    const error: unknown = await client.request(call).catch((thrown: unknown) => thrown);
    if (!(error instanceof Error)) throw new Error("expected a failure");
    const forms = [
      error.message,
      error.stack,
      String(error),
      JSON.stringify(error),
      JSON.stringify(error, Object.getOwnPropertyNames(error)),
      inspect(error, { depth: 10, showHidden: true }),
    ];
    expect(forms.join("\n")).not.toMatch(/canary/);
    expect(error.cause).toBeUndefined();
  }
});
