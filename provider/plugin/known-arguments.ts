// Pure: a misspelt argument is told, instead of being as good as not there: not every language checks the names.

import type { Problem } from "../errors.js";
import { connectionArgs } from "../lifecycle/sent.js";
import type { Properties } from "../lifecycle/wire.js";
import type { Kind } from "./subject.js";

const known: Readonly<Record<Kind, readonly string[]>> = {
  "secret-sync": ["name", "description", "source", "destination", "syncOptions", "isEnabled"],
  connection: connectionArgs,
};

/** Inputs that state has and no program writes: with `ignoreChanges` the engine puts them back, and `check` refuses them by name. */
const recorded = ["keys", "retained", "live", "seen", "salt", "connection", "credentialsHash"];

export function findMisspelt(kind: Kind, news: Properties): Problem[] {
  const names = Object.keys(news).filter(
    (name) => !name.startsWith("__") && news[name] !== null && ![...known[kind], ...recorded].includes(name),
  );
  return names.map((name) => ({
    code: "argument.invalid",
    message: `there is no argument ${JSON.stringify(name)}; there are ${known[kind].join(", ")}`,
  }));
}
