// Pure: a variable that is given back on a plan that has no scopes any more. Its value counts for more than its scopes.

import type { Note } from "../../destination.js";
import { formatLabel, scopesOfSecrets, sentScopes } from "../contexts.js";
import type { Create } from "../program.js";
import { scopeNames } from "../wire.js";

/** The same with the scopes that every plan takes; undefined if it names no others, or is not only given back. */
export function giveUpScopes<One extends Create>(create: One, notes: Note[]): One | undefined {
  const { variable, isBack } = create;
  const shape = { ...create.shape, scopes: create.shape.isSecret ? scopesOfSecrets : scopeNames };
  const [was, is] = [create.shape, shape].map(formatLabel);
  if (!isBack || was === is) return undefined;
  const { scopes: _refused, ...rest } = variable;
  const text = `${variable.key} has its earlier value again as ${is}, not as ${was}: the team's plan has no scopes`;
  notes.push({ key: variable.key, text });
  return { ...create, shape, variable: { ...rest, ...sentScopes(shape) } };
}
