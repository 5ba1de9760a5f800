// What is hidden in a text of which nobody knows what it holds, and what stays so that a person can mend it.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { redact } from "../../provider/redacted.js";
import { maskStrongly } from "../../provider/sources/local/strong-mask.js";

const mask = (text: string, known: readonly string[] = []) => maskStrongly(text, known.map(redact));

const base62 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
/** Made at run time, so that no scanner takes the shapes for leaks. */
const drawn = (length: number, seed = 7) =>
  Array.from({ length }, (_, at) => base62[(seed * 7919 + at * at * 31 + at * 17) % base62.length]).join("");
const hex = (length: number) =>
  Array.from({ length }, (_, at) => "0f1e2d3c4b5a69788796a5b4c3d2e1f0"[(at * 7) % 32]).join("");

describe("hidden by its place", () => {
  test.each([
    ["the password of a URL", "dial postgres://admin:swordfish@db:5432/shop", "swordfish"],
    ["the user of a URL, which may be a token", "clone https://swordfish@git.example.com/x", "swordfish"],
    ["a password with a slash", "redis://:sword/fish@cache/0", "sword/fish"],
    ["a password with an at sign", "amqp://u:sword@fish@mq", "sword@fish"],
    ["a password in percent signs", "https://u:%73wordfish@x.example.com", "%73wordfish"],
    ["userinfo without a scheme", "cannot reach admin:swordfish@db.internal", "swordfish"],
    ["a DSN of MySQL", "root:swordfish@tcp(db:3306)/shop", "swordfish"],
    ["a basic header", "Authorization: Basic c3dvcmRmaXNoOnN3b3JkZmlzaA==", "c3dvcmRmaXNo"],
    ["a bearer header", "authorization: bearer swordfish", "swordfish"],
    ["a header of curl -v", "> Authorization: Token swordfish", "swordfish"],
    ["a header in a command line", "curl -H 'Authorization: swordfish' https://x.example.com", "swordfish"],
    ["a header in JSON", '{"headers":{"Authorization":"Custom a=swordfish, b=c"}}', "swordfish"],
    ["a header of a proxy", "Proxy-Authorization: Basic swordfish", "swordfish"],
    ["a header of Vault", "X-Vault-Token: swordfish", "swordfish"],
    ["a cookie", "Set-Cookie: session=swordfish; Path=/", "swordfish"],
    ["a bearer token without its header", "sent Bearer swordfish to the server", "swordfish"],
    ["a code in a query", "callback https://x.example.com/?code=swordfish&x=1", "swordfish"],
    ["an element of XML", "<settings><db.password>swordfish</db.password></settings>", "swordfish"],
    ["a line of .netrc", "machine x.example.com login u password swordfish", "swordfish"],
    ["a sentence about a password", "the password is sw0rdfish, try again", "sw0rdfish"],
    ["the short option of mysql", "mysql -u root -pswordfish shop", "swordfish"],
    ["the user of curl", "curl -u admin:swordfish https://x.example.com", "swordfish"],
  ])("%s", (_, text, secret) => {
    expect(mask(text)).not.toContain(secret);
  });
});

describe("hidden by the name before it", () => {
  test.each([
    "DB_PASSWORD=swordfish",
    "export API_KEY=swordfish",
    "set TOKEN=swordfish",
    "DB_PASSWORD=correct swordfish battery",
    "line 3: DB_PASSWORD=correct swordfish battery",
    "PASSWORD = swordfish",
    "PASSWORD='sword \\' swordfish'",
    'PASSWORD="not closed swordfish',
    "password: swordfish",
    "  client-secret: correct swordfish",
    '- "apiKey": "swordfish"',
    '{"user":"u","password":"swordfish","port":1}',
    '{"user":"u","pin":"x","secret":{"a":"swordfish"}}',
    '{\\"password\\":\\"swordfish\\"}',
    "{ password: swordfish, user: u }",
    "login failed for u, password: swordfish",
    "dbPassword=swordfish user=u",
    "secretAccessKey => swordfish",
    "passphrase := swordfish",
    "GET /v1/x?user=u&access_token=swordfish&x=1",
    "GET /v1/x?sig=swordfish",
    "tool --token swordfish --verbose",
    "tool --api-key=swordfish --verbose",
    "tool -password swordfish",
    "AccountKey=swordfish;EndpointSuffix=core",
    "PGPASSWORD=swordfish psql",
    "MYSQL_PWD=swordfish",
    "private_key: swordfish",
    "SENTRY_DSN=swordfish",
    "Credentials: swordfish",
    "x-api-key: swordfish",
    "JWT: swordfish",
    "[default] aws_secret_access_key = swordfish",
  ])("%s", (text) => {
    expect(mask(text)).not.toContain("swordfish");
    expect(mask(text)).toContain("[secret]");
  });
});

describe("hidden by its shape", () => {
  test.each([
    ["GitHub", `ghp_${drawn(36)}`],
    ["GitHub, fine-grained", `github_pat_${drawn(22)}_${drawn(59)}`],
    ["GitLab", `glpat-${drawn(20)}`],
    ["Slack", `xoxb-123456789012-${drawn(24)}`],
    ["AWS, the id of a key", "AKIAIOSFODNN7EXAMPLE"],
    ["AWS, a secret key", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"],
    ["Stripe", `sk_live_${drawn(24)}`],
    ["OpenAI", `sk-proj-${drawn(40)}`],
    ["DigitalOcean", `dop_v1_${hex(64)}`],
    ["Netlify", `nfp_${drawn(36)}`],
    ["npm", `npm_${drawn(36)}`],
    ["Pulumi", `pul-${hex(40)}`],
    ["Vault", `hvs.${drawn(90)}`],
    ["Vault of before", `s.${drawn(24)}`],
    ["Doppler", `dp.st.prd.${drawn(40)}`],
    ["Infisical", `st.${hex(24)}.${hex(32)}.${hex(32)}`],
    ["Google", `AIza${drawn(35)}`],
    ["SendGrid", `SG.${drawn(22)}.${drawn(43)}`],
    ["1Password", `ops_eyJ${drawn(60)}`],
    ["age", `AGE-SECRET-KEY-1${drawn(58).toUpperCase()}`],
    ["a JSON web token", `eyJhbGciOiJIUzI1NiJ9.${drawn(40)}.${drawn(43)}`],
    ["a UUID", "3f2504e0-4f89-41d3-9a0c-0305e82c3301"],
    ["a digest", hex(40)],
    ["a short digest", hex(16)],
    ["letters and digits", drawn(16)],
    ["letters only", "qWzXkPvBnMrTgHyJdLsF"],
    ["small letters", "xkqzvbwpmjtrhgfdnlcs"],
    ["capitals of base32", "JBSWY3DPEHPK3PXPJBSWY3DP"],
    ["base64", "x7Kq+Zp/3mVbN8rT/w2LsYd4Gh9J=="],
    ["a license key", "A9K2M-X7Q4P-Z3L8V-B5N1R"],
    ["a password of a generator", "k#9vP!2xQ$7mW&4z"],
    ["a short password of a generator", "vi%Dx&bar9!go"],
    ["a card", "4111111111111111"],
  ])("%s", (_, token) => {
    for (const text of [
      token,
      `denied: ${token}.`,
      `("${token}")`,
      `a/${token}/b`,
      `x=${token}`,
      `id ${token} is gone`,
    ]) {
      const shown = mask(text);
      for (let at = 0; at + 8 <= token.length; at += 1) expect(shown).not.toContain(token.slice(at, at + 8));
    }
  });

  test.each([
    ["in a folder of secrets", "open /run/secrets/tok/", ""],
    ["in an address of secrets", "GET https://vault.example.com/v1/secret/data/", " failed"],
    ["in the name of a service", "secretsmanager/", ": denied"],
    ["in a name of two words", "client-secret-", ""],
    ["behind the word itself", "mysecret", ""],
    ["behind the word in capitals", "Got SECRET", ""],
  ])("%s, beside which it is drawn all the same", (_, before, after) => {
    const token = drawn(22);
    const shown = mask(`${before}${token}${after}`);
    for (let at = 0; at + 8 <= token.length; at += 1) expect(shown).not.toContain(token.slice(at, at + 8));
  });

  test("a private key, whole, begun only, and its last lines only", () => {
    const body = Array.from({ length: 6 }, (_, at) => drawn(64, at + 1));
    const key = ["-----BEGIN RSA PRIVATE KEY-----", ...body, "-----END RSA PRIVATE KEY-----"];
    for (const lines of [key, key.slice(0, 4), key.slice(3)]) {
      const shown = mask(["before", ...lines].join("\n"));
      for (const line of body) expect(shown).not.toContain(line.slice(0, 12));
      expect(shown).toContain("before");
    }
  });
});

describe("shown, because somebody has to mend it", () => {
  test.each([
    "Failed to get the data key required to decrypt the SOPS file.",
    "open /home/dev/project/config/production.enc.yaml: no such file or directory",
    "Error from server (Forbidden): secrets is forbidden: User cannot list resource",
    "getaddrinfo ENOTFOUND secretsmanager.eu-central-1.amazonaws.com",
    "connect ECONNREFUSED 127.0.0.1:8200",
    "open /run/secrets/database-url: no such file or directory",
    "no secret at https://vault.example.com/v1/secret/data/production/web",
    "    at Object.<anonymous> (/srv/app/node_modules/@aws-sdk/client-sts/dist-cjs/index.js:1234:56)",
    "AccessDeniedException: User is not authorized to perform kms:Decrypt",
    "error: unknown command 'decrypt-everything' for tool version 3.8.1 (linux-x86_64)",
    "Usage: op read [flags] <reference>",
    '2026-01-02T03:04:05Z level=warning msg="certificate expires soon"',
    "could not read internationalization.properties; permission denied",
    "GET /v1/items/list?page_size=20&order=desc failed",
    "no such file: files/caf%C3%A9%20menu2.txt",
    "exit status 128, see https://getsops.io/docs/#troubleshooting",
  ])("%s", (text) => {
    expect(mask(text)).toBe(text);
  });

  test("what was hidden before stays as it is", () => {
    expect(mask("denied: [secret], and the secret [secret]")).toBe("denied: [secret], and the secret [secret]");
    expect(mask("/run/secrets/[secret]/client-secret")).toBe("/run/secrets/[secret]/client-secret");
  });

  test("known values are hidden whatever they look like", () => {
    expect(mask("the production is on fire", ["production"])).not.toContain("production");
  });
});

describe("for any text", () => {
  const words = fc.array(
    fc.constantFrom("error", "cannot open", "file", "status 403", "denied", "at line 3", "=", ":"),
    { maxLength: 6 },
  );
  const text = (alphabet: string, minLength: number) =>
    // Without fast-check's liking for repeated signs, which nobody draws.
    fc.noBias(fc.string({ unit: fc.constantFrom(...alphabet.split("")), minLength, maxLength: 64 }));
  // What a service gives out is drawn from one of these, and has a digit and a letter.
  const secret = fc
    .oneof(text(base62, 20), text("0123456789abcdef", 24), text(`${base62}-_`, 24), text(`${base62}+/`, 32), fc.uuid())
    .filter((one) => /\d/.test(one) && /[A-Za-z]/.test(one));

  test("a drawn secret never shows eight of its characters in a row", () => {
    const place = fc.record({ before: words, sign: fc.constantFrom(" ", "\n", '"', "'", " (", ": "), after: words });
    fc.assert(
      fc.property(secret, place, (one, { before, sign, after }) => {
        const shown = mask([...before, `${sign}${one}`, ...after].join(" "));
        const pieces = Array.from({ length: one.length - 7 }, (_, at) => one.slice(at, at + 8));
        expect(pieces.filter((piece) => shown.includes(piece))).toEqual([]);
      }),
      { seed: 17, numRuns: 5000, endOnFailure: true },
    );
  });

  test("a value behind a secret name, or in a URL, never shows", () => {
    const value = fc
      .string({ unit: fc.constantFrom(..."abcdefgh!#.-_".split("")), minLength: 4, maxLength: 20 })
      .map((one) => `zq${one}qz`);
    const frame = fc.constantFrom(
      (one: string) => `DB_PASSWORD=${one}`,
      (one: string) => `"token": "${one}"`,
      (one: string) => `tool --secret ${one}`,
      (one: string) => `https://user:${one}@example.com/path`,
      (one: string) => `Authorization: Custom ${one}`,
    );
    fc.assert(
      fc.property(words, value, frame, (before, one, put) => {
        expect(mask([...before, put(one)].join(" "))).not.toContain(one);
      }),
      { seed: 17, numRuns: 3000 },
    );
  });

  test.each([
    ["letters", "a"],
    ["equals signs", "="],
    ["colons and names", "key:"],
    ["slashes", "://"],
    ["at signs", "a:@"],
    ["quotes", "\"'"],
    ["beginnings of keys", "-----BEGIN PRIVATE KEY-----"],
    ["beginnings of tokens", "eyJ."],
    ["dots", "a.b-"],
    ["backslashes", '\\"'],
    ["spaces", " \t"],
    ["flags", " --key"],
    ["digits", "a1"],
  ])("16 KiB of %s take less than a second", (_, unit) => {
    const began = performance.now();
    const shown = mask(unit.repeat(Math.ceil((16 * 1024) / unit.length)));
    expect(shown.length).toBeGreaterThan(0);
    expect(performance.now() - began).toBeLessThan(1000);
  });
});

describe("a prefix that only tokens have", () => {
  const prefixes =
    "ghp_ github_pat_ glpat- glsoat- xoxb- xapp- whsec_ sk_live_ rk_test_ sk- dop_v1_ nfp_ npm_ pypi- pul- hvs. dp.st. st.0123abcd ops_ " +
    "AIza ya29. 1//0 SG. HRKU- dckr_pat_ dapi hf_ lin_api_ sbp_ sntrys_ NRAK- shpat_ sq0csp- EAAA glsa_ figd_ PMAK- rubygems_ tfp_ " +
    "vercel_ AGE-SECRET-KEY- infisical_ ntn_ secret_ xkeysib- pscale_tkn_ CFPAT- EZAK";

  test.each(prefixes.split(" "))("%s hides what follows, even a word", (prefix) => {
    expect(mask(`see ${prefix}swordfish here`)).toBe("see [secret] here");
  });
});
