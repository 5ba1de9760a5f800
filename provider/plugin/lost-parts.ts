// Pure: the option `ignoreChanges` where it would take a part from a sync. The engine puts the recorded source or destination in the place of
// the program's, and neither has a connection, nor a command its environment. Nothing else must silently take their place.

import type { Problem } from "../errors.js";
import type { Properties } from "../lifecycle/engine/wire.js";
import { readKept } from "./outputs.js";
import { commandsInput } from "./separation.js";

export interface Ignoring {
  /** Paths of the option. */
  readonly ignored: readonly string[];
  /** Inputs of the last run, and those of this one as `check` has left them. */
  readonly olds: Properties;
  readonly news: Properties;
}

/** Only a comparison is told the option: as far as `check` knows, the program may just as well have given that part up. */
export function refuseLostParts({ ignored, olds, news }: Ignoring): Problem[] {
  const isCovered = (place: Path) => ignored.some((path) => covers(readPath(path), place));
  const hadOne = olds["connection"] !== undefined && news["connection"] === undefined;
  const [before, now] = [listHidden(olds), listHidden(news)];
  const lost = [...before].filter(([part, place]) => !now.has(part) && isCovered(place));
  return [
    ...(hadOne && isCovered(["destination", "connection"]) ? [refuseDestination] : []),
    ...lost.map(([, place]) => refuseSource(place, olds)),
  ];
}

/** The parts of sources that inputs keep outside of the source, or only know of. */
function listHidden(inputs: Properties): ReadonlyMap<string, SourcePart> {
  const connected = Object.keys(readKept(inputs).sources ?? {});
  const { [commandsInput]: commands } = inputs;
  const withEnvironment = Array.isArray(commands) ? commands.map(String) : [];
  const places: SourcePart[] = [
    ...connected.map((index) => ["source", index, "connection"] as const),
    ...withEnvironment.map((index) => ["source", index, "env"] as const),
  ];
  return new Map(places.map((place) => [place.join("."), place]));
}

type SourcePart = readonly ["source", string, "connection" | "env"];

type Path = readonly string[];

/** `source[0].connection`, `source["0"]`, `source.*`. https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/properties_path.go */
function readPath(text: string): Path {
  return text
    .replaceAll(/\[(?:"([^"]*)"|([^\]"]*))\]/g, (_, quoted?: string, bare?: string) => `.${quoted ?? bare ?? ""}`)
    .split(".")
    .filter((part) => part !== "");
}

/** Whether the engine resets what is at a place together with what a path names. */
function covers(path: Path, place: Path): boolean {
  return path.length > 0 && path.length <= place.length && path.every((part, at) => part === "*" || part === place[at]);
}

const wayOut = 'or freeze the whole sync with ignoreChanges: ["*"]';

const refuseDestination: Problem = {
  code: "ignored.computed",
  message: `ignoreChanges keeps the recorded destination, which has no connection, so other credentials would be used, and nothing is written or removed; ignore only the fields that should stay, such as "destination.components", ${wayOut}`,
};

function refuseSource([, index, part]: SourcePart, { source }: Properties): Problem {
  const path = Array.isArray(source) && source.length > 1 ? `source[${index}]` : "source";
  const lost =
    part === "connection"
      ? "which has no connection, so other credentials would be used"
      : "and the environment of its command is in no state";
  return {
    code: "source.ignored",
    message: `${path}: ignoreChanges keeps the recorded source, ${lost}, and nothing is written or removed; take ${JSON.stringify(path)} out of ignoreChanges, ${wayOut}`,
  };
}
