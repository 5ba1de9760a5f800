// Provider process: writes each call to a vendor down where a runner has asked for it. The process is ended from outside, so nothing waits.

import { appendFileSync } from "node:fs";
import { formatVendorCall, type VendorCall, vendorCallsVariable } from "../vendor-calls.js";

/** Undefined where nobody has asked. */
export function openCallLog(
  environment: Readonly<Record<string, string | undefined>>,
): ((call: VendorCall) => void) | undefined {
  const file = environment[vendorCallsVariable];
  if (file === undefined || file === "") return undefined;
  return (call) => {
    try {
      appendFileSync(file, formatVendorCall(call), { mode: 0o600 });
    } catch {
      // A number that is missing is no reason to fail a run.
    }
  };
}
