// Comments: what the TypeScript declarations say about an argument, found by walking their types beside the shapes.
import path from "node:path";
import ts from "typescript";
import { project } from "../setup/packages.mjs";

/** @typedef {{ description: string, byDefault?: string, deprecated?: string }} Comment */

/**
 * A declared type with `Input`, `Output` and `undefined` taken off.
 * @typedef {{ type: ts.Type, name: string | undefined }} Declared
 */

export class Declarations {
  constructor() {
    const config = ts.readConfigFile(path.join(project, "tsconfig.json"), (file) => ts.sys.readFile(file));
    const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, project);
    const entry = path.join(project, "provider", "index.ts");
    const program = ts.createProgram([entry], options);
    this.checker = program.getTypeChecker();
    const source = program.getSourceFile(entry);
    const module = source && this.checker.getSymbolAtLocation(source);
    if (module === undefined) throw new Error("provider/index.ts exports nothing");
    this.exports = new Map(this.checker.getExportsOfModule(module).map((one) => [one.name, one]));
  }

  /**
   * @param {string} name an exported class, interface or alias
   * @returns {Declared & { comment: Comment }}
   */
  find(name) {
    const exported = this.exports.get(name);
    if (exported === undefined) throw new Error(`provider/index.ts exports no ${name}`);
    const symbol = exported.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(exported) : exported;
    return { type: this.checker.getDeclaredTypeOfSymbol(symbol), name, comment: this.#readComment(symbol) };
  }

  /**
   * @param {Declared} declared
   * @returns {{ name: string, declared: Declared, comment: Comment, isOptional: boolean }[]}
   */
  listMembers({ type }) {
    return this.checker.getPropertiesOfType(type).map((symbol) => {
      const node = /** @type {ts.PropertySignature | undefined} */ (symbol.valueDeclaration)?.type;
      // The type of an optional member has lost the name of its alias; the written one has it.
      const written = node ? this.checker.getTypeFromTypeNode(node) : this.checker.getTypeOfSymbol(symbol);
      const isUndefined = (/** @type {ts.Type} */ one) => (one.flags & ts.TypeFlags.Undefined) !== 0;
      const inner = written.aliasSymbol?.name === "Output" ? written : undefined;
      const argument = inner?.aliasTypeArguments?.[0];
      return {
        name: symbol.name,
        declared: this.#unwrap(written),
        comment: this.#readComment(symbol),
        isOptional:
          (symbol.flags & ts.SymbolFlags.Optional) !== 0 ||
          (argument?.isUnion() === true && argument.types.some((one) => isUndefined(one))),
      };
    });
  }

  /**
   * The members of a union; a type that is none is the only one.
   * @param {Declared} declared
   * @returns {Declared[]}
   */
  listVariants({ type, name }) {
    return type.isUnion() ? type.types.map((one) => this.#unwrap(one)) : [{ type, name }];
  }

  /**
   * What a list holds, or a map's values.
   * @param {Declared} declared
   * @returns {Declared}
   */
  readElement({ type }) {
    const element =
      this.checker.getIndexTypeOfType(type, ts.IndexKind.Number) ??
      this.checker.getIndexTypeOfType(type, ts.IndexKind.String);
    if (element === undefined) throw new Error(`${this.checker.typeToString(type)} is neither a list nor a map`);
    return this.#unwrap(element);
  }

  /** @param {Declared} declared */
  isList({ type }) {
    return this.checker.isArrayType(type);
  }

  /**
   * The one value of a literal member, as of `type: "inline"`.
   * @param {Declared} declared
   * @param {string} name
   */
  readLiteral(declared, name) {
    const member = this.listMembers(declared).find((one) => one.name === name)?.declared.type;
    return member?.isStringLiteral() ? member.value : undefined;
  }

  /**
   * @param {ts.Type} type
   * @returns {Declared}
   */
  #unwrap(type) {
    const argument = type.aliasTypeArguments?.[0];
    const alias = type.aliasSymbol?.name;
    if (alias === "Input" && argument !== undefined) return this.#unwrap(argument);
    if (alias === "Output" && argument !== undefined) return this.#unwrap(argument);
    // The alias is lost where an output lifts nothing.
    const [lifted] =
      type.symbol?.name === "OutputInstance" ? this.checker.getTypeArguments(/** @type {any} */ (type)) : [];
    if (lifted !== undefined) return this.#unwrap(lifted);
    const name = alias ?? type.symbol?.name;
    return { type, name: name === "__type" ? undefined : name };
  }

  /**
   * @param {ts.Symbol} symbol
   * @returns {Comment}
   */
  #readComment(symbol) {
    const tags = new Map(
      symbol.getJsDocTags(this.checker).map(({ name, text }) => [name, ts.displayPartsToString(text).trim()]),
    );
    const text = ts.displayPartsToString(symbol.getDocumentationComment(this.checker));
    const byDefault = tags.get("default");
    const deprecated = tags.get("deprecated");
    return {
      // An example is a piece of a TypeScript program.
      description: text
        .replaceAll(/Example: `[^`]*`/g, "")
        .replaceAll(/\{@link (\w+)\}/g, "`$1`")
        .replaceAll(/\s+/g, " ")
        .trim(),
      ...(byDefault === undefined ? {} : { byDefault }),
      ...(deprecated === undefined ? {} : { deprecated }),
    };
  }
}
