// Pure: replaces references in dotenv values, within one source, in any order of its keys; or says why it cannot.

import type { Fault } from "./dotenv-faults.js";
import { type Part, scanReferences, type Style } from "./dotenv-references.js";
import { protectedDollar, type RawValue } from "./dotenv-values.js";

/** All values together may not become larger than a document may be. */
const maxLength = 10 * 1024 * 1024;

type Reference = Extract<Part, { kind: "reference" }>;

export interface ExpansionOptions {
  readonly style: Style;
  /** Undefined: a reference is refused, because its meaning is not specified. */
  readonly expand: boolean | undefined;
  /** Readers disagree on two `$` before a name. */
  readonly refuseTwoDollars: boolean;
}

/** Why a value is unknown, thrown while resolving it. */
class Refusal extends Error {
  constructor(
    readonly fault: Fault,
    /** The key whose line it is. */
    readonly blamed: string,
  ) {
    super(fault);
  }
}

/** A value, or the fault of the line to blame: the key's own, or another one. */
export type Resolved = { readonly text: string } | { readonly fault: Fault; readonly blamed: string };

/** The values of one source. Each is resolved once; a key whose line is faulty has its fault instead of a value. */
export class Expansion {
  readonly #values: ReadonlyMap<string, RawValue | Fault>;
  readonly #options: ExpansionOptions;
  readonly #places: ReadonlyMap<string, number>;
  readonly #done = new Map<string, string | Refusal>();
  readonly #pending = new Set<string>();
  #current = "";
  #length = 0;

  constructor(values: ReadonlyMap<string, RawValue | Fault>, options: ExpansionOptions) {
    this.#values = values;
    this.#options = options;
    this.#places = new Map([...values.keys()].map((key, place) => [key, place]));
  }

  resolve(key: string): Resolved {
    const result = this.#resolve(key);
    if (typeof result === "string") return { text: result.replaceAll(protectedDollar, "$") };
    return { fault: result.fault, blamed: result.blamed };
  }

  #resolve(key: string): string | Refusal {
    const known = this.#done.get(key);
    if (known !== undefined) return known;
    if (this.#pending.has(key)) return this.#refuse("circle");
    const asking = this.#current;
    this.#pending.add(key);
    this.#current = key;
    const result = attempt(() => this.#render(this.#values.get(key)));
    this.#pending.delete(key);
    this.#current = asking;
    this.#done.set(key, result);
    if (typeof result === "string") this.#length += result.length;
    return result;
  }

  #render(value: RawValue | Fault | undefined): string {
    const { style, expand } = this.#options;
    if (value === undefined) return "";
    if (typeof value === "string") throw this.#refuse(value);
    if (!value.isOpen || expand === false || !value.text.includes("$")) return value.text;
    const parts = scanReferences(value.text, style);
    if (expand === true) return this.#join(parts);
    this.#refuseReferences(parts);
    return style === "compose" ? this.#join(parts) : value.text;
  }

  #refuseReferences(parts: readonly Part[]): void {
    for (const part of parts) {
      if (part.kind === "command") throw this.#refuse("command");
      if (part.kind === "odd" || (part.kind === "reference" && this.#isMeant(part))) throw this.#refuse("reference");
    }
  }

  /** Without braces, a word is a reference only if such a key exists; Docker Compose takes every word for a reference. */
  #isMeant({ name, braced }: Reference): boolean {
    return braced || this.#options.style === "compose" || this.#values.has(name);
  }

  #join(parts: readonly Part[]): string {
    let text = "";
    for (const part of parts) {
      text += this.#replace(part);
      if (this.#length + text.length > maxLength) throw this.#refuse("growing");
    }
    return text;
  }

  #replace(part: Part): string {
    if (part.kind === "text") return part.text;
    if (part.kind === "command") throw this.#refuse("command");
    if (part.kind === "odd") throw this.#refuse("oddReference");
    const { name, braced, afterDollar, operator } = part;
    const isKnown = this.#values.has(name);
    // `pa$$word` is a password.
    if (afterDollar && !braced && !isKnown) return `$${name}`;
    if (afterDollar && this.#options.refuseTwoDollars) throw this.#refuse("doubleDollar");
    // `${db.URL}` is for App Platform to replace, if the sync allows it.
    if (name.includes(".") && !isKnown && operator === undefined) return `\${${name}}`;
    return this.#substitute(part, this.#look(name));
  }

  #look(name: string): string | undefined {
    if (!this.#values.has(name)) return undefined;
    // Docker Compose reads from top to bottom, and knows only what it has read.
    const isLater = (this.#places.get(name) ?? 0) > (this.#places.get(this.#current) ?? 0);
    if (isLater && this.#options.style === "compose") throw this.#refuse("laterReference");
    const found = this.#resolve(name);
    if (typeof found === "string") return found;
    throw found;
  }

  #demand(value: string | undefined, fault: Fault): string {
    if (value === undefined) throw this.#refuse(fault);
    return value;
  }

  #refuse(fault: Fault): Refusal {
    return new Refusal(fault, this.#current);
  }

  #substitute({ operator, argument = "" }: Reference, value: string | undefined): string {
    const other = () => this.#join(scanReferences(argument, this.#options.style));
    const filled = value === "" ? undefined : value;
    if (operator === undefined) return this.#demand(value, "unknownReference");
    switch (operator) {
      case "-":
        return value ?? other();
      case ":-":
        return filled ?? other();
      case "+":
        return value === undefined ? "" : other();
      case ":+":
        return filled === undefined ? "" : other();
      case "?":
        return this.#demand(value, "requiredReference");
      case ":?":
        return this.#demand(filled, "requiredReference");
    }
  }
}

function attempt(render: () => string): string | Refusal {
  try {
    return render();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}
