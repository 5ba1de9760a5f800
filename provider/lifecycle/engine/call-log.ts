// Provider process: logs each call to a vendor if a runner has asked for it. The process is ended from outside, so nothing waits.

import { appendFileSync } from "node:fs";
import { formatVendorCall, type VendorCall, vendorCallsVariable } from "../../vendor-calls.js";

/** Undefined if no runner has asked. */
export function openCallLog(
  environment: Readonly<Record<string, string | undefined>>,
): ((call: VendorCall) => void) | undefined {
  const file = environment[vendorCallsVariable];
  if (file === undefined || file === "") return undefined;
  return (call) => {
    try {
      appendFileSync(file, formatVendorCall(call), { mode: 0o600 });
    } catch {
      // A missing number is no reason to fail a run.
    }
  };
}
