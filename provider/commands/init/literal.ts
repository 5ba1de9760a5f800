// Pure: plain data as a TypeScript literal, on one line if it is short. A part may be code, for example the name of a variable.

import { printableJson } from "../../printable.js";

/** Printed as it is. */
class Code {
  constructor(readonly text: string) {}
}

export function code(text: string): Code {
  return new Code(text);
}

type Data = Code | string | number | boolean | readonly Data[] | { readonly [name: string]: Data | undefined };

const widest = 100;

export function printLiteral(value: unknown, indent = ""): string {
  const data = value as Data;
  if (data instanceof Code) return data.text;
  if (typeof data !== "object") return printableJson(data);
  const inner = `${indent}  `;
  const [open, close] = Array.isArray(data) ? ["[", "]"] : ["{", "}"];
  const parts = (deeper: string) =>
    Array.isArray(data)
      ? data.map((one: Data) => printLiteral(one, deeper))
      : Object.entries(data)
          .filter(([, one]) => one !== undefined)
          .map(([name, one]) => `${printName(name)}: ${printLiteral(one, deeper)}`);
  const space = open === "{" ? " " : "";
  const line = `${open}${space}${parts(inner).join(", ")}${space}${close}`;
  if (!line.includes("\n") && indent.length + line.length <= widest) return line;
  return `${open}\n${parts(inner)
    .map((part) => `${inner}${part},\n`)
    .join("")}${indent}${close}`;
}

function printName(name: string): string {
  // As a plain name it would set the prototype.
  if (name === "__proto__") return `["__proto__"]`;
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : printableJson(name);
}
