// Pure: what the plan of a team refuses. "Granular scopes are available on Pro plans and above" (description of the POST).

import type { Problem } from "../../../errors.js";
import { nameSome } from "../../../core/policy.js";
import { scopesOfSecrets, sentScopes, type Shape } from "../contexts.js";
import { describePlan } from "../refusal.js";
import type { Way } from "../ways.js";
import type { Account } from "../wire.js";

/** Plans that were seen to refuse scopes. An unknown plan forbids nothing. */
const plansWithoutScopes: ReadonlySet<string> = new Set(["free", "starter", "personal"]);

/** Keys whose write names scopes that such a plan refuses: any but exactly the three of a secret (terraform-provider-netlify#131). */
export function findScoped(ways: ReadonlyMap<string, Way>): string[] {
  const isRefused = (shape: Shape) => {
    const sent = sentScopes(shape).scopes;
    return sent !== undefined && !(shape.isSecret && sent.join() === scopesOfSecrets.join());
  };
  return [...ways].flatMap(([key, way]) => {
    // Setting a single value names no scopes.
    const isWhole = way.kind !== "values" && way.kind !== "impossible";
    return isWhole && way.shape !== undefined && isRefused(way.shape) ? [key] : [];
  });
}

/** `capabilities` say nothing about scopes; the name is described, and the slug was seen. */
export function judgePlan(account: Account | undefined, name: string, scoped: readonly string[]): Problem[] {
  const plan = account?.type_name ?? account?.type_slug;
  if (plan === undefined || plan === null || !plansWithoutScopes.has(plan.toLowerCase())) return [];
  return [describePlan(name, `it is "${plan}", and ${nameSome(scoped)} name some`)];
}
