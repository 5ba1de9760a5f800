// Pure: a manifest of Kubernetes. Read literally, its keys would be `kind` and `metadata_name`, and its values base64.

import { SecretSyncError, type Problem } from "../../errors.js";
import { type Content, type Fault, faultOf } from "./content.js";
import { failParsing, flattenTree, type FlattenOptions, type Tree } from "./tree.js";

/** The declared kind of a manifest; undefined for any other document. */
function findKind(tree: Tree): string | undefined {
  const [version, kind] = [find(tree, "apiVersion"), find(tree, "kind")];
  const isManifest = ["metadata", "data", "stringData", "spec", "items"].some((key) => find(tree, key) !== undefined);
  if (version?.kind !== "text" || kind?.kind !== "text" || !isManifest) return undefined;
  return /^[A-Z][A-Za-z0-9]{0,99}$/.test(kind.text) ? kind.text : undefined;
}

/** A document whose keys are those of its tree; those of a manifest are not keys of a source. */
export function flattenPlain(tree: Tree, options: FlattenOptions): Content<string> {
  const content = flattenTree(tree, options);
  const kind = findKind(tree);
  if (kind === undefined) return content;
  const keys = [...content.values.keys(), ...content.faults.flatMap((fault) => fault.keys)];
  const problem = refuseKind(kind, options.origin);
  return { values: content.values, faults: [{ keys, tell: () => problem }] };
}

/**
 * The values of a Secret, decoded, or of a ConfigMap.
 *
 * @throws SecretSyncError `source.unparsable` and `source.encrypted` for any other document
 */
export function readManifest(tree: Tree, options: FlattenOptions): Content<string> {
  const { origin } = options;
  const kind = findKind(tree);
  if (kind === undefined)
    throw failParsing(origin, "is not a manifest of a Kubernetes Secret or ConfigMap; give another `format`");
  if (kind !== "Secret" && kind !== "ConfigMap") throw new SecretSyncError(refuseKind(kind, origin));
  const read = (name: string) => flattenTree(find(tree, name) ?? empty, options);
  // The server lets `stringData` win.
  const [plain, encoded] = kind === "Secret" ? ["stringData", "data"] : ["data", "binaryData"];
  const over = read(plain);
  const under = decodeAll(read(encoded), over, origin);
  return {
    values: new Map([...under.values, ...over.values]),
    faults: [...under.faults, ...over.faults],
  };
}

const empty: Tree = { kind: "map", entries: [] };

/** A present member; `data:` with nothing below it counts as absent. */
function find(tree: Tree, name: string): Tree | undefined {
  const entry = tree.kind === "map" ? tree.entries.find(([key]) => key === name)?.[1] : undefined;
  return entry?.kind === "null" ? undefined : entry;
}

function decodeAll({ values, faults }: Content<string>, over: Content<string>, origin: string): Content<string> {
  const decoded = new Map<string, string>();
  const wrong: Fault[] = [];
  for (const [key, text] of values) {
    if (over.values.has(key)) continue;
    const value = decode(text);
    // Kept as it is, so that what encrypted it is still recognised.
    decoded.set(key, typeof value === "string" ? value : text);
    if (typeof value !== "string")
      wrong.push(faultOf(key, value === undefined ? notEncoded(origin, key) : binary(origin, key)));
  }
  return { values: decoded, faults: [...faults, ...wrong] };
}

/** The text; null for bytes that are not text, undefined for anything but base64. */
function decode(encoded: string): string | null | undefined {
  const plain = encoded.replace(/\s+/g, "");
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(plain)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.from(plain, "base64"));
  } catch {
    return null;
  }
}

function notEncoded(origin: string, key: string): Problem {
  return {
    code: "source.unparsable",
    message: `${origin}: ${JSON.stringify(key)} is not base64, as values under data are; encode it, or put it under stringData`,
  };
}

function binary(origin: string, key: string): Problem {
  return {
    code: "source.binary_value",
    message: `${origin}: ${JSON.stringify(key)} is binary, and a variable holds text; exclude it, or store it as text`,
  };
}

const fromCluster =
  'read the Secret from its cluster: an exec source with command ["kubectl","get","secret","<name>","-o","json"] and format "kubernetes"';

function refuseKind(kind: string, origin: string): Problem {
  if (kind === "Secret" || kind === "ConfigMap") {
    return {
      code: "source.unparsable",
      message: `${origin} is a manifest of a Kubernetes ${kind}; set \`format\` to "kubernetes" to read its values`,
    };
  }
  if (kind === "SealedSecret") {
    return {
      code: "source.encrypted",
      message: `${origin} is a SealedSecret, which only its cluster decrypts; ${fromCluster}`,
    };
  }
  return {
    code: "source.unparsable",
    message: `${origin} is a Kubernetes manifest of the kind ${kind}, which is not read; ${fromCluster}`,
  };
}
