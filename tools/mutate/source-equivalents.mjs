// Equivalents in the sources, each with its reason.

import { within } from "./equivalent.mjs";

/** @type {ReadonlyArray<import("./equivalent.mjs").Equivalent>} */
export const sourceEquivalents = [
  ...within(
    "provider/sources/documents/dotenv-statements.ts",
    "asked for the type: a line that matches has all parts",
    [["const [whole =", '""', '"Stryker was here!"']],
  ),
  ...within("provider/sources/description.ts", "asked for the type: without a prefix there are names", [
    ["environment: ({ prefix", "[]", '["Stryker was here"]'],
  ]),
  ...within("provider/sources/remote/aws-secrets-manager/index.ts", "no address ends in that", [
    ["readOrigin(baseUrl", "[]", '["Stryker was here"]'],
  ]),
  ...within("provider/sources/remote/aws-secrets-manager/index.ts", "no name is the beginning of an ARN", [
    ["return Name === id ||", '"arn:"', '""'],
  ]),
  ...within("provider/sources/documents/dotenv-edits.ts", "only line ends are looked for in it", [
    ["const rest =", '""', '"Stryker was here!"'],
  ]),
  ...within("provider/sources/documents/dotenv-references.ts", "asked for the type: an operator has an argument", [
    ["const [, name, operator", '""', '"Stryker was here!"'],
    ["const [, name, operator", "[]", '["Stryker was here"]'],
  ]),
  ...within("provider/sources/documents/dotenv-references.ts", "behind the end there is no bracket", [
    ["for (let at = 0; at < text.length", "at < text.length", "at <= text.length"],
  ]),
  ...within(
    "provider/sources/documents/dotenv-references.ts",
    "saves memory: what is within braces is scanned once more by itself",
    [
      ["if (start !== undefined &&", "start !== undefined && open.length < maxDepth", "true"],
      ["if (start !== undefined &&", "start !== undefined", "true"],
      ["if (start !== undefined &&", "open.length < maxDepth", "true"],
      ["if (start !== undefined &&", "open.length < maxDepth", "open.length <= maxDepth"],
      [
        "if (start !== undefined &&",
        "start !== undefined && open.length < maxDepth",
        "start !== undefined || open.length < maxDepth",
      ],
    ],
  ),
  ...within("provider/sources/local/random-words.ts", "the last drawn part is no plain word", [
    ["const after =", "at > parts.findLastIndex(isOdd)", "at >= parts.findLastIndex(isOdd)"],
  ]),
  ...within("provider/sources/local/random-words.ts", "asked for the type: at least one part is drawn", [
    ["return [parts[before + 1]", "parts[before + 1]?.index", "parts[before + 1].index"],
    ["return [parts[before + 1]", "last?.index", "last.index"],
    ["return [parts[before + 1]", "last?.[0].length", "last[0].length"],
  ]),
  ...within("provider/sources/local/random-words.ts", "asked for the type: letters have at least one piece", [
    ["const pieces =", "[]", '["Stryker was here"]'],
  ]),
  ...within("provider/sources/local/random-words.ts", "any three words tell three kinds apart", [
    ["const kinds =", '"a"', '""'],
    ["const kinds =", '"A"', '""'],
    ["const kinds =", '"0"', '""'],
  ]),
  ...within("provider/sources/remote/infisical/secrets.ts", "no key is called that", [
    ["const allowed =", "[]", '["Stryker was here"]'],
  ]),
];
