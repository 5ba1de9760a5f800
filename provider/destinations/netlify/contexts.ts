// Pure: contexts as slots, and how a key will look there: secret or plain, and its scopes.

import type { Placement } from "../../core/desired.js";
import type { NetlifyContext, NetlifyDestination, NetlifyVariable } from "../../../schema/index.js";
import { orderScopes, scopeNames, type Variable } from "./wire.js";

/** The slot of the one value that every context gets. */
export const allSlot = "all";

// Netlify keeps no secret under `all`. In `dev` and `dev-server` a secret could be read back, so these have to be named explicitly.
// https://docs.netlify.com/environment-variables/secrets-controller/
const slotsOfAllForSecrets = ["production", "deploy-preview", "branch-deploy"] as const;

/** Every context that the one value for all gives its value to. Branches take theirs from `branch-deploy`. */
export const slotsOfAll = ["production", "deploy-preview", "branch-deploy", "dev", "dev-server"] as const;

// Secrets exclude post-processing, and the free plan wants exactly these three for them (terraform-provider-netlify#131).
export const scopesOfSecrets = ["builds", "functions", "runtime"] as const;

/** What `place` passes through the plan. */
export interface Shape {
  readonly isSecret: boolean;
  readonly scopes: readonly string[];
}

/** Where one key goes and how it will look there. */
export function placeKey(args: NetlifyDestination, key: string): Placement[] {
  const override = findOverride(args, key);
  const isSecret = override?.isSecret ?? args.isSecret ?? true;
  const scopes = override?.scopes ?? args.scopes ?? (isSecret ? scopesOfSecrets : scopeNames);
  const shape: Shape = { isSecret, scopes: orderScopes(scopes) };
  return listSlots(args, override).map((slot) => ({ slot, label: formatLabel(shape), attributes: shape }));
}

/** The slots that the arguments aim at when no override says otherwise. */
export function defaultSlots(args: NetlifyDestination): string[] {
  return listSlots(args, undefined);
}

function listSlots(args: NetlifyDestination, override: NetlifyVariable | undefined): string[] {
  const contexts = override?.contexts ?? args.contexts ?? readSole(args) ?? [allSlot];
  const isSecret = override?.isSecret ?? args.isSecret ?? true;
  const slots = contexts
    .map(nameSlot)
    .flatMap((slot) => (slot === allSlot && isSecret ? slotsOfAllForSecrets : [slot]));
  return [...new Set(slots)];
}

function readSole({ context, branch }: NetlifyDestination): readonly NetlifyContext[] | undefined {
  if (context === undefined) return undefined;
  return context === "branch" ? [{ context, branch }] : [context];
}

function findOverride({ variables }: NetlifyDestination, key: string): NetlifyVariable | undefined {
  return variables && Object.hasOwn(variables, key) ? variables[key] : undefined;
}

function nameSlot(context: NetlifyContext): string {
  if (typeof context === "string") return context;
  return context.context === "branch" ? `branch:${context.branch ?? ""}` : context.context;
}

/** Context and branch of a slot, as the API takes them. */
export function readContext(slot: string): { context: string; context_parameter?: string } {
  return slot.startsWith("branch:") ? { context: "branch", context_parameter: slot.slice(7) } : { context: slot };
}

/** Everything but the value: for the ledger and for people. */
export function formatLabel({ isSecret, scopes }: Shape | Variable): string {
  const all = scopeNames.every((scope) => scopes.includes(scope));
  return `${isSecret ? "SECRET" : "PLAIN"} ${all ? "all scopes" : scopes.join(",")}`;
}

/**
 * Leaving `scopes` out means all of them; naming all four is refused on plans without scopes (terraform-provider-netlify#57).
 * They are sent with the hyphen of the description, as Netlify's own Terraform provider does, however answers spell them.
 */
export function sentScopes({ scopes }: Shape): { scopes?: readonly string[] } {
  if (scopeNames.every((scope) => scopes.includes(scope))) return {};
  return { scopes: scopes.map((scope) => scope.replaceAll("_", "-")) };
}

/** The values that code in one context may get, nearest first. */
export function fallbacks(slot: string): string[] {
  return slot.startsWith("branch:") ? [slot, "branch-deploy", allSlot] : [slot, allSlot];
}
