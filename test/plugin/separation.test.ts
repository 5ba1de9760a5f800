// Arguments of a program in any language, taken apart: secrets and credentials leave the description.

import { describe, expect, test } from "vitest";
import { readSent } from "../../provider/lifecycle/arguments/sent.js";
import { type Properties, unknownValue } from "../../provider/lifecycle/engine/wire.js";
import { ResourceReference } from "../../provider/plugin/envelopes.js";
import { separateSync } from "../../provider/plugin/separation.js";
import { readSubject } from "../../provider/plugin/subject.js";

const subject = readSubject("urn:pulumi:test::world::my:index:Group$secret-sync:index:SecretSync::web::1")!;
const ocean = "urn:pulumi:test::world::secret-sync:index:Connection::ocean";
const credentials = { app: "digital-ocean", method: "api-token", credentials: { apiToken: "canary" } };

function separate(news: Properties, more: { recall?: Properties; kept?: object; olds?: Properties } = {}) {
  const separated = separateSync(news, subject, {
    recall: () => more.recall,
    kept: more.kept ?? {},
    olds: more.olds ?? {},
    settledAt: 1,
  });
  return { ...separated, sent: readSent(separated.news) };
}

const inline = { type: "inline", values: { A: "canary" } };

test("a sync is named by its URN, whatever its name holds and whoever its parent is", () => {
  expect(subject).toMatchObject({ kind: "secret-sync", name: "web::1", stack: "test" });
  expect(readSubject("urn:pulumi:test::world::other:index:Thing::web")).toBeUndefined();
});

test("values and credentials travel beside their description", () => {
  const { sent, kept } = separate({ source: [inline], destination: { type: "x", connection: credentials } });
  expect(sent).toMatchObject({ source: [{ type: "inline" }], destination: { type: "x" }, isDryRun: undefined });
  expect(JSON.stringify([sent.source, sent.destination])).not.toContain("canary");
  expect(sent.values).toEqual({ 0: { A: "canary" } });
  expect(sent.connection).toEqual(credentials);
  expect(kept).toEqual({ destination: credentials });
});

test("null is no argument, and null among values stays to be refused by name", () => {
  const { news, sent } = separate({ name: null, source: [{ type: "inline", values: { A: null }, include: null }] });
  expect(news).not.toHaveProperty("name");
  expect(sent.source).toEqual([{ type: "inline" }]);
  expect(sent.values).toEqual({ 0: { A: null } });
});

test("values that are not known yet are no preview of an empty map", () => {
  expect(separate({ source: [{ type: "inline", values: unknownValue }] }).sent.values).toEqual({ 0: unknownValue });
  expect(separate({ source: unknownValue }).sent.values).toEqual({ 0: unknownValue });
});

test("a text in place of values is refused, also where it is JSON", () => {
  expect(separate({ source: [{ type: "inline", values: '{"A":"1"}' }] }).sent.values).toEqual({ 0: null });
});

describe("a Connection that is named", () => {
  const destination = { type: "x", connection: new ResourceReference(ocean) };

  test("gives what this process has checked, and is remembered", () => {
    const { sent, kept } = separate({ source: [inline], destination }, { recall: { ...credentials, name: "ocean" } });
    expect(sent.connection).toEqual(credentials);
    expect(kept).toEqual({ destination: { ...credentials, of: ocean } });
  });

  test("gives what the last run kept where this run leaves it out", () => {
    const { sent, problems } = separate(
      { source: [inline], destination },
      { kept: { destination: { ...credentials, of: ocean } } },
    );
    expect(sent.connection).toEqual(credentials);
    expect(problems).toEqual([]);
  });

  test("is a problem that tells the way out where nobody knows it, or knows another one", () => {
    for (const kept of [{}, { destination: { ...credentials, of: "urn:of:another" } }]) {
      const [problem] = separate({ source: [inline], destination }, { kept }).problems;
      expect(problem).toMatchObject({
        code: "connection.missing",
        message: expect.stringMatching(/"ocean".*--target/),
      });
    }
  });
});

test("recorded inline values that ignoreChanges puts back are lost, and said to be; a command may do without an environment", () => {
  const olds = { source: [{ type: "inline" }, { type: "exec", command: ["x"] }], __commands: [1] };
  const { problems } = separate({ source: olds.source }, { olds });
  expect(problems).toMatchObject([{ code: "source.ignored", message: expect.stringMatching(/^source\[0\]: /) }]);
});
