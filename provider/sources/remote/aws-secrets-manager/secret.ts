// Pure: what one secret of AWS holds. A JSON object or dotenv text is many keys, any other text is one, named after the secret.

import type { Problem } from "../../../errors.js";
import type { Redacted } from "../../../redacted.js";
import type { AwsSecretsManagerSource } from "../../../../schema/index.js";
import { type Content, faultOf } from "../../documents/content.js";
import { readDocument } from "../../documents/document.js";
import { failParsing } from "../../documents/tree.js";
import { readValues } from "../../documents/values.js";

export interface SecretText {
  /** The secret's own name, even if it was requested by ARN. */
  readonly name: string;
  /** Undefined for a binary secret. */
  readonly text: Redacted | undefined;
  readonly origin: string;
  readonly source: Pick<AwsSecretsManagerSource, "format" | "separator">;
}

/**
 * @throws SecretSyncError `source.unparsable` and `source.not_flat`
 */
export async function readSecretValue({ name, text, origin, source }: SecretText): Promise<Content<Redacted>> {
  const { format = "auto", separator } = source;
  if (text === undefined) {
    const problem = {
      code: "source.binary_value",
      message: `${origin}: the value is binary, and a variable holds text; store it as text, for example in base64`,
    } as const;
    return { values: new Map(), faults: [faultOf(nameKey(name), problem)] };
  }
  // A malformed object would otherwise be sent as it is, braces and all.
  const isObject = format === "json" || (format === "auto" && text.reveal().trimStart().startsWith("{"));
  // A file that was uploaded as it is may begin with a BOM.
  if (isObject) return readValues({ text: text.reveal().replace(/^\uFEFF/, ""), at: [], separator, origin });
  if (format === "dotenv") {
    // Encoded, it would become another value.
    if (!text.reveal().isWellFormed()) throw failParsing(origin, "holds half of a surrogate pair; correct the value");
    return readDocument({ bytes: Buffer.from(text.reveal()), format: "dotenv", separator, origin });
  }
  const faults = format === "auto" && holdsAssignments(text.reveal()) ? [faultOf(nameKey(name), unnamed(origin))] : [];
  return { values: new Map([[nameKey(name), text]]), faults };
}

/** Several lines, each KEY=value: a pasted `.env` file. A single line may well be a value. */
function holdsAssignments(text: string): boolean {
  const lines = text.split(/\r\n?|\n/).filter((line) => !/^\s*(?:#.*)?$/.test(line));
  return lines.length > 1 && lines.every((line) => /^\s*(?:export\s+)?[A-Za-z_]\w*\s*=/.test(line));
}

function unnamed(origin: string): Problem {
  return {
    code: "source.unparsable",
    message: `${origin}: the value is lines of KEY=value, which would become one variable; set \`format\` to "dotenv" to read them as keys, or to "text" if the whole is one value`,
  };
}

/** `prod/web/database-url` gives DATABASE_URL: the last part of the name, in upper case, with `_` for what no variable name can have. */
export function nameKey(name: string): string {
  const last = name.split("/").findLast((part) => part !== "") ?? name;
  return last.replace(/[^A-Za-z0-9_]+/g, "_").toUpperCase();
}
