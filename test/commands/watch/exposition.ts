// A reader of Prometheus' text format 0.0.4, as strict as its page: https://prometheus.io/docs/instrumenting/exposition_formats/

export interface Family {
  readonly type: string;
  readonly help: string;
  readonly samples: ReadonlyArray<{ readonly labels: Readonly<Record<string, string>>; readonly value: number }>;
}

type OpenFamily = { type?: string; help?: string; samples: Array<Family["samples"][number]> };

const name = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const comment = new RegExp(`^# (HELP|TYPE) (${name}) (.+)$`);
const sample = new RegExp(`^(${name})(?:\\{(.*)\\})? (\\S+)(?: -?\\d+)?$`);
const label = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(?:,|$)/gy;
const number = /^(?:[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|NaN|[+-]Inf)$/i;

/** @throws for whatever a scrape would be refused for, or would lose a sample by */
export function parseExposition(text: string): ReadonlyMap<string, Family> {
  if (!text.endsWith("\n")) throw new Error("the last line has no end");
  const families = new Map<string, OpenFamily>();
  let open = "";
  const enter = (one: string): OpenFamily => {
    const family = families.get(one) ?? { samples: [] };
    if (one !== open && families.has(one)) throw new Error(`${one} comes in two groups`);
    open = one;
    families.set(one, family);
    return family;
  };
  for (const line of text.split("\n").filter((one) => one.trim() !== "")) {
    const [, kind, described = "", words = ""] = comment.exec(line) ?? [];
    if (kind === undefined) readSample(line, enter);
    else describe(enter(described), kind, words);
  }
  return new Map([...families].map(([one, family]) => [one, complete(one, family)]));
}

function describe(family: OpenFamily, kind: string, words: string): void {
  const part = kind === "HELP" ? "help" : "type";
  if (family[part] !== undefined) throw new Error(`a second ${kind}: ${words}`);
  if (family.samples.length > 0) throw new Error(`${kind} after its samples: ${words}`);
  family[part] = unescape(words);
}

function readSample(line: string, enter: (name: string) => OpenFamily): void {
  const [, of, inner = "", value = ""] = sample.exec(line) ?? [];
  if (of === undefined || !number.test(value)) throw new Error(`no sample: ${line}`);
  const labels = readLabels(inner);
  const { samples } = enter(of);
  const id = identify(labels);
  if (samples.some((other) => identify(other.labels) === id)) throw new Error(`a second sample: ${line}`);
  samples.push({ labels, value: Number(value.replace(/inf/i, "Infinity")) });
}

function readLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  let end = 0;
  for (const match of text.matchAll(label)) {
    const [whole, key = "", value = ""] = match;
    if (key in labels) throw new Error(`a second label ${key}`);
    labels[key] = unescape(value);
    end = match.index + whole.length;
  }
  if (end !== text.length) throw new Error(`no labels: ${text}`);
  return labels;
}

function identify(labels: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function unescape(text: string): string {
  return text.replaceAll(/\\([\\"n])/g, (_, sign: string) => (sign === "n" ? "\n" : sign));
}

function complete(one: string, { type, help, samples }: OpenFamily): Family {
  if (type === undefined || help === undefined) throw new Error(`${one} has no TYPE or no HELP`);
  return { type, help, samples };
}
