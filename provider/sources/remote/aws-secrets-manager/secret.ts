// Pure: what one secret of AWS holds. A JSON object is many keys, any other text is one, named after the secret.

import type { Redacted } from "../../../redacted.js";
import type { AwsSecretsManagerSource } from "../../../../schema/index.js";
import { type Content, faultOf } from "../../documents/content.js";
import { readValues } from "../../documents/values.js";

export interface SecretText {
  /** The secret's own name, also when it was asked for by ARN. */
  readonly name: string;
  /** Undefined for a binary secret. */
  readonly text: Redacted | undefined;
  readonly origin: string;
  readonly source: Pick<AwsSecretsManagerSource, "format" | "separator">;
}

/**
 * @throws SecretSyncError `source.unparsable` and `source.not_flat`
 */
export function readSecretValue({ name, text, origin, source }: SecretText): Content<Redacted> {
  const { format = "auto", separator } = source;
  if (text === undefined) {
    const problem = {
      code: "source.binary_value",
      message: `${origin}: the value is binary, and a variable holds text; store it as text, for example in base64`,
    } as const;
    return { values: new Map(), faults: [faultOf(nameKey(name), problem)] };
  }
  // What begins like an object and is none would else be sent as it stands, braces and all.
  const isObject = format === "json" || (format === "auto" && text.reveal().trimStart().startsWith("{"));
  if (isObject) return readValues({ text: text.reveal(), at: [], separator, origin });
  return { values: new Map([[nameKey(name), text]]), faults: [] };
}

/** `prod/web/database-url` gives DATABASE_URL: the last part of the name, in capitals, with `_` for whatever a variable's name cannot hold. */
export function nameKey(name: string): string {
  const last = name.split("/").findLast((part) => part !== "") ?? name;
  return last.replace(/[^A-Za-z0-9_]+/g, "_").toUpperCase();
}
