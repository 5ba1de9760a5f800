// Pure: JSON that a server sent. A text nested deeper than any real answer is not read: every walk over it would overflow the stack.

/** The deepest documented answer, a deployment's steps, nests about fifteen deep; a secret in a vault may nest as its owner likes. */
const deepest = 200;

export type JsonText =
  | { readonly kind: "json"; readonly body: unknown }
  | { readonly kind: "too-deep" }
  | { readonly kind: "not-json" };

export function readJson(text: string): JsonText {
  if (isDeeper(text, deepest)) return { kind: "too-deep" };
  try {
    return { kind: "json", body: JSON.parse(text) };
  } catch {
    return { kind: "not-json" };
  }
}

const quote = 0x22;
const backslash = 0x5c;

/** Counts the brackets outside strings, without building anything. */
function isDeeper(text: string, limit: number): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) at = endOfText(text, at);
    // [ and { ; ] and }
    else if (code === 0x5b || code === 0x7b) {
      depth += 1;
      if (depth > limit) return true;
    } else if (code === 0x5d || code === 0x7d) depth -= 1;
  }
  return false;
}

/** Where the string that begins here ends. */
function endOfText(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) return at;
    if (code === backslash) at += 1;
  }
  return text.length;
}
