// Pure: a layout as SVG. Every text that comes from a program or a platform is escaped.

import { printableLines } from "../../printable.js";
import { type Box, fontSize, type PlacedLine } from "./box.js";
import type { Layout } from "./layout.js";
import type { Link } from "./links.js";

export interface Description {
  /** Unique on the page: the drawing is labelled by elements with this id. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
}

export function drawLayout({ width, height, boxes, links }: Layout, { id, title, description }: Description): string {
  const paths = namePaths(links, id);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${round(width)} ${round(height)}" width="${round(width)}" height="${round(height)}" role="graphics-document document" aria-labelledby="${id}-title ${id}-description" font-size="${fontSize}">`,
    `<title id="${id}-title">${escape(title)}</title>`,
    `<desc id="${id}-description">${escape(description)}</desc>`,
    `<style>${[...new Set(paths.values())].map(lightUp).join("")}</style>`,
    ...links.map((link) => drawLink(link, paths)),
    ...boxes.map((box) => drawBox(box, listPaths(box, { links, paths }))),
    "</svg>",
  ].join("\n");
}

/** A class for each path of keys: everything on the path has it. */
function namePaths(links: readonly Link[], id: string): Map<string, string> {
  return new Map([...new Set(links.map(({ path }) => path))].map((path, at) => [path, `${id}-${at}`]));
}

/** A whole path is highlighted while any part of it is hovered or focused, without a script. */
function lightUp(name: string): string {
  return `svg:has(.${name}:is(:hover,:focus-within)) .${name}{--lit:1}`;
}

function listPaths(
  { id }: Box,
  { links, paths }: { readonly links: readonly Link[]; readonly paths: ReadonlyMap<string, string> },
): string[] {
  const own = links.filter(({ from, to }) => from === id || to === id);
  return [...new Set(own.map(({ path }) => paths.get(path) ?? ""))];
}

/** A wider pointer target lies below the line: one pixel is too hard to hit. */
function drawLink(
  { x1, y1, x2, y2, keys, hue, isCertain, title, path: way }: Link,
  paths: Map<string, string>,
): string {
  const middle = round((x1 + x2) / 2);
  const path = `M${round(x1)} ${round(y1)}C${middle} ${round(y1)} ${middle} ${round(y2)} ${round(x2)} ${round(y2)}`;
  const weight = round(1.25 + 0.5 * Math.log2(1 + keys.length));
  const look = isCertain ? "" : ' stroke-dasharray="5 4"';
  return [
    `<g class="link way ${paths.get(way) ?? ""}" style="--hue:${hue};--weight:${weight}px" role="img"><title>${escape(title)}</title>`,
    `<path class="reach" d="${path}"/><path class="line" d="${path}"${look}/></g>`,
  ].join("");
}

function drawBox({ kind, x, y, width, height, lines, hue }: Box, paths: readonly string[]): string {
  const place = `x="${round(x)}" y="${round(y)}" height="${round(height)}"`;
  const radius = kind === "bundle" || kind === "slot" ? 5 : 8;
  const hued = hue === undefined ? "" : ` style="--hue:${hue}"`;
  const classes = ["box", kind, ...(paths.length === 0 ? [] : ["way", ...paths])].join(" ");
  return [
    `<g class="${classes}"${hued}><rect ${place} width="${round(width)}" rx="${radius}"/>`,
    kind === "sync" ? `<rect class="accent" ${place} width="5" rx="2.5"/>` : "",
    ...lines.map((line, at) => drawLine(line, line.key !== undefined && line.key !== lines[at - 1]?.key)),
    "</g>",
  ].join("");
}

/** @param isFirst line of a key: this one can be reached by keyboard */
function drawLine({ x, y, text, tone, isBold, key }: PlacedLine, isFirst: boolean): string {
  const classes = [tone, ...(isBold ? ["bold"] : []), ...(key === undefined ? [] : ["key"])].join(" ");
  // The tooltip has the whole name of a key whose line had to be broken.
  const whole = key === undefined || key === text ? "" : `<title>${escape(key)}</title>`;
  const focus = isFirst ? ' tabindex="0"' : "";
  return `<text class="${classes}" x="${round(x)}" y="${round(y)}"${focus}>${whole}${escape(text)}</text>`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** For text and for attributes between double quotes. */
export function escape(text: string): string {
  return printableLines(text).replaceAll(/[&<>"']/g, (sign) => entities[sign] ?? "");
}
