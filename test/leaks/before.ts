// A stack as the first version left it: every fingerprint keyed with a salt that anybody can compute from the URN.

import { createHash, createHmac } from "node:crypto";
import { digest } from "../../provider/core/fingerprint.js";
import type { Properties } from "../../provider/lifecycle/engine/wire.js";
import { type Stack, urnOf } from "../lifecycle/stack.js";

/** The salt of the first version. */
export function saltBefore(urn: string): string {
  return createHash("sha256").update("pulumi-secret-sync\u0000").update(urn).digest("base64url");
}

export function fingerprintBefore(salt: string, value: string): string {
  return createHmac("sha256", salt).update(value).digest("base64url").slice(0, 16);
}

export function shownBefore(salt: string, shown: string): string {
  return createHmac("sha256", salt).update("live\u0000").update(shown).digest("hex").slice(0, 8);
}

/** Rewrites the state of a sync at app level, with these values, as the first version would have left it. */
export function rewriteAsBefore(stack: Stack, appId: string, values: Readonly<Record<string, string>>): void {
  const urn = urnOf("secret-sync", "web");
  const resource = stack.resource("web");
  const salt = saltBefore(urn);
  const record = JSON.parse(String(resource.outputs["record"])) as { ledger: Ledger } & Properties;
  const keys = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, fingerprintBefore(salt, value)]));
  const { seen: _seen, ...rest } = resource.inputs;
  const inputs = { ...rest, keys, salt, live: "1 of 1 key #POg6qQf8" };
  const { envs = [] } = stack.cloud.app(appId).spec;
  const app = Object.entries(record.ledger["app"] ?? {}).map(([key, { token, ...entry }]) => {
    const shown = envs.find((env) => env.key === key)?.value ?? "";
    const label = token.slice(0, token.lastIndexOf(" #"));
    const fingerprint = fingerprintBefore(salt, values[key] ?? "");
    return [key, { ...entry, fingerprint, token: `${label} #${shownBefore(salt, shown)}` }] as const;
  });
  const told = ["salt", "live"];
  const acted = Object.entries(inputs).filter(([name]) => !name.startsWith("__") && !told.includes(name));
  const before = {
    ...record,
    salt,
    ledger: { app: Object.fromEntries(app) },
    inputs: digest(Object.fromEntries(acted)),
  };
  stack.state.set(urn, { ...resource, inputs, outputs: { ...resource.outputs, record: JSON.stringify(before) } });
}

type Ledger = Readonly<Record<string, Readonly<Record<string, { readonly token: string }>>>>;
