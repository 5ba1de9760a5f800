// Answers that cannot be read, and conditions that fail while one is read: a write that went out is then in doubt, whatever went wrong.

import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { createAnswerReader } from "../../provider/http/answer.js";
import { type HttpCall, type HttpClient, type HttpClientOptions } from "../../provider/http/client.js";
import { type HttpError, isHttpError } from "../../provider/http/error.js";
import { readVendorProblem } from "../../provider/http/vendor-problem.js";
import { redact } from "../../provider/redacted.js";
import { type FaultyServer, json, type Reaction, startFaultyServer, text } from "./faulty-server.js";
import { createJumpingClock } from "./simulated-clock.js";
import { seedOf } from "../seed.js";

const canary = "dop_v1_canary";

let server: FaultyServer;

const open = (options: Partial<HttpClientOptions> = {}) => server.open(options);

beforeEach(async () => {
  server = await startFaultyServer();
});

afterEach(async () => {
  await server.close();
});

const calls = {
  safe: { method: "GET", path: `/v2/apps/${canary}`, repeat: "safe" },
  once: { method: "PUT", path: `/v2/apps/${canary}`, body: { spec: {} }, repeat: "once" },
} satisfies Record<string, HttpCall>;

async function failureOf(client: HttpClient, call: HttpCall): Promise<HttpError> {
  const error = await client.request(call).catch((thrown: unknown) => thrown);
  if (isHttpError(error)) return error;
  throw new Error(`expected a failure with a code, got ${String(error)}`);
}

const arrays = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
const objects = (depth: number, inner = "1") =>
  `${'{"steps":[{"message":'.repeat(depth)}${inner}${"}]}".repeat(depth)}`;

// [answer, status, body]
const unreadable: [string, number, string][] = [
  ["a success of 100,000 nested lists", 200, arrays(100_000)],
  ["a success of 100,000 nested objects", 200, objects(100_000)],
  ["a success with an unended nest", 200, "[".repeat(100_000)],
  ["a success that hides the nest behind brackets in a text", 200, `{"a":"]]]]\\"]]","b":${arrays(5_000)}}`],
  ["a 502 of 5,000 nested lists", 502, arrays(5_000)],
  ["a 502 whose message is 5,000 nested lists", 502, `{"message":${arrays(5_000)}}`],
  ["a 503 whose errors are 5,000 nested lists", 503, `{"errors":${arrays(5_000)}}`],
  ["a 500 whose id is 100,000 nested objects", 500, `{"id":${objects(100_000)}}`],
  ["a 524 with a million errors", 524, `{"errors":[${'"x",'.repeat(1_000_000)}"x"]}`],
];

describe("an answer that cannot be read", () => {
  test.each(unreadable)("%s leaves a write in doubt", async (_, status, body) => {
    server.script(text(status, body));
    const error = await failureOf(open(), calls.once);
    expect({ code: error.code, ambiguous: error.ambiguous, requests: server.seen.length }).toEqual({
      code: "http.ambiguous",
      ambiguous: true,
      requests: 1,
    });
    expect(error.message.length).toBeLessThan(1_200);
  });

  test.each(unreadable)("%s fails a read with a code", async (_, status, body) => {
    server.script(text(status, body));
    const error = await failureOf(open(), calls.safe);
    expect(error.code).toBe(status === 200 ? "http.malformed" : "http.unavailable");
    expect(error.ambiguous).toBe(false);
  });

  test("a nest that is too deep is not asked for again", async () => {
    server.script(text(200, arrays(100_000)));
    const error = await failureOf(open(), calls.safe);
    expect(error.message).toContain("nested");
    expect(server.seen).toHaveLength(1);
  });

  test("a refusal stays a refusal, however deep its body is", async () => {
    server.script(text(400, `{"message":"no","errors":${arrays(5_000)}}`));
    expect(await failureOf(open(), calls.once)).toMatchObject({ code: "http.rejected", ambiguous: false });
  });

  test("an accepted status comes without the body that is too deep", async () => {
    server.script(text(404, arrays(100_000)));
    expect(await open().request({ ...calls.safe, accept: [404] })).toMatchObject({ status: 404, body: undefined });
  });

  test("what is nested as answers are is read", async () => {
    server.script(text(200, `{"text":"${"[{".repeat(500)}","deep":${arrays(60)}}`));
    expect((await open().request(calls.safe)).status).toBe(200);
    server.script(text(200, arrays(200)));
    expect((await open().request(calls.safe)).status).toBe(200);
    server.script(text(200, arrays(201)));
    expect((await failureOf(open(), calls.safe)).code).toBe("http.malformed");
  });
});

const gone = (): never => {
  throw new RangeError(`${canary} Maximum call stack size exceeded`);
};

/** A value that cannot be looked at. */
const unseeable = () => {
  const value = redact(canary);
  value.reveal = gone;
  return value;
};

// What fails after the request went out: the way in which the conditions fail.
const conditions: [string, () => Partial<HttpClientOptions>][] = [
  ["the values to hide cannot be listed", () => ({ mask: gone })],
  ["a value to hide cannot be looked at", () => ({ mask: () => [unseeable()] })],
  [
    "the list of values breaks off",
    () => ({
      mask: function* broken() {
        yield redact("something");
        gone();
      },
    }),
  ],
  [
    "the token is gone when it has to be hidden",
    () => {
      let asked = 0;
      // Asked first for the request; without patience there is no second one.
      return { patienceMs: 0, headers: () => ((asked += 1) > 1 ? gone() : { authorization: `Bearer ${canary}` }) };
    },
  ],
  ["the remedies cannot be looked at", () => ({ hints: new Proxy({}, { get: gone }) })],
];
const reactions: [string, Reaction][] = [
  ["500", json(500, { message: canary })],
  ["400", json(400, { message: canary })],
  ["a page", text(502, "<html>")],
  ["no json", text(200, canary)],
  ["a reset", (response) => void response.socket?.resetAndDestroy()],
];
const grid = conditions.flatMap(([what, options]) =>
  reactions.flatMap(([answer, reaction]) =>
    (["once", "safe"] as const).map((kind) => ({ what, options, answer, reaction, kind })),
  ),
);

describe("conditions that fail while an answer is read", () => {
  test.each(grid)("$what, $answer, $kind", async ({ options, reaction, kind }) => {
    server.script(reaction);
    const error = await failureOf(open(options()), calls[kind]);
    expect(error).toMatchObject({
      code: kind === "once" ? "http.ambiguous" : "http.malformed",
      ambiguous: kind === "once",
      retryable: true,
    });
    expect(String(error)).not.toContain("canary");
    expect(error.stack).not.toMatch(/\n\s+at /);
  });

  test("the status is reported if the answer itself cannot be", async () => {
    server.script(json(500, { message: canary }));
    expect((await failureOf(open({ mask: gone }), calls.once)).message).toContain(
      "(PUT: status 500, which could not be read here)",
    );
    server.script((response) => void response.socket?.resetAndDestroy());
    expect((await failureOf(open({ mask: gone }), calls.once)).message).toContain("(PUT: no answer)");
  });

  test("a request that was never sent is not in doubt, and the next one is not held up", async () => {
    const client = open({ mask: gone, pace: { parallel: 1 } });
    await server.close();
    for (let count = 0; count < 3; count += 1)
      expect(await failureOf(client, calls.once)).toMatchObject({ code: "http.unavailable", ambiguous: false });
  });

  test("a failure while reading gives the turn back", async () => {
    const client = open({ mask: gone, pace: { parallel: 1 } });
    server.script(json(500, {}));
    for (let count = 0; count < 3; count += 1)
      expect((await failureOf(client, calls.once)).code).toBe("http.ambiguous");
    expect(server.seen).toHaveLength(3);
  });
});

describe("any body", () => {
  const deep = fc
    .tuple(fc.integer({ min: 1, max: 3_000 }), fc.constantFrom("array", "object", "message"), fc.json({ maxDepth: 3 }))
    .map(([depth, shape, inner]) => {
      if (shape === "array") return "[".repeat(depth) + inner + "]".repeat(depth);
      if (shape === "object") return '{"errors":'.repeat(depth) + inner + "}".repeat(depth);
      return `{"message":${objects(depth, inner)}}`;
    });
  const body = fc.oneof(fc.json(), deep, fc.string(), fc.string({ unit: "binary" }));
  const status = fc.constantFrom(200, 201, 302, 400, 403, 404, 409, 422, 429, 500, 502, 524);

  test("ends as an answer or as a failure with a code, in doubt exactly where the write may have happened", async () => {
    const client = open({ clock: createJumpingClock(), patienceMs: 0, pace: { requests: 1_000_000 } });
    await fc.assert(
      fc.asyncProperty(status, body, async (code, sent) => {
        server.script(text(code, sent));
        const end = await client.request(calls.once).catch((thrown: unknown) => thrown);
        if (!(end instanceof Error)) {
          expect(end).toMatchObject({ status: code });
          return;
        }
        expect(isHttpError(end)).toBe(true);
        expect((end as HttpError).ambiguous).toBe(code < 300 || code >= 500);
        expect(end.message.length).toBeLessThan(1_200);
      }),
      { numRuns: 300, seed: seedOf(11) },
    );
  }, 60_000);
});

describe("what a vendor says", () => {
  const read = (sent: unknown, mask: string[] = []) =>
    readVendorProblem({ headers: {}, text: JSON.stringify(sent) }, mask.map(redact));

  test("is read to the depth that vendors use, and not below", () => {
    expect(read({ errors: [["one", { message: "two" }]] }).vendorMessage).toBe("one; two");
    expect(read({ errors: [[[[[["too deep"]]]]], "shallow"] }).vendorMessage).toBe("shallow");
  });

  test("is the first few of many texts", () => {
    const { vendorMessage = "" } = read({ errors: Array.from({ length: 10_000 }, (_, index) => `e${index}`) });
    expect(vendorMessage).toBe(Array.from({ length: 20 }, (_, index) => `e${index}`).join("; "));
    const lists = [1, 2].map(() => Array.from({ length: 15 }, (_, index) => `e${index}`));
    expect(read({ errors: lists }).vendorMessage?.split("; ")).toHaveLength(20);
  });

  test("is nothing when it is longer than a person could read, so no half of a value is left at a cut", () => {
    const value = "canary-".repeat(100_000);
    expect(read({ message: value.slice(0, -3) }, [value]).vendorMessage).toBe("(text too long to show)");
    expect(read({ message: "x ".repeat(128 * 1024) }).vendorMessage).toMatch(/^x x .*…$/);
  });
});

describe("the shape of an answer", () => {
  const answers = createAnswerReader("DigitalOcean");
  interface Nested {
    readonly nested?: Nested[] | undefined;
  }
  const nested: z.ZodType<Nested> = z.looseObject({
    get nested() {
      return z.array(nested).optional();
    },
  });
  const tower = (depth: number) => {
    let built: Nested = {};
    for (let level = 0; level < depth; level += 1) built = { nested: [built] };
    return built;
  };

  test("a shape that overflows the stack is an answer that cannot be read", () => {
    expect(() => answers.parse(nested, tower(50_000), "deployment")).toThrow(/http\.malformed: DigitalOcean's answer/);
    expect(answers.fit(nested, tower(50_000))).toBeUndefined();
    expect(answers.fit(nested, tower(3))).toEqual(tower(3));
  });

  test("a transform that throws is one, too, and none of its words are reported", () => {
    const shape = z.unknown().transform(gone);
    expect(() => answers.parse(shape, {}, "app")).toThrow(/^http\.malformed: (?!.*canary)/);
    expect(answers.fit(shape, {})).toBeUndefined();
  });

  test("of many places that do not fit five are named, and the rest is counted", () => {
    const told = (rows: unknown) => {
      try {
        answers.parse(z.array(z.looseObject({ id: z.string() })), rows, "list");
      } catch (error) {
        return String(error);
      }
      return "";
    };
    const wrong = (count: number) => Array.from({ length: count }, () => ({}));
    const head = "HttpError: http.malformed: DigitalOcean's answer is not a complete list (at ";
    const tail = "); it was not used (retrying may help)";
    expect(told(wrong(10_000))).toBe(`${head}0.id, 1.id, 2.id, 3.id, 4.id, 9995 more${tail}`);
    expect(told(wrong(5))).toBe(`${head}0.id, 1.id, 2.id, 3.id, 4.id${tail}`);
    expect(told({})).toBe(`${head}top level${tail}`);
    expect(told([{ id: "1" }])).toBe("");
  });

  test("a place with a long name of the server's own is reported by its beginning", () => {
    const shape = z.record(z.string(), z.string());
    expect(() => answers.parse(shape, { ["x".repeat(200)]: 1 }, "map")).toThrow(`(at ${"x".repeat(80)});`);
  });
});
