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
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${round(width)} ${round(height)}" width="${round(width)}" height="${round(height)}" role="graphics-document document" aria-labelledby="${id}-title ${id}-description" font-size="${fontSize}">`,
    `<title id="${id}-title">${escape(title)}</title>`,
    `<desc id="${id}-description">${escape(description)}</desc>`,
    ...links.map(drawLink),
    ...boxes.map(drawBox),
    "</svg>",
  ].join("\n");
}

/** A wider pointer target lies below the line: nobody hits one pixel. */
function drawLink({ x1, y1, x2, y2, keys, hue, isCertain, title }: Link): string {
  const middle = round((x1 + x2) / 2);
  const path = `M${round(x1)} ${round(y1)}C${middle} ${round(y1)} ${middle} ${round(y2)} ${round(x2)} ${round(y2)}`;
  const weight = round(1.25 + 0.5 * Math.log2(1 + keys.length));
  const look = isCertain ? "" : ' stroke-dasharray="5 4"';
  return [
    `<g class="link" style="--hue:${hue}" role="img"><title>${escape(title)}</title>`,
    `<path class="reach" d="${path}"/><path class="line" d="${path}" stroke-width="${weight}"${look}/></g>`,
  ].join("");
}

function drawBox({ kind, x, y, width, height, lines, hue }: Box): string {
  const place = `x="${round(x)}" y="${round(y)}" height="${round(height)}"`;
  const radius = kind === "bundle" || kind === "slot" ? 5 : 8;
  const hued = hue === undefined ? "" : ` style="--hue:${hue}"`;
  return [
    `<g class="box ${kind}"${hued}><rect ${place} width="${round(width)}" rx="${radius}"/>`,
    kind === "sync" ? `<rect class="accent" ${place} width="5" rx="2.5"/>` : "",
    ...lines.map(drawLine),
    "</g>",
  ].join("");
}

function drawLine({ x, y, text, tone, isBold, key }: PlacedLine): string {
  const classes = [tone, ...(isBold ? ["bold"] : []), ...(key === undefined ? [] : ["key"])].join(" ");
  // The tooltip names a key whole where its line had to be broken.
  const whole = key === undefined || key === text ? "" : `<title>${escape(key)}</title>`;
  return `<text class="${classes}" x="${round(x)}" y="${round(y)}">${whole}${escape(text)}</text>`;
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
