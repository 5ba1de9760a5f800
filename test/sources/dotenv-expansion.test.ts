// References in dotenv values: refused until somebody says what they mean, replaced within the source, or kept as text.

import { describe, expect, test } from "vitest";
import { takeFrom } from "../../provider/sources/documents/content.js";
import { parseDocument, readDocument } from "../../provider/sources/documents/document.js";
import type { DotenvOptions } from "../../provider/sources/documents/dotenv.js";
import { canary, failureOf, reveal } from "./canary.js";

const parse = (text: string, options: DotenvOptions) =>
  parseDocument({
    bytes: new TextEncoder().encode(text),
    format: "dotenv",
    separator: undefined,
    origin: 'file source "x"',
    ...options,
  });

const raw = String.raw;
const given = "HOST=db\nEMPTY=\n";

describe("with `expand: true`", () => {
  test.each([
    ["braces", 'A="x${HOST}y"', "xdby"],
    ["no braces", "A=x$HOST-y", "xdb-y"],
    ["two in one value", "A=${HOST}:$HOST", "db:db"],
    ["a default that is not needed", "A=${HOST:-other}", "db"],
    ["a default for a missing key", "A=${PORT:-5432}", "5432"],
    ["a default for an empty key", "A=${EMPTY:-x}", "x"],
    ["a default that an empty key does not need", "A=${EMPTY-x}", ""],
    ["an empty default", "A=${PORT:-}", ""],
    ["a default with a reference in it", "A=${PORT:-${HOST}:1}", "db:1"],
    ["a default in a default", "A=${PORT:-${ALSO:-x}}", "x"],
    ["another value for a key that is there", "A=${HOST:+on}", "on"],
    ["another value for a key that is not", "A=${PORT:+on}", ""],
    ["a default of two lines", 'A="${PORT:-a\nb}"', "a\nb"],
    ["a default for a dotted name", "A=${db.URL:-x}", "x"],
    ["braces that are never closed", "A=x${HOST", "x${HOST"],
    ["a required key", "A=${HOST:?must be set}", "db"],
    ["single quotes, which say text", "A='${HOST} $HOST'", "${HOST} $HOST"],
    ["an escaped dollar", raw`A="\${HOST} \$HOST"`, "${HOST} $HOST"],
    ["an escaped dollar without quotes", raw`A=\$HOST`, "$HOST"],
    ["a dollar before a digit", "A=$5", "$5"],
    ["a dollar at the end", "A=5$", "5$"],
    ["a password with two dollars", "A=pa$$word", "pa$$word"],
    ["a bcrypt hash", "A=$2b$10$N9qo8uLOickgx2ZMRZoMye", "$2b$10$N9qo8uLOickgx2ZMRZoMye"],
    ["an argon2 hash", 'A="$argon2id$v=19$m=65536,t=3,p=4$c2Fs$aGFz"', "$argon2id$v=19$m=65536,t=3,p=4$c2Fs$aGFz"],
    [
      "a hash of passlib",
      "A=$bcrypt-sha256$v=2,t=2b,r=12$n79VH.$Kq4Noyk",
      "$bcrypt-sha256$v=2,t=2b,r=12$n79VH.$Kq4Noyk",
    ],
    ["a hash of passlib without a variant", "A=$bcrypt$v=2$n79VH.", "$bcrypt$v=2$n79VH."],
    ["a PBKDF2 hash", "A=$pbkdf2-sha512$25000$x9i7$ab", "$pbkdf2-sha512$25000$x9i7$ab"],
    ["a PBKDF2 hash without a variant", "A=$pbkdf2$25000$x9i7$ab", "$pbkdf2$25000$x9i7$ab"],
    ["a hash of WordPress", "A=$P$984478476IagS59wHZvyQMArzfx58u.", "$P$984478476IagS59wHZvyQMArzfx58u."],
    ["a line of htpasswd", "A=user:$apr1$salt$hash", "user:$apr1$salt$hash"],
    ["what App Platform replaces", "A=${db.DATABASE_URL}", "${db.DATABASE_URL}"],
    ["a pool of a database", "A=${db.pool-1.DATABASE_URL}", "${db.pool-1.DATABASE_URL}"],
    ["a key with a dot in its name", "a.b=one\nA=${a.b}", "one"],
    ["a key that comes later", "A=${LATER}\nLATER=x", "x"],
    ["references of references", "C=${B}!\nB=${HOST}?\nA=$C", "db?!"],
    ["what a value in single quotes holds, as text", "B='${HOST}'\nA=$B", "${HOST}"],
    ["a line break beside it", 'A="$HOST\\n2"', "db\n2"],
  ])("%s is understood", async (_, text, value) => {
    const values = reveal(await parse(`${given}${text}`, { expand: true }));
    expect(values["A"]).toBe(value);
  });

  test.each([
    ["a key that is not there", "A=${PORT}", /line 3 \(A\): a reference to a key that this source does not have/],
    ["a key that is not there, without braces", `A=${canary}$PORT`, /line 3 \(A\): a reference to a key that/],
    ["a key that is not there, before another one", "A=$P$HOST", /line 3 \(A\): a reference to a key that/],
    ["a required key that is not there", `A=\${PORT?${canary}}`, /line 3 \(A\): a reference, with /],
    ["a required key that is empty", "A=${EMPTY:?}", /line 3 \(A\): a reference, with /],
    ["itself", "A=${A}", /line 3 \(A\): a reference to itself/],
    ["itself, by way of another", "A=${B}\nB=x$A", /line 4 \(B\): a reference to itself/],
    ["itself in a default", "A=${PORT:-$A}", /line 3 \(A\): a reference to itself/],
    ["nothing", "A=${}", /line 3 \(A\): \$\{…\} with something in it that is no reference/],
    ["something that is no name", `A=\${1}${canary}`, /line 3 \(A\): \$\{…\} with/],
    ["a name behind a digit", "A=${1HOST}", /line 3 \(A\): \$\{…\} with/],
    ["a name with a sign behind it", "A=${HOST!}", /line 3 \(A\): \$\{…\} with/],
    ["a command", `A=$(cat ${canary})`, /line 3 \(A\): a command/],
    ["two dollars before a key", "A=$$HOST", /line 3 \(A\): two \$ before a name/],
  ])("a reference to %s is refused", async (_, text, reason) => {
    const problems = await failureOf(parse(`${given}${text}`, { expand: true }));
    expect(problems).toEqual([expect.stringMatching(/^source\.unresolved_reference: file source "x" /)]);
    expect(problems[0]).toMatch(reason);
  });

  test("one faulty line is reported once, and not at every line that refers to it", async () => {
    const text = `A=$B$C\nB=\${PORT}\nC="${canary}\\q"\nD=$A`;
    expect(await failureOf(parse(text, { expand: true }))).toEqual([
      expect.stringMatching(/^source\.unparsable: .* line 3 \(C\): a backslash/),
      expect.stringMatching(/^source\.unresolved_reference: .* line 2 \(B\): a reference to/),
    ]);
  });

  test("a key whose reference leads to a faulty line is reported if that line is not taken itself", async () => {
    const bytes = new TextEncoder().encode(`A=x$C\nB=$A\nC="${canary}\\q"\nD=1\nE=1\nE=2\nF=$E`);
    const request = { bytes, format: "dotenv", separator: undefined, origin: 'file source "x"', expand: true } as const;
    const content = await readDocument(request);
    const take = async (...keys: string[]) => takeFrom(content, (key) => keys.includes(key));
    for (const key of ["A", "B", "C"]) {
      expect(await failureOf(take(key, "D"))).toEqual([
        expect.stringMatching(/^source\.unparsable: .*: line 3 \(C\): a backslash/),
      ]);
    }
    expect(await failureOf(take("F"))).toEqual([expect.stringMatching(/^source\.duplicate_key: .*"E" is defined/)]);
    expect(reveal(await take("D"))).toEqual({ D: "1" });
  });

  test("values do not grow without end", async () => {
    const lines = Array.from({ length: 40 }, (_, level) => `L${level + 1}=$L${level}$L${level}`);
    const [problem] = await failureOf(parse(`L0=${canary}\n${lines.join("\n")}`, { expand: true }));
    expect(problem).toMatch(/^source\.unresolved_reference: .*: references that grow beyond 10 MiB/);
  });

  test("many keys that repeat a long one do not grow without end either", async () => {
    const lines = Array.from({ length: 1000 }, (_, at) => `A${at}=$L`);
    const [problem] = await failureOf(parse(`L=${"x".repeat(1024 * 1024)}\n${lines.join("\n")}`, { expand: true }));
    expect(problem).toMatch(/ and 98\d more: references that grow beyond 10 MiB/);
  });
});

describe("with `expand: false`", () => {
  test.each(["x${HOST}y", "$HOST", "${PORT:-x}", "$(ls)", "${}", "pa$$word", "$$HOST", raw`\$HOST`, "${db.URL}"])(
    "%s is text",
    async (text) => {
      const values = reveal(await parse(`${given}A=${text}\nB="${text}"`, { expand: false }));
      expect([values["A"], values["B"]]).toEqual([text, text]);
    },
  );
});

describe("when nothing is said", () => {
  test.each([
    ["braces", "A=${HOST}"],
    ["braces between double quotes", 'A="${HOST}"'],
    ["no braces", `A=${canary}$HOST`],
    ["a key that is not there", "A=${PORT}"],
    ["a key that comes later", "A=$LATER\nLATER=x"],
    ["a default", `A=\${PORT:-${canary}}`],
    ["what App Platform replaces", "A=${db.DATABASE_URL}"],
    ["two dollars before a key", "A=$$HOST"],
  ])("a reference with %s is refused with its line and both readings", async (_, text) => {
    expect(await failureOf(parse(`${given}${text}`, {}))).toEqual([
      'source.unresolved_reference: file source "x" is not plain dotenv: line 3 (A): a reference (${…}, or $ and a key of this source): Docker Compose, godotenv and python-dotenv replace it, but dotenv and Node do not; set `expand: true` to replace it with the value in this source, or `expand: false` to keep it as text',
    ]);
  });

  test("a command is refused as one", async () => {
    expect((await failureOf(parse(`A=$(cat ${canary})`, {})))[0]).toMatch(/line 1 \(A\): a command/);
  });

  test.each([
    "pa$word",
    "$PORT",
    "$5",
    "$",
    "a$",
    "$ {HOST}",
    "${HOST",
    "$(HOST",
    "$)HOST(",
    "$2b$10$HOST",
    "$argon2id$v=19$x",
  ])("%s is no reference", async (text) => expect(reveal(await parse(`${given}A=${text}`, {}))["A"]).toBe(text));
});

describe("in the dialect of Docker Compose", () => {
  const compose = { dialect: "compose", expand: true } as const;
  test.each([
    ["escapes", raw`A="\"\\\n\t\$HOST"`, '"\\\n\t$HOST'],
    ["an escaped single quote", raw`A='it\'s'`, "it's"],
    ["an octal escape", raw`A="\0101"`, "A"],
    ["an octal escape of two digits", raw`A="\010x"`, raw`\10x`],
    ["an escape that it does not know", raw`A="\q"`, raw`\q`],
    ["braces", "A=x${HOST}y", "xdby"],
    ["a default", "A=${PORT:-5432}", "5432"],
    ["a default that is not needed", "A=${HOST-5432}", "db"],
    ["two dollars", "A=pa$$word", "pa$word"],
    ["two dollars before a key", "A=$$HOST", "$HOST"],
    ["what is a command to a shell", "A=$(HOST)", "$(HOST)"],
    ["a # without a space", "A=x#y", "x#y"],
    ["a # right after =", "A=#y", "#y"],
    ["backticks", "A=`x`", "`x`"],
    ["a backslash and a reference", raw`A=\$HOST`, raw`\db`],
  ])("%s is read its way", async (_, text, value) => {
    expect(reveal(await parse(`${given}${text}`, compose))["A"]).toBe(value);
  });

  test.each([
    ["a key that comes later", "A=$LATER\nLATER=x", /comes later in the file/],
    ["a hash that it would take apart", "A=$2b$10$abcdef", /a reference to a key/],
    ["braces that are never closed", "A=${HOST", /no reference/],
    ["a key that is not there, after two dollars", "A=$$$NOPE", /a reference to a key/],
    ["what App Platform replaces", "A=${db.URL}", /no reference/],
    ["a default of two lines", 'A="${PORT:-a\nb}"', /no reference/],
    ["a comment that it takes for the value", "A= # x", /# where the value begins/],
    ["a comment after a tab", "A=x\t# y", /unquoted value with #/],
  ])("%s is refused", async (_, text, reason) => {
    expect((await failureOf(parse(`${given}${text}`, compose)))[0]).toMatch(reason);
  });

  test("a hash is text with `expand: false`, and a reference is refused when nothing is said", async () => {
    const text = "A=$2b$10$abcdef";
    expect(reveal(await parse(text, { dialect: "compose", expand: false }))).toEqual({ A: "$2b$10$abcdef" });
    expect((await failureOf(parse(text, { dialect: "compose" })))[0]).toMatch(/: a reference/);
  });
});

describe("in the dialect of the dotenv package", () => {
  test.each([
    ["escaped quotes, kept", raw`A="{\"a\":1}"`, raw`{\"a\":1}`],
    ["backslashes, kept", raw`A="C:\\x\q"`, raw`C:\\x\q`],
    ["line breaks and carriage returns", raw`A="x\n\r"`, "x\n\r"],
    ["backticks", 'A=`it\'s "so"`', 'it\'s "so"'],
    ["a backslash at the end", "A='C:\\'", "C:\\"],
    ["a #, which ends the value", "A=x#y", "x"],
  ])("it reads %s", async (_, text, value) => {
    expect(reveal(await parse(text, { dialect: "dotenv" }))["A"]).toBe(value);
  });
});

describe("in the literal dialect", () => {
  test.each([
    ["quotes", `A="x"`, '"x"'],
    ["escapes", raw`A=\n\"`, raw`\n\"`],
    ["a #", "A=x # y", "x # y"],
    ["references", "A=${B} $B $(ls)", "${B} $B $(ls)"],
    ["spaces", "A= x ", " x "],
    ["an = sign", "A=x=y", "x=y"],
    ["Windows line ends", "A=x\r\nB=y\r\n", "x"],
    ["a comment before it", "# c\n  # d\n\nA=x", "x"],
  ])("everything after = is the value: %s", async (_, text, value) => {
    expect(reveal(await parse(text, { dialect: "literal" }))["A"]).toBe(value);
  });

  test.each([
    ["a name alone, which takes a value of the environment", "A"],
    ["export", `export A=${canary}`],
    ["a space before =", `A =${canary}`],
  ])("%s is refused", async (_, text) => {
    expect((await failureOf(parse(text, { dialect: "literal" })))[0]).toMatch(/: line 1: neither KEY=value/);
  });
});

test.each([{ dialect: "compose" }, { expand: true }, { expand: false }] as const)(
  "%o of a text that is not dotenv is refused",
  async (options) => {
    const bytes = new TextEncoder().encode("{}");
    const reading = parseDocument({
      bytes,
      format: "json",
      separator: undefined,
      origin: 'file source "x"',
      ...options,
    });
    expect(await failureOf(reading)).toEqual([
      'argument.invalid: file source "x" is read as json, and `dialect` and `expand` are about dotenv; remove them, or set `format` to "dotenv"',
    ]);
  },
);
