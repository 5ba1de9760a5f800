// Pure: Pulumi's wire format: plain data, the two signatures in it, and the resource it describes.

import { typeToken } from "../../type-tokens.js";

/** Plain data as gRPC's Struct carries it. */
export type Properties = Record<string, unknown>;

/** Stands for a value that a preview does not know yet, whatever its type. `pulumi.runtime.unknownValue`. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

// `pulumi.runtime.serializeSecretValue` builds the same object; it is spelt out here so that the provider needs no SDK.
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** Asks the engine to encrypt a value that the program never made a secret. */
export function secret(value: unknown): Properties {
  return { [signatureKey]: secretSignature, value };
}

/** Whether a value is, or contains, something that is not known yet. */
export function hasUnknown(value: unknown): boolean {
  if (value === unknownValue) return true;
  if (Array.isArray(value)) return value.some(hasUnknown);
  return typeof value === "object" && value !== null && Object.values(value).some(hasUnknown);
}

/** Drops undefined members: gRPC's Struct throws on them. */
export function toStruct(properties: Properties): Properties {
  return JSON.parse(JSON.stringify(properties)) as Properties;
}

/** Whether the properties belong to a Connection, not to a SecretSync. */
export function isConnection(properties: Properties): boolean {
  return properties["__resource"] === "connection";
}

/** Whether these are inputs that state has; those of a new resource are empty. */
export function areRecorded(olds: Properties): boolean {
  return olds["__urn"] !== undefined;
}

/** A dynamic provider does not get the URN, so the program sends it; state keeps it twice, without the words that all URNs share. */
export function readUrn(properties: Properties): string {
  const text = String(properties["__urn"]);
  const [stack, project, parents, ...name] = text.split("::");
  const isShort = name.length > 0 && !text.startsWith(urnPrefix);
  return isShort ? [`${urnPrefix}${stack}`, project, `${parents}${shortType}`, ...name].join("::") : text;
}

/** FROZEN form of the URN of a SecretSync: `stack::project::parents::name`. One of another type stays as it is. */
export function shortenUrn(urn: string): string {
  const [stack = "", project = "", type = "", ...name] = urn.split("::");
  const parents = type.slice(0, -shortType.length);
  const short = [stack.slice(urnPrefix.length), project, parents, ...name].join("::");
  return readUrn({ __urn: short }) === urn ? short : urn;
}

/** The name of the stack in a URN: `urn:pulumi:stack::project::type::name`. */
export function readStackName(urn: string): string {
  return urn.slice(urnPrefix.length, urn.indexOf("::"));
}

const urnPrefix = "urn:pulumi:";
const shortType = typeToken("SecretSync", "dynamic");

/** The option `customTimeouts`, from a host that gets it with each write. */
export function readTimeoutMs(properties: Properties): number | undefined {
  const told = properties["__timeoutMs"];
  return typeof told === "number" && told > 0 ? told : undefined;
}
