// Types: translates the shapes, as JSON Schema, into Pulumi's types. Structure comes from the shapes, texts from TypeScript.
import { anonymous, nameEnumeration, referTo, secretMembers, tokenOf } from "./names.mjs";

/**
 * @typedef {{ type?: string, const?: string | boolean, enum?: string[], not?: object, properties?: Record<string, Shape>, required?: string[],
 *   items?: Shape, additionalProperties?: boolean | Shape, oneOf?: Shape[], anyOf?: Shape[] }} Shape
 * @typedef {import("./comments.mjs").Declared} Declared
 * @typedef {import("./comments.mjs").Comment} Comment
 * @typedef {{ type?: string, $ref?: string, oneOf?: TypeSpec[], items?: TypeSpec, additionalProperties?: TypeSpec,
 *   discriminator?: { propertyName: string, mapping: Record<string, string> } }} TypeSpec
 * @typedef {TypeSpec & { description?: string, const?: unknown, secret?: boolean, deprecationMessage?: string }} PropertySpec
 * @typedef {{ shape: Shape, declared: Declared, at: string }} Pair `at`: the type and the member, for names and messages
 */

const anything = { $ref: "pulumi.json#/Any" };
const scalars = new Set(["string", "boolean", "integer", "number"]);

export class Types {
  /** @type {Map<string, Record<string, unknown>>} */
  named = new Map();

  /** @param {import("./comments.mjs").Declarations} declarations */
  constructor(declarations) {
    this.declarations = declarations;
  }

  /**
   * @param {Pair} pair
   * @returns {TypeSpec & { const?: unknown }}
   */
  translate({ shape, declared, at }) {
    const alternatives = shape.oneOf ?? shape.anyOf;
    if (alternatives !== undefined) return this.#translateUnion(alternatives, declared, at);
    if (typeof shape.const === "string") return { type: "string", const: shape.const };
    if (shape.enum !== undefined) return this.addEnumeration(nameEnumeration(shape.enum), shape.enum, declared);
    if (shape.type === "array" && shape.items !== undefined)
      return {
        type: "array",
        items: this.translate({ shape: shape.items, declared: this.declarations.readElement(declared), at }),
      };
    if (shape.properties !== undefined) return this.#addObject({ shape, declared, at });
    if (shape.type === "object" && typeof shape.additionalProperties === "object") {
      const element = this.declarations.readElement(declared);
      return {
        type: "object",
        additionalProperties: this.translate({ shape: shape.additionalProperties, declared: element, at }),
      };
    }
    if (shape.type === undefined || !scalars.has(shape.type)) throw new Error(`${at} is of a kind that Pulumi has not`);
    return { type: shape.type };
  }

  /**
   * The arguments of a resource, or the members of an object.
   * @param {Pair} pair
   * @returns {Record<string, PropertySpec>}
   */
  translateMembers({ shape, declared, at }) {
    const members = this.declarations.listMembers(declared);
    const shapes = Object.entries(shape.properties ?? {}).filter(([, one]) => isUseful(one));
    const unknown = members.filter(({ name }) => shape.properties?.[name] === undefined && name !== "connection");
    if (unknown.length > 0) throw new Error(`no shape has ${unknown.map(({ name }) => `${at}.${name}`).join(", ")}`);
    return Object.fromEntries(
      shapes.map(([name, inner]) => {
        const member = members.find((one) => one.name === name);
        if (member === undefined) throw new Error(`no declaration has ${at}.${name}`);
        const place = `${at}.${name}`;
        const type = this.translate({ shape: inner, declared: member.declared, at: place });
        const secret = secretMembers.includes(place) ? { secret: true } : {};
        return [name, { ...type, ...describe(member.comment), ...secret }];
      }),
    );
  }

  /**
   * @param {Pair} pair
   * @returns {TypeSpec}
   */
  #addObject({ shape, declared, at }) {
    const name = declared.name?.replace(/Args$/, "") ?? anonymous[at];
    if (name === undefined) throw new Error(`tools/pulumi-schema/names.mjs names no object at ${at}`);
    if (!this.named.has(name)) {
      const exported = [declared.name, `${name}Args`].find((one) => one && this.declarations.exports.has(one));
      const { description } = exported ? this.declarations.find(exported).comment : { description: "" };
      const properties = this.translateMembers({ shape, declared, at: name });
      if (this.declarations.listMembers(declared).some((member) => member.name === "connection"))
        properties["connection"] = this.#translateConnection(declared);
      this.named.set(name, {
        type: "object",
        ...(description === "" ? {} : { description }),
        properties,
        required: (shape.required ?? []).filter((one) => one in properties),
      });
    }
    return referTo(name);
  }

  /**
   * Connections travel beside the shapes. Defaults of a stack's configuration are the program's; a plugin has its own.
   * @param {Declared} declared
   * @returns {PropertySpec}
   */
  #translateConnection(declared) {
    const member = this.declarations.listMembers(declared).find(({ name }) => name === "connection");
    const byDefault = member?.comment.byDefault
      ?.replace(/^stack config `(\w+):token`.*?[,;] else /, (_, /** @type {string} */ vendor) =>
        ["digitalocean", "netlify"].includes(vendor) ? `the provider's \`${vendor}Token\`, else ` : "",
      )
      .replace(", read in the provider process", "");
    const type = { oneOf: [{ $ref: `#/resources/${tokenOf("Connection")}` }, referTo("InlineConnection")] };
    return {
      ...type,
      ...describe({
        ...member?.comment,
        description: member?.comment.description ?? "",
        ...(byDefault && { byDefault }),
      }),
    };
  }

  /**
   * @param {string} name
   * @param {readonly string[]} values
   * @param {Declared} [declared]
   * @returns {TypeSpec}
   */
  addEnumeration(name, values, declared) {
    const exported = declared?.name && this.declarations.exports.has(declared.name) ? declared.name : undefined;
    const { description } = exported ? this.declarations.find(exported).comment : { description: "" };
    const known = this.named.get(name)?.["description"];
    const text = description === "" ? known : description;
    this.named.set(name, {
      type: "string",
      ...(text === undefined ? {} : { description: text }),
      enum: values.map((value) => ({ name: nameValue(value), value })),
    });
    return referTo(name);
  }

  /**
   * @param {readonly Shape[]} alternatives
   * @param {Declared} declared
   * @param {string} at
   * @returns {TypeSpec}
   */
  #translateUnion(alternatives, declared, at) {
    const variants = this.declarations.listVariants(declared);
    const flat = alternatives.flatMap((one) => one.oneOf ?? one.anyOf ?? [one]);
    const translated = flat.map((shape) => {
      const variant = shape.properties?.["type"]?.const;
      const isRight = (/** @type {Declared} */ one) =>
        variant !== undefined
          ? this.declarations.readLiteral(one, "type") === variant
          : shape.type === "array"
            ? this.declarations.isList(one)
            : shape.properties === undefined || one.type.isUnionOrIntersection() || !one.type.isLiteral();
      const found = variants.find(isRight);
      if (found === undefined) throw new Error(`no declaration has every variant of ${at}`);
      return { variant, type: this.translate({ shape, declared: found, at }) };
    });
    const tagged = translated.filter(({ variant }) => variant !== undefined);
    const mapping = Object.fromEntries(tagged.map(({ variant, type }) => [String(variant), type.$ref ?? ""]));
    const list = translated.find(({ type }) => type.type === "array");
    // The SDK for Python fails on a list where the type is a union. The plugin takes one without the list as well, and says what is wrong
    // with anything else.
    if (list !== undefined) return tagged.length === 0 ? anything : list.type;
    return {
      oneOf: translated.map(({ type }) => type),
      ...(tagged.length === 0 ? {} : { discriminator: { propertyName: "type", mapping } }),
    };
  }
}

/**
 * A member that only takes `false` or nothing is one of the reference that is not supported: there is nothing to say with it.
 * @param {Shape} shape
 */
function isUseful(shape) {
  return shape.not === undefined && shape.type !== "null" && shape.const !== false;
}

/**
 * A default is a text alone. Generated packages would send any other as the program's own word, but some arguments mean more when they are
 * said than when they are left out, and the plugin knows its own defaults.
 * @param {Comment} comment
 */
export function describe({ description, byDefault, deprecated }) {
  const text = [description, ...(byDefault === undefined ? [] : [`Default: ${renderDefault(byDefault)}.`])]
    .filter(Boolean)
    .join(" ");
  return {
    ...(text === "" ? {} : { description: text }),
    ...(deprecated === undefined ? {} : { deprecationMessage: deprecated }),
  };
}

/**
 * One value is shown as such, without the quotes of TypeScript.
 * @param {string} text
 * @returns {string}
 */
function renderDefault(text) {
  try {
    const value = JSON.parse(text);
    if (typeof value !== "object") return `\`${value}\``;
  } catch {
    // A sentence.
  }
  return text.replace(/\.$/, "");
}

/**
 * `RUN_TIME` is `RunTime`: every language makes its own spelling of it.
 * @param {string} value
 */
function nameValue(value) {
  return value
    .split(/[-_]/)
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1).toLowerCase())
    .join("");
}
