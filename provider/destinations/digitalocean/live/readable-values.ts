// Pure: the values that an app shows in clear, whoever owns them. Credentials of registries and log destinations are ciphertexts.

import type { Ledger } from "../../../core/entry.js";
import { ledgerPlaces } from "../../../core/ledger.js";
import { redact, type Redacted } from "../../../redacted.js";
import { isCiphertext } from "../ciphertext.js";
import { listEnvs } from "../spec.js";
import type { App, RawEnv, Spec } from "../wire.js";

export function listReadable(app: App, ledger: Ledger | undefined): Redacted[] {
  const specs = [app.spec, ...listRunning(app)];
  const priors = ledgerPlaces(ledger ?? {}).map(({ entry }) => entry.prior as RawEnv | undefined);
  const envs = [...specs.flatMap((spec) => listEnvs(spec).map(({ env }) => env)), ...priors];
  return [...new Set(envs.map((env) => env?.value))].filter(isReadable).map(redact);
}

/** What runs may be older than what is stored. */
function listRunning({ spec, active_deployment }: App): Spec[] {
  const running = active_deployment?.spec;
  return running === undefined || running === null || running === spec ? [] : [running];
}

/** A bindable variable is a name, and hiding it in a message would not help. */
function isReadable(value: unknown): value is string {
  return typeof value === "string" && value !== "" && !isCiphertext(value) && !/^\$\{[^{}]*\}$/.test(value);
}
