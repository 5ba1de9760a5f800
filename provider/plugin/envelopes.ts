// Pure: the property format between the engine and a plugin. Opens envelopes, and remembers where something was secret.
// https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/plugin/rpc.go

import { type Properties, secret, unknownValue } from "../lifecycle/engine/wire.js";

const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const referenceSignature = "5cf8f73096256a8f31e491e813e4eb8e";

/** The engine has one for each type of unknown value; the lifecycle has one for all. */
const unknowns = new Set([
  unknownValue,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** A resource of the program, given as an argument. */
export class ResourceReference {
  readonly urn: string;

  constructor(urn: string) {
    this.urn = urn;
  }
}

export interface Opened {
  readonly properties: Properties;
  /** Paths, as JSON, of what was secret. */
  readonly secrets: ReadonlySet<string>;
}

type Path = readonly (string | number)[];

/** Takes the envelopes off. */
export function open(properties: Properties | undefined): Opened {
  const secrets = new Set<string>();
  const walk = (part: unknown, path: Path): unknown => {
    if (typeof part === "string") return unknowns.has(part) ? unknownValue : part;
    if (Array.isArray(part)) return part.map((item, index) => walk(item, [...path, index]));
    if (typeof part !== "object" || part === null) return part;
    const envelope = part as Properties;
    if (envelope[signatureKey] === secretSignature) {
      secrets.add(JSON.stringify(path));
      return walk(envelope["value"], path);
    }
    if (envelope[signatureKey] === referenceSignature) return new ResourceReference(String(envelope["urn"]));
    return mapMembers(envelope, (member, name) => walk(member, [...path, name]));
  };
  return { properties: walk(properties ?? {}, []) as Properties, secrets };
}

/** Takes the envelopes off if it does not matter what was secret. */
export function openPlain(properties: Properties | undefined): Properties {
  return open(properties).properties;
}

/** Puts back the envelopes of what the program had in some, if it is still in the answer. */
export function reseal(properties: Properties, secrets: ReadonlySet<string>): Properties {
  if (secrets.size === 0) return properties;
  const walk = (part: unknown, path: Path): unknown => {
    if (isEnveloped(part)) return part;
    const inner = Array.isArray(part)
      ? part.map((item, index) => walk(item, [...path, index]))
      : typeof part === "object" && part !== null
        ? mapMembers(part as Properties, (member, name) => walk(member, [...path, name]))
        : part;
    return secrets.has(JSON.stringify(path)) ? secret(inner) : inner;
  };
  return walk(properties, []) as Properties;
}

function isEnveloped(part: unknown): boolean {
  return typeof part === "object" && part !== null && signatureKey in part;
}

/** Not by assignment, which would lose `__proto__`, a legal name. */
function mapMembers(map: Properties, change: (member: unknown, name: string) => unknown): Properties {
  return Object.fromEntries(Object.entries(map).map(([name, member]) => [name, change(member, name)]));
}
