// Pure: the job that writes nothing and waits for what others have written.

import { nothing } from "../../core/desired.js";
import type { Job } from "./job.js";

/** With the target and the credentials of another job. Whatever has drifted there stays as it is. */
export function watchFor({ owner, target, rules, salt }: Job, report: Job["report"]): Job {
  return {
    owner,
    target,
    desired: nothing,
    ledger: {},
    removed: [],
    rules: { ...rules, adopt: false, agreed: [], overwrite: false, destroy: undefined },
    salt,
    owesDeployment: false,
    claims: () => [],
    report,
  };
}
