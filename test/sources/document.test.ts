// What JSON and YAML texts give, every reason for which they give nothing, and what holds for all formats.

import { describe, expect, test } from "vitest";
import type { TextFormat } from "../../schema/index.js";
import { parseDocument } from "../../provider/sources/documents/document.js";
import { canary, failureOf, reveal } from "./canary.js";

const parseBytes = (bytes: Uint8Array, format: TextFormat, separator?: string) =>
  parseDocument({ bytes, format, separator, origin: 'file source "x"' });
const parse = (text: string, format: TextFormat, separator?: string) =>
  parseBytes(new TextEncoder().encode(text), format, separator);
const read = async (text: string, format: TextFormat, separator?: string) =>
  reveal(await parse(text, format, separator));
const fail = (text: string, format: TextFormat, separator?: string) => failureOf(parse(text, format, separator));

describe("a JSON text", () => {
  test.each([
    ["text as it is", String.raw`{"A":"x\u00e9\n\"y\""}`, { A: 'xé\n"y"' }],
    [
      "numbers as they are written",
      '{"A":1.10,"B":12345678901234567890,"C":1e3,"D":-0}',
      {
        A: "1.10",
        B: "12345678901234567890",
        C: "1e3",
        D: "-0",
      },
    ],
    ["booleans", '{"A":true,"B":false}', { A: "true", B: "false" }],
    ["nested objects", '{"db":{"main":{"url":"u"},"port":1},"A":"x"}', { db_main_url: "u", db_port: "1", A: "x" }],
    ["an empty object", " {}\n", {}],
    ["tabs and a byte order mark", '\uFEFF{\n\t"A":\t"x"\r\n}\n', { A: "x" }],
    [
      "a key named __proto__",
      '{"__proto__":"x","a":{"__proto__":"y"}}',
      JSON.parse('{"__proto__":"x","a___proto__":"y"}'),
    ],
    ["an empty text", '{"A":""}', { A: "" }],
  ])("gives %s", async (_, text, values) => {
    expect(await read(text, "json")).toEqual(values);
  });

  test.each([
    ["a trailing comma", `{"A":"${canary}",}`, "line 1, column 32"],
    ["a missing comma", `{\n  "A": "${canary}"\n  "B": 2}`, "line 3, column 3"],
    ["single quotes", `{'A': '${canary}'}`, "line 1, column 2"],
    ["an unfinished text", `{"A": "${canary}`, "line 1, column 7"],
    ["a raw line break in a text", `{"A": "${canary}\n"}`, "line 1, column 7"],
    ["a bad escape", `{"A": "${canary}\\x"}`, "line 1, column 7"],
    ["a truncated document", `{"A": {"B": "${canary}"}`, "line 1, column 39"],
    ["text after the end", `{"A": 1} ${canary}`, "line 1, column 10"],
    ["a second document", `{"A": 1}\n{"B": 2}`, "line 2, column 1"],
    ["a number with a leading zero", '{"A": 01}', "line 1, column 8"],
    ["a number that JSON does not know", '{"A": NaN}', "line 1, column 7"],
    ["a comment", `{"A": 1 // ${canary}\n}`, "line 1, column 9"],
    ["a name that is no text", "{A: 1}", "line 1, column 2"],
    ["no value", '{"A":}', "line 1, column 6"],
    ["a no-break space", '{"A":\u00A01}', "line 1, column 6"],
  ])("may not hold %s", async (_, text, place) => {
    expect(await fail(text, "json")).toEqual([
      `source.unparsable: file source "x" is not valid JSON (${place}); correct it, or give another \`format\``,
    ]);
  });

  test("nested beyond reason is refused, not a stack overflow", async () => {
    const [problem] = await fail(`${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}`, "json");
    expect(problem).toMatch(/^source\.unparsable: .* nests deeper than 100 levels \(line 1, /);
    expect((await fail("[".repeat(50_000), "json"))[0]).toMatch(/nests deeper/);
  });

  test("of ten megabytes is read", async () => {
    const value = `${"x".repeat(4_000_000)}\n"`;
    expect(await read(JSON.stringify({ A: value, B: value }), "json")).toEqual({ A: value, B: value });
  });
});

describe("a YAML text", () => {
  test.each([
    [
      "numbers as they are written",
      "A: 1.10\nB: 0o17\nC: 0x1F\nD: 12345678901234567890\nE: 1_000\nF: .5",
      {
        A: "1.10",
        B: "0o17",
        C: "0x1F",
        D: "12345678901234567890",
        E: "1_000",
        F: ".5",
      },
    ],
    ["words as they are written", "A: yes\nB: True\nC: off\nD: .inf", { A: "yes", B: "True", C: "off", D: ".inf" }],
    ["dates as they are written", "A: 2020-01-01\nB: 12:30:45", { A: "2020-01-01", B: "12:30:45" }],
    [
      "YAML 1.1 as it is written",
      "%YAML 1.1\n---\nA: yes\nB: 017\nC: 2020-01-01\nD: 1:30",
      {
        A: "yes",
        B: "017",
        C: "2020-01-01",
        D: "1:30",
      },
    ],
    ["tagged scalars", "A: !!str 010\nB: !!int '3'\nC: !!str null", { A: "010", B: "3", C: "null" }],
    ["quoted text", "A: 'null'\nB: \"x\\ny\"\nC: ''", { A: "null", B: "x\ny", C: "" }],
    ["block text", "A: |\n  one\n  two\nB: >-\n  one\n  two", { A: "one\ntwo\n", B: "one two" }],
    ["nested maps", "db:\n  url: u\n  pool: {min: 1}\nA: x", { db_url: "u", db_pool_min: "1", A: "x" }],
    [
      "aliases",
      "base: &b\n  user: u\nmain: *b\ncopy: &c 1.0\nA: *c",
      {
        base_user: "u",
        main_user: "u",
        copy: "1.0",
        A: "1.0",
      },
    ],
    ["keys that look like numbers", "1.0: a\n01: b\ntrue: c\nnull: d", { "1.0": "a", "01": "b", true: "c", null: "d" }],
    ["an empty map", "{}", {}],
    ["one document between marks", "---\nA: x\n...\n", { A: "x" }],
    ["a byte order mark and Windows line ends", "\uFEFFA: x\r\nB: y\r\n", { A: "x", B: "y" }],
    ["a quoted << as a key", "'<<': x", { "<<": "x" }],
    ["a merge key", "d: &d {A: x, B: y}\nm:\n  <<: *d\n  B: 1.0", { d_A: "x", d_B: "y", m_A: "x", m_B: "1.0" }],
    ["a merge key after its own keys", "d: &d {A: x}\nm:\n  A: 1\n  <<: *d", { d_A: "x", m_A: "1" }],
    ["a merge key at the top", "x: &x {A: x}\n<<: *x\nB: y", { x_A: "x", A: "x", B: "y" }],
    [
      "a merge key with a list, of which the first one wins",
      "a: &a {A: 1}\nb: &b {A: 2, B: 2}\nm:\n  <<: [*a, *b, {C: 3}]",
      { a_A: "1", b_A: "2", b_B: "2", m_A: "1", m_B: "2", m_C: "3" },
    ],
    [
      "a merge key of a map that merges",
      "a: &a {A: 1}\nb: &b\n  <<: *a\n  B: 2\nm:\n  <<: *b",
      { a_A: "1", b_A: "1", b_B: "2", m_A: "1", m_B: "2" },
    ],
    ["a merge key in YAML 1.1", "%YAML 1.1\n---\nd: &d {A: x}\nm:\n  <<: *d", { d_A: "x", m_A: "x" }],
    ["a merge key of nothing", "<<: {}\nA: x", { A: "x" }],
  ])("gives %s", async (_, text, values) => {
    expect(await read(text, "yaml")).toEqual(values);
  });

  test.each([
    [
      "broken indentation",
      `A: x\n  B: ${canary}`,
      /^source\.unparsable: .* is not valid YAML \(.*line \d, column \d+\)/,
    ],
    ["an unfinished list", `A: [${canary}`, /^source\.unparsable: .* is not valid YAML \(.*line 1, column \d+\)/],
    ["a bad escape", `A: "${canary}\\q"`, /^source\.unparsable: .*\(bad dq escape, line 1, column \d+\)/],
    ["an unknown tag", `A: !secret ${canary}`, /^source\.unparsable: .*\(tag resolve failed, line 1, column 4\)/],
    ["binary data", "A: !!binary Y25yeQ==", /^source\.unparsable: .*\(tag resolve failed/],
    [
      "binary data in YAML 1.1",
      "%YAML 1.1\n---\nA: !!binary Y25yeQ==",
      /^source\.unparsable: .* (binary data|tag resolve failed)/,
    ],
    ["two documents", `A: 1\n---\nB: ${canary}`, /^source\.unparsable: .* holds 2 YAML documents/],
    ["no document", `# ${canary}`, /^source\.unparsable: .* holds no YAML document/],
    [
      "two merge keys",
      `d: &d {A: ${canary}}\nm:\n  <<: *d\n  <<: *d`,
      /^source\.unparsable: .* two merge keys .*line 4/,
    ],
    ["a merge key of a text", `A: &a ${canary}\nm:\n  <<: *a`, /^source\.unparsable: .* merges .* not a map; .*line 3/],
    ["a merge key of itself", `m: &m\n  <<: *m\n  A: ${canary}`, /^source\.unparsable: .*(aliases|deeper)/],
    ["an alias of nothing", `A: *${canary}`, /^source\.unparsable: .* alias that no anchor/],
    ["a circle", `A: &a {B: *a, C: ${canary}}`, /^source\.unparsable: .*(aliases|deeper)/],
    ["a key that is a list", `? [${canary}]\n: x`, /^source\.unparsable: .*non string key/],
    ["a key that is an alias", `A: &a x\n*a : ${canary}`, /^source\.unparsable: /],
    ["a single value", canary, /^source\.not_flat: .* holds a single value/],
  ])("may not hold %s", async (_, text, reason) => {
    expect((await fail(text, "yaml"))[0]).toMatch(reason);
  });

  test("cannot grow out of aliases", async () => {
    const levels = Array.from(
      { length: 30 },
      (_, level) => `l${level + 1}: &l${level + 1} {a: *l${level}, b: *l${level}}`,
    );
    expect((await fail(`l0: &l0 {a: ${canary}}\n${levels.join("\n")}`, "yaml"))[0]).toMatch(/more than 100 aliases/);
  });

  test("nested beyond reason is refused, not a stack overflow", async () => {
    const text = `A: ${"{a: ".repeat(20_000)}1${"}".repeat(20_000)}`;
    expect((await fail(text, "yaml"))[0]).toMatch(/^source\.unparsable: /);
  });

  test("that is not YAML at all names the first places only", async () => {
    expect((await fail(`"${canary}" "b"\n`.repeat(100), "yaml")).length).toBeLessThanOrEqual(10);
  });
});

describe.each(["json", "yaml"] as const)("what %s must not leave to chance", (format) => {
  test.each([
    ["null", `{"A": null}`, `source.null_value: file source "x": "A" has no value (null); quote it`],
    ["null inside", `{"a": {"b": null}}`, `source.null_value: file source "x": "a" → "b" has no value`],
    ["a list", `{"A": ["${canary}"]}`, `source.not_flat: file source "x": "A" is a list; give it as one quoted string`],
    ["an empty list", `{"A": []}`, `source.not_flat: file source "x": "A" is a list`],
    ["an empty object inside", `{"A": {}}`, `source.not_flat: file source "x": "A" is an empty object`],
    ["a list at the top", `["${canary}"]`, `source.not_flat: file source "x" must hold an object`],
    ["a text at the top", `"${canary}"`, `source.not_flat: file source "x" must hold an object`],
    ["null at the top", "null", `source.not_flat: file source "x" must hold an object`],
    [
      "a key twice",
      `{"A": "${canary}", "A": 2}`,
      `source.duplicate_key: file source "x": "A" is defined more than once;`,
    ],
    ["an object twice", `{"a": {"b": 1}, "a": {"c": 2}}`, `source.duplicate_key: file source "x": "a" is defined more`],
    [
      "a key twice inside",
      `{"a": {"b": 1, "b": 1}}`,
      `source.duplicate_key: file source "x": "b" is defined more than once in "a"`,
    ],
    [
      "two paths to one key",
      `{"a": {"b": 1}, "a_b": 2}`,
      `source.duplicate_key: file source "x": "a" → "b" and "a_b" both become "a_b"`,
    ],
  ])("%s is a failure that says so", async (_, text, start) => {
    const problems = await fail(text, format);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.slice(0, start.length)).toBe(start);
  });

  test("all problems of a text are reported together", async () => {
    const problems = await fail(`{"a": null, "b": [1], "c": {"d": null}, "e": "${canary}", "e": 1}`, format);
    expect(problems.map((problem) => problem.split(":")[0])).toEqual([
      "source.duplicate_key",
      "source.not_flat",
      "source.null_value",
      "source.null_value",
    ]);
  });

  test.each([
    ["__", { a__b: "1", a_b: "2" }],
    [".", { "a.b": "1", a_b: "2" }],
    ["", { ab: "1", a_b: "2" }],
  ])("the separator %j joins nested keys", async (separator, values) => {
    expect(await read('{"a": {"b": 1}, "a_b": 2}', format, separator)).toEqual(values);
  });
});

describe.each(["dotenv", "json", "yaml"] as const)("any text, here %s,", (format) => {
  test.each(["", " \n\t\n", "\uFEFF"])("that is blank (%j) is not taken for no keys", async (text) => {
    expect((await fail(text, format))[0]).toMatch(
      /^source\.unparsable: file source "x" is empty; write .* if no key is meant/,
    );
  });

  test("that is too much for its parser is a failure like any other", async () => {
    const value = '\\"'.repeat(4_500_000);
    const huge = { dotenv: `A="${value}"`, json: `{"A":"${value}"}`, yaml: "[".repeat(100_000) };
    expect((await fail(huge[format], format))[0]).toMatch(/^source\.unparsable: file source "x" /);
  });

  test("that is not UTF-8 is refused", async () => {
    for (const bytes of [
      Buffer.from(`A=${canary}`, "utf16le"),
      Buffer.from([0xff, 0xfe, 0x41]),
      Buffer.from([0x41, 0x3d, 0xe9]),
    ])
      expect((await failureOf(parseBytes(bytes, format)))[0]).toMatch(/^source\.unparsable: /);
    const problems = await failureOf(parseBytes(Buffer.from(`{"A": "é${canary}"}`, "latin1"), format));
    expect(problems).toEqual(['source.unparsable: file source "x" is not UTF-8 text; save it as UTF-8']);
  });

  test.each([
    ["sops", `A=ENC[AES256_GCM,data:${canary},iv:x,tag:y,type:str]\nsops_mac=ENC[AES256_GCM,data:z]`],
    ["sops", `{"A": "ENC[AES256_GCM,data:${canary}]", "sops": {"mac": "x", "age": []}}`],
    ["age", `-----BEGIN AGE ENCRYPTED FILE-----\n${canary}\n-----END AGE ENCRYPTED FILE-----`],
    ["ansible-vault", `$ANSIBLE_VAULT;1.1;AES256\n${canary}`],
    ["dotenvx", `DOTENV_PUBLIC_KEY="03f8"\nA="encrypted:${canary}"`],
  ])("still encrypted by %s is never sent as it is", async (tool, text) => {
    const [problem] = await fail(text, format);
    expect(problem).toMatch(
      `source.encrypted: file source "x" is encrypted by ${tool}; use an exec source with command ["${tool}"`,
    );
  });
});
