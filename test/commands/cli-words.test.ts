// What the CLI says when a backend fails: its address, with credentials in it, in pieces or encoded. Nothing of them is shown.

import { describe, expect, test } from "vitest";
import { listShownProblems, readCliWords, scrubCredentials } from "../../provider/commands/cli-words.js";
import { SecretSyncError } from "../../provider/errors.js";

const secret = "cnry4e1d";

describe("an address in the CLI's words", () => {
  const percent = (text: string) => encodeURIComponent(text);
  const quoted: ReadonlyArray<readonly [string, string]> = [
    [`dial postgres://app:${secret}@db.example.com:5432/state`, "dial postgres://[secret]@db.example.com:5432/state"],
    [`open s3://states?region=eu&access=${secret}&x=1`, "open s3://states?region=[secret]&access=[secret]&x=[secret]"],
    [`GET https://u:${secret}@host/a?b=c#token=${secret}: 401`, "GET https://[secret]@host/a?b=[secret]: 401"],
    [`'azblob://c?sas_token=${secret}' is not`, "'azblob://c?sas_token=[secret]' is not"],
    [`(see "s3://b?key=${secret}").`, '(see "s3://b?key=[secret]").'],
    [`[s3://b?key=${secret}], then`, "[s3://b?key=[secret]], then"],
    [`(https://u:${secret}@host/x)`, "(https://[secret]@host/x)"],
    [`at ${percent(`postgres://app:${secret}@db/state?password=${secret}&b=c`)} now`, ""],
    [`at ${percent(percent(`s3://u:${secret}@b?key=${secret}&b=c`))} now`, ""],
    [`{"url":"https:\\/\\/u:${secret}@host\\/x?a=${secret}"}`, ""],
    [`"postgres://u:${secret} with space and @ ${secret}@host/db": net/url: invalid userinfo`, ""],
    [`postgres://u:p'${secret}"${secret}@host/db failed`, ""],
    [`postgres://u:${secret}/with?slash#and@host/db failed`, ""],
    [`lookup ${secret}@host: no such host`, "lookup [secret]@host: no such host"],
    [`parse "u:${secret}@host": first path segment`, 'parse "[secret]@host": first path segment'],
    [`s3://b?password=${secret}&${secret}`, "s3://b?password=[secret]&[secret]"],
    [`token pul-0123456789abcdef0123456789abcdef01234567 is invalid`, "token pul-[secret] is invalid"],
    [
      `PULUMI_ACCESS_TOKEN=${secret} AWS_SECRET_ACCESS_KEY=${secret}`,
      "PULUMI_ACCESS_TOKEN=[secret] AWS_SECRET_ACCESS_KEY=[secret]",
    ],
  ];

  test.each(quoted)("%s", (said, shown) => {
    const scrubbed = scrubCredentials(said);
    expect(scrubbed).not.toContain(secret);
    if (shown !== "") expect(scrubbed).toBe(shown);
  });

  test.each([
    "no stack named 'prod' found",
    "could not find project: no Pulumi.yaml in /srv/shop or its parents (why? see docs)",
    "the stack is at https://app.pulumi.com/acme/shop/prod",
    'unknown stack "shop/prod": run pulumi stack ls',
    "pulumi-language-nodejs exited",
  ])("leaves what holds none: %s", (said) => expect(scrubCredentials(said)).toBe(said));

  test("is known from the environment, where no form of it gives it away", () => {
    const environment = { PULUMI_BACKEND_URL: `postgres://app:${secret}%2Fx#7@db/state?password=${secret}-2` };
    const said = `invalid port ":${secret}%2Fx" after host, or ${secret}/x#7, or ${secret.toUpperCase()}-2`;
    expect(readCliWords(said, environment)).not.toMatch(/cnry/i);
    expect(readCliWords("incorrect passphrase: hunter-2-hunter", { PULUMI_CONFIG_PASSPHRASE: "hunter-2-hunter" })).toBe(
      "incorrect passphrase: [secret]",
    );
  });

  test("is none of what other variables hold", () => {
    const said = "no stack named 'prod' in /home/app";
    const environment = { HOME: "/home/app", PULUMI_KEY_REGION: "prod", PULUMI_ACCESS_TOKEN: undefined };
    expect(readCliWords(said, environment)).toBe(said);
  });

  test("stands on one line, and only its end is shown", () => {
    expect(readCliWords("error: one\n  ::error::two\r\n\n", {})).toBe("error: one | ::error::two");
    expect(readCliWords(`${"x".repeat(9_000)}\nerror: the end`, {})).toBe("error: the end");
    expect(readCliWords("x".repeat(9_000), {})).toBe("(its message is too long to show)");
  });

  test("takes no time, whatever it is", () => {
    const began = performance.now();
    for (const sign of ["/", "@", "%2f", "?a=", '"', "//@", "%2540"])
      readCliWords(sign.repeat(4_000 / sign.length), {});
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});

test("what a library throws is scrubbed, what we throw is told as it is", () => {
  const thrown = new Error(`error: open s3://b?key=${secret}`);
  expect(listShownProblems(thrown, {})).toEqual([
    { code: "internal.unexpected", message: "unexpected failure: error: open s3://b?key=[secret]" },
  ]);
  const ours = new SecretSyncError({ code: "stack.missing", message: "no stack is selected in a@b" });
  expect(listShownProblems(ours, {})).toEqual(ours.problems);
});
