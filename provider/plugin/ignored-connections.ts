// Pure: the option `ignoreChanges` where it would take the connection from a sync. The engine puts the recorded source or destination in the
// place of the program's, and neither has a connection: credentials are recorded elsewhere. Others must not silently take their place.

import type { Problem } from "../errors.js";
import type { Properties } from "../lifecycle/engine/wire.js";
import { readKept } from "./outputs.js";

export interface Ignoring {
  /** Paths of the option. */
  readonly ignored: readonly string[];
  /** Inputs of the last run, and those of this one as `check` has left them. */
  readonly olds: Properties;
  readonly news: Properties;
}

/** Only a comparison is told the option: as far as `check` knows, the program may just as well have given the connection up. */
export function refuseLostConnections({ ignored, olds, news }: Ignoring): Problem[] {
  const covered = (place: Path) => ignored.some((path) => covers(readPath(path), [...place, "connection"]));
  const hadOne = olds["connection"] !== undefined && news["connection"] === undefined;
  const [before, now] = [readKept(olds).sources ?? {}, readKept(news).sources ?? {}];
  const sources = Object.keys(before).filter((index) => now[index] === undefined && covered(["source", index]));
  return [
    ...(hadOne && covered(["destination"]) ? [refuseDestination] : []),
    ...sources.map((index) => refuseSource(index, olds)),
  ];
}

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

function refuseSource(index: string, { source }: Properties): Problem {
  const path = Array.isArray(source) && source.length > 1 ? `source[${index}]` : "source";
  return {
    code: "source.ignored",
    message: `${path}: ignoreChanges keeps the recorded source, which has no connection, so other credentials would be used, and nothing is written or removed; take ${JSON.stringify(path)} out of ignoreChanges, ${wayOut}`,
  };
}
