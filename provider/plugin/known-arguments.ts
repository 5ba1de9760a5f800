// Pure: reports a misspelt argument instead of ignoring it: not every language checks the names.

import { type ArgumentNames, connectionArguments, refuseNames, syncArguments } from "../argument-names.js";
import type { Problem } from "../errors.js";
import type { Properties } from "../lifecycle/engine/wire.js";
import type { Kind } from "./subject.js";

const namesOf: Readonly<Record<Kind, ArgumentNames>> = {
  "secret-sync": syncArguments,
  connection: connectionArguments,
};

/** Inputs that state has but no program writes: with `ignoreChanges` the engine puts them back, and `check` refuses them by name. */
const recorded = new Set(["keys", "retained", "live", "seen", "salt", "connection", "credentialsHash"]);

export function findMisspelt(kind: Kind, news: Properties): Problem[] {
  const given = Object.keys(news).filter(
    (name) => !name.startsWith("__") && news[name] !== null && !recorded.has(name),
  );
  return refuseNames(given, namesOf[kind]).map((message) => ({ code: "argument.invalid", message }));
}
