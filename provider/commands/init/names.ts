// Pure: foreign names as slugs, in comments, and as code within Markdown.

import { printable } from "../../printable.js";

/** A slug that is not taken yet. */
export function nameOnce(words: string, taken: Set<string>): string {
  const slug =
    words
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, "-")
      .replaceAll(/^-+|-+$/g, "")
      .slice(0, 80) || "secrets";
  let name = slug;
  for (let at = 2; taken.has(name); at += 1) name = `${slug}-${at}`;
  taken.add(name);
  return name;
}

export function comment(text: string): string {
  return printable(text.replaceAll(/[\r\n]+/g, " "));
}

/** A name may hold backticks itself. */
export function code(text: string): string {
  const clean = comment(text);
  const fence = "`".repeat(1 + Math.max(0, ...[...clean.matchAll(/`+/g)].map(([run]) => run.length)));
  return fence.length === 1 ? `${fence}${clean}${fence}` : `${fence} ${clean} ${fence}`;
}
