// The documents as a reader gets them: which there are, their code blocks, headings and links.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, resolve } from "node:path";

export const repository = resolve(__dirname, "../..");

export const read = (file: string) => readFileSync(join(repository, file), "utf8");

export const pages = readdirSync(join(repository, "docs"), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".md"))
  .map((name) => `docs/${name.replaceAll("\\", "/")}`)
  .sort();

const examples = readdirSync(join(repository, "examples"))
  .map((name) => `examples/${name}/README.md`)
  .filter((file) => existsSync(join(repository, file)));

const others = ["CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "provider/README.md", "test/README.md"];

export const documents = ["README.md", ...pages, ...others, ...examples];

export interface Block {
  /** For messages: the document and the line of the fence. */
  readonly where: string;
  readonly file: string;
  readonly language: string;
  readonly text: string;
}

/** Fenced blocks. A fence that is not closed runs to the end, as in CommonMark, and so fails whatever looks at it. */
export function listBlocks(file: string, text = read(file)): Block[] {
  return [...text.matchAll(/^( *)```(\w*)[^\n]*\n([\s\S]*?)(?:^ *```$|$(?![\s\S]))/gm)].map((match) => ({
    where: `${file}:${text.slice(0, match.index).split("\n").length}`,
    file,
    language: match[2] ?? "",
    text: match[3] ?? "",
  }));
}

/** The text without its fenced blocks. */
export function proseOf(text: string): string {
  return text.replaceAll(/^( *)```[\s\S]*?^ *```$/gm, "");
}

/** Code within a line, as it stands between backticks. */
export function listInlineCode(text: string): string[] {
  return [...proseOf(text).matchAll(/`([^`\n]+)`/g)].map(([, code]) => code ?? "");
}

export interface Link {
  /** Relative to the repository; the document itself for a link that is an anchor only. */
  readonly target: string;
  readonly anchor: string | undefined;
}

/** Links to other files and to headings, not to other sites. */
export function listLinks(file: string, text = read(file)): Link[] {
  const bare = proseOf(text).replaceAll(/`[^`\n]*`/g, (code) => "x".repeat(code.length));
  return [...bare.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, link = ""]) => {
    const [target = "", anchor] = link.split("#");
    return { target: target === "" ? file : posix.join(dirname(file), target), anchor };
  });
}

/** What a link can point at within a page: headings, by GitHub's rule, and anchors that are spelled out. */
function listAnchors(text: string): Set<string> {
  const seen = new Map<string, number>();
  const headings = [...proseOf(text).matchAll(/^#{1,6} +(.+?) *$/gm)].map(([, heading = ""]) => {
    const slug = heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(/\s/g, "-");
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    return count === 0 ? slug : `${slug}-${count}`;
  });
  return new Set([...headings, ...[...text.matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id ?? "")]);
}

/** Links of a document that lead nowhere, as `target#anchor`. */
export function findBrokenLinks(file: string, text = read(file)): string[] {
  return listLinks(file, text).flatMap(({ target, anchor }) => {
    const link = `${target}${anchor === undefined ? "" : `#${anchor}`}`;
    if (!existsSync(join(repository, target))) return [link];
    if (anchor === undefined) return [];
    return listAnchors(target === file ? text : read(target)).has(anchor) ? [] : [link];
  });
}
