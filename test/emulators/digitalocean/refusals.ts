// A test's own refusals: specs that the platform is made to reject, in a PUT and in its dry run.
import { ApiError, isObject } from "./model.js";
import type { Spec } from "./model.js";

/** Where a spec comes in. A dry run may know less than the PUT, so a rule may tell them apart. */
export type SpecDoor = "put" | "propose";

export interface SpecRefusal {
  message: string;
  /** 400 by default, as the platform's own refusals. */
  status?: number;
}

/** Judges a spec as it was sent, secrets in plaintext. A refusal, its message alone, or nothing. */
export type SpecRule = (spec: Spec, door: SpecDoor) => SpecRefusal | string | undefined;

const IDS: Record<number, string> = { 400: "bad_request", 422: "unprocessable_entity" };

/** @throws ApiError for the first rule that objects */
export function refuseByRule(rules: Iterable<SpecRule>, spec: unknown, door: SpecDoor): void {
  if (!isObject(spec)) return;
  for (const rule of rules) {
    const refusal = rule(structuredClone(spec) as Spec, door);
    if (refusal === undefined) continue;
    const { message, status = 400 } = typeof refusal === "string" ? { message: refusal } : refusal;
    throw new ApiError(status, IDS[status] ?? "refused", message);
  }
}
