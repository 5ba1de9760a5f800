// Pure: how the page looks, light and dark, on screens and on paper.

export const style = `
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #ffffff; --inner: #f6f7f9; --edge: #cdd3dc; --ink: #1b2430; --dim: #5b6675;
  --good: #116b3a; --warn: #8a4b00; --bad: #b3261e; --link-light: 42%; --link-rich: 55%;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #11151b; --card: #1a2029; --inner: #12171e; --edge: #39424f; --ink: #e7ecf3; --dim: #9aa7b8;
    --good: #6fd59b; --warn: #f0b45c; --bad: #ff8f86; --link-light: 66%; --link-rich: 50%;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
header { max-width: 1440px; margin: 0 auto; padding: 24px 24px 0; }
h1 { margin: 0 0 8px; font-size: 24px; line-height: 1.25; overflow-wrap: anywhere; }
header p { margin: 0 0 8px; }
header span { display: inline-block; margin: 0 6px 6px 0; padding: 1px 10px; border: 1px solid var(--edge); border-radius: 12px; background: var(--card); font-size: 13px; }
.legend { color: var(--dim); font-size: 13px; max-width: 90ch; }
main { overflow-x: auto; }
main > p { padding: 0 24px; }
h2 { margin: 20px 0 -8px; font-size: 17px; overflow-wrap: anywhere; }
section h2, nav { max-width: 1440px; margin-inline: auto; padding: 0 24px; }
nav ul { display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 0; padding: 0; list-style: none; font-size: 13px; }
a { color: inherit; }
svg { display: block; margin: 0 auto; font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", "DejaVu Sans Mono", monospace; }
text { fill: var(--ink); white-space: pre; }
.bold { font-weight: 700; }
.dim { fill: var(--dim); }
.good { fill: var(--good); }
.warn { fill: var(--warn); }
.bad { fill: var(--bad); }
.box > rect { fill: var(--card); stroke: var(--edge); }
.bundle > rect, .slot > rect { fill: var(--inner); }
.sync > .accent { fill: hsl(var(--hue) var(--link-rich) var(--link-light)); stroke: none; }
.link path { fill: none; }
.line { stroke: hsl(var(--hue) var(--link-rich) var(--link-light)); stroke-width: calc(var(--weight) + 2px * var(--lit, 0)); opacity: 0.75; }
.reach { stroke: transparent; stroke-width: 12; }
.way > rect { stroke-width: calc(1px + 1.5px * var(--lit, 0)); }
svg:has(.way:is(:hover, :focus-within)) .line { opacity: calc(0.15 + 0.85 * var(--lit, 0)); }
.key { cursor: default; }
.key:is(:hover, :focus) { font-weight: 700; outline: none; text-decoration: underline; }
.cards { display: none; margin: 0; padding: 0 12px 24px; list-style: none; }
.cards h2 { margin: 0; }
.cards p { margin: 4px 0; overflow-wrap: anywhere; }
.cards > li { margin: 12px 0; padding: 12px 14px; border: 1px solid var(--edge); border-left: 5px solid hsl(var(--hue) var(--link-rich) var(--link-light)); border-radius: 8px; background: var(--card); }
.cards section { margin: 8px 0 0; padding: 6px 10px; border: 1px solid var(--edge); border-radius: 5px; background: var(--inner); font-size: 14px; }
.cards ul { margin: 4px 0; padding: 0; list-style: none; font: 13px/1.6 ui-monospace, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.cards .good { color: var(--good); } .cards .warn { color: var(--warn); } .cards .bad { color: var(--bad); } .cards .dim { color: var(--dim); }
@media screen and (max-width: 720px) {
  main:has(svg), .wide { display: none; }
  .cards { display: block; }
  header { padding: 16px 12px 0; }
}
@media print {
  :root { --page: #ffffff; --card: #ffffff; --inner: #ffffff; --edge: #888888; --ink: #000000; --dim: #333333; --good: #0b4d29; --warn: #6b3a00; --bad: #8c1a14; --link-light: 35%; }
  @page { size: A4 landscape; margin: 10mm; }
  header { padding: 0 0 8px; }
  main { overflow: visible; }
  nav { display: none; }
  section { break-inside: avoid; }
  svg { width: 100%; height: auto; }
}
`;
