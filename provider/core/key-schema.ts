// Pure: source key to destination key and back, by plain substitution.

const secretKey = "{{secretKey}}";

/** The destination key of a source key. Without a schema keys stay as they are. */
export function applyKeySchema(schema: string | undefined, key: string, environment: string): string {
  if (!schema) return key;
  const [prefix, suffix] = affixes(schema, environment);
  return prefix + key + suffix;
}

/** The source key that a destination key would come from; undefined when the schema cannot have made it. */
export function matchKeySchema(schema: string | undefined, key: string, environment: string): string | undefined {
  if (!schema) return key;
  const [prefix, suffix] = affixes(schema, environment);
  // An empty middle is no key: `APP_{{secretKey}}` must not claim `APP_`.
  if (key.length <= prefix.length + suffix.length) return undefined;
  if (!key.startsWith(prefix) || !key.endsWith(suffix)) return undefined;
  return key.slice(prefix.length, key.length - suffix.length);
}

/** Split first, substitute after: an environment name that looks like a placeholder changes nothing. */
function affixes(schema: string, environment: string): [string, string] {
  const at = schema.indexOf(secretKey);
  const fill = (part: string) => part.replaceAll("{{environment}}", environment);
  return [fill(schema.slice(0, at)), fill(schema.slice(at + secretKey.length))];
}
