// Pure: which secrets belong to which source. They travel beside the sources, by the index in the program's list; with the option
// `ignoreChanges` the engine puts another list back, the recorded one, and a transform may bring one of its own.

import { canonical } from "../../core/fingerprint.js";
import type { Problem } from "../../errors.js";
import type { SentSync } from "./sent.js";
import type { Properties } from "../engine/wire.js";

export interface Tied {
  /** With secrets and connections by the index in the effective list. */
  readonly sent: SentSync;
  readonly problems: readonly Problem[];
}

/** Ties by the content of the sources. One that cannot be distinguished gets no secrets, and is refused if it needs some. */
export function tieSources(sent: SentSync): Tied {
  const { declaredSources } = sent;
  const sources = listOf(sent.source);
  if (declaredSources === undefined || canonical(sources) === canonical(listOf(declaredSources)))
    return { sent, problems: [] };
  const places = findPlaces(sources.map(canonical), listOf(declaredSources).map(canonical));
  const problems = sources.flatMap((source, index) =>
    places[index] === undefined && needsSecrets(source) ? [refuse(index, sources.length)] : [],
  );
  return {
    sent: { ...sent, values: reorder(sent.values, places), sourceConnections: reorder(sent.sourceConnections, places) },
    problems,
  };
}

function listOf(source: unknown): readonly unknown[] {
  return Array.isArray(source) ? source : [source];
}

/** Sources that look alike keep their order, as long as none of them was added or removed. */
function findPlaces(sources: readonly string[], declared: readonly string[]): Array<number | undefined> {
  const placesOf = (list: readonly string[], text: string) =>
    list.flatMap((one, index) => (one === text ? [index] : []));
  return sources.map((text, index) => {
    const [here, there] = [placesOf(sources, text), placesOf(declared, text)];
    return here.length === there.length ? there[here.indexOf(index)] : undefined;
  });
}

/** A file and the environment need nothing else from the program. */
function needsSecrets(source: unknown): boolean {
  const type = typeof source === "object" && source !== null && "type" in source ? source.type : undefined;
  return type !== "file" && type !== "environment";
}

function reorder(all: unknown, places: ReadonlyArray<number | undefined>): unknown {
  if (typeof all !== "object" || all === null || Array.isArray(all)) return all;
  const given = all as Properties;
  const own = places.map(
    (place, index) => [String(index), place === undefined ? undefined : given[String(place)]] as const,
  );
  return Object.fromEntries(own.filter(([, one]) => one !== undefined));
}

function refuse(index: number, count: number): Problem {
  const path = count > 1 ? `source[${index}]` : "source";
  return {
    code: "source.ignored",
    message: `${path}: the program does not declare this source, so its secrets are not there, and nothing is written or removed; either ignoreChanges keeps an earlier one (declare it as it was, or take "source" out of ignoreChanges), or a transform has changed it (change it in the program)`,
  };
}
