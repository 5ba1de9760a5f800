// Pure: writes values into JSON text by position, so that order, layout and the spelling of everything else stay.

import { findNodeAtLocation, type Node, parseTree } from "jsonc-parser";
import type { TextEditing } from "./edit.js";
import { parseJson } from "./json.js";
import { placeKeys } from "./tree-path.js";

/** Replaces values in place; new keys come after the last one at the top, laid out like it. */
export function editJson(text: string, { edits, separator, origin }: TextEditing): string {
  const places = placeKeys(parseJson(text, origin), { edits, separator, origin });
  return edits.reduce((edited, { key, value }) => {
    const root = parseTree(edited);
    const written = JSON.stringify(value.reveal());
    const node = root && findNodeAtLocation(root, [...(places.get(key) ?? [key])]);
    if (node !== undefined) return splice(edited, node, written);
    return root === undefined ? edited : append(edited, root, `${JSON.stringify(key)}${readColon(edited)}${written}`);
  }, text);
}

function splice(text: string, { offset, length }: Pick<Node, "offset" | "length">, piece: string): string {
  return text.slice(0, offset) + piece + text.slice(offset + length);
}

function append(text: string, root: Node, member: string): string {
  const last = root.children?.at(-1);
  if (last === undefined) return splice(text, { offset: root.offset + 1, length: root.length - 2 }, member);
  // The new member gets the same line break and indentation as the last one.
  const gap = /\s*$/.exec(text.slice(0, last.offset))?.[0] ?? "";
  return splice(text, { offset: last.offset + last.length, length: 0 }, `,${gap}${member}`);
}

/** `:` in minified text, `: ` everywhere else. */
function readColon(text: string): string {
  return /"\s*:"/.test(text) && !/"\s*:\s/.test(text) ? ":" : ": ";
}
