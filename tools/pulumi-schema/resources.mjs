// Resources: the two resources and the provider's configuration, as Pulumi's schema says them.
import { describe } from "./types.mjs";

/**
 * @typedef {import("./types.mjs").Shape} Shape
 * @typedef {import("./types.mjs").Types} Types
 * @typedef {import("./types.mjs").PropertySpec} PropertySpec
 * @typedef {import("./comments.mjs").Declarations} Declarations
 * @typedef {{ declarations: Declarations, types: Types, examples: string }} Material
 */

/**
 * @param {Shape} shape
 * @param {Material} material
 */
export function describeSecretSync(shape, { declarations, types, examples }) {
  const resource = declarations.find("SecretSync");
  return {
    ...describeResource("SecretSync", resource, declarations),
    description: `${resource.comment.description}\n\n${examples}`,
    inputProperties: types.translateMembers({ shape, declared: declarations.find("SecretSyncArgs"), at: "SecretSync" }),
    requiredInputs: shape.required ?? [],
  };
}

/**
 * A resource has no arguments that are told apart: `app` and `method` say what `credentials` holds.
 * @param {Shape} shape
 * @param {Material} material
 */
export function describeConnection(shape, { declarations, types }) {
  const resource = declarations.find("Connection");
  const kinds = (shape.oneOf ?? []).flatMap((one) => one.oneOf ?? one.anyOf ?? [one]);
  const common = declarations.listMembers(declarations.find("ConnectionCommonArgs"));
  const list = (/** @type {string} */ name) => [...new Set(kinds.map((one) => String(one.properties?.[name]?.const)))];
  /** @param {string} name */
  const member = (name) => {
    const found = common.find((one) => one.name === name);
    if (found === undefined) throw new Error(`no connection has ${name}`);
    return { type: "string", ...describe(found.comment) };
  };
  /** @type {Record<string, PropertySpec>} */
  const inputProperties = {
    app: { ...types.addEnumeration("ConnectionApp", list("app")), description: "Whose credentials they are." },
    method: {
      ...types.addEnumeration("ConnectionMethod", list("method")),
      description: "The kind of credentials. Changing it replaces the connection.",
    },
    credentials: {
      type: "object",
      additionalProperties: { type: "string" },
      secret: true,
      description: `Always treated as secrets. ${kinds.map(describeCredentials).join("; ")}.`,
    },
    name: member("name"),
    description: member("description"),
    baseUrl: member("baseUrl"),
  };
  const required = ["app", "method", "credentials"];
  types.named.set("InlineConnection", {
    type: "object",
    description: "The arguments of a connection that no resource keeps.",
    properties: inputProperties,
    required,
  });
  return {
    ...describeResource("Connection", resource, declarations),
    description: resource.comment.description,
    inputProperties,
    requiredInputs: required,
  };
}

/** @param {Shape} shape */
function describeCredentials({ properties = {} }) {
  const { properties: fields = {}, required = [] } = properties["credentials"] ?? {};
  const names = Object.keys(fields).map((name) => `\`${name}\`${required.includes(name) ? "" : " (optional)"}`);
  return `\`${String(properties["app"]?.const)}\` by \`${String(properties["method"]?.const)}\`: ${names.join(", ")}`;
}

/** The hosts differ in the type of a resource alone: a stack may change hosts. */
const dynamicModule = "pulumi-nodejs:dynamic/secret-sync";

/**
 * @param {string} name
 * @param {import("./comments.mjs").Declared} resource
 * @param {Declarations} declarations
 */
function describeResource(name, resource, declarations) {
  const outputs = declarations
    .listMembers(resource)
    .filter(
      ({ comment, name: member }) =>
        comment.description !== "" && !inherited.has(member) && !/^(?:__|sealed)/.test(member),
    );
  return {
    aliases: [{ type: `${dynamicModule}:${name}` }],
    properties: Object.fromEntries(
      outputs.map(({ name: output, declared, comment }) => {
        const type = describeOutput(output, declared, declarations);
        const secret = output === "credentialsHash" ? { secret: true } : {};
        return [output, { ...type, ...describe(comment), ...secret }];
      }),
    ),
    required: outputs.filter(({ isOptional }) => !isOptional).map(({ name: output }) => output),
  };
}

/** What every resource of Pulumi has. */
const inherited = new Set(["id", "urn", "getProvider"]);

/**
 * @param {string} name
 * @param {import("./comments.mjs").Declared} declared
 * @param {Declarations} declarations
 * @returns {import("./types.mjs").TypeSpec}
 */
function describeOutput(name, declared, declarations) {
  // One that may be missing is a union with `undefined`.
  const isList = declarations.listVariants(declared).some((one) => declarations.isList(one));
  if (isList) return { type: "array", items: { type: "string" } };
  return { type: name === "version" ? "integer" : "string" };
}

/** What a program or the stack's configuration (`secret-sync:digitaloceanToken`) tells the plugin; none of it has to be said. */
export const configuration = /** @type {Record<string, PropertySpec>} */ ({
  digitaloceanToken: {
    type: "string",
    secret: true,
    description:
      "Token for the syncs to App Platform that name no connection. Default: `DIGITALOCEAN_TOKEN`, else `DIGITALOCEAN_ACCESS_TOKEN`, read by the plugin and kept nowhere.",
  },
  digitaloceanApiUrl: {
    type: "string",
    secret: true,
    description:
      "Origin of the DigitalOcean API, for emulators and proxies. Default: `DIGITALOCEAN_API_URL`, else the public one.",
  },
  netlifyToken: {
    type: "string",
    secret: true,
    description:
      "Token for the syncs to Netlify that name no connection. Default: `NETLIFY_AUTH_TOKEN`, read by the plugin and kept nowhere.",
  },
  netlifyApiUrl: {
    type: "string",
    secret: true,
    description:
      "Origin of the Netlify API, for emulators and proxies. Default: `NETLIFY_API_URL`, else the public one.",
  },
});
