// Provider process: looks, writes and waits only while the engine is there to record them. After it has ended, nothing records what a
// run does, and the next run may be under way.

import type { Clock } from "../clock.js";
import type { Target } from "../destinations/destination.js";
import { SecretSyncError } from "../errors.js";

export interface Attendance {
  /** @throws SecretSyncError `engine.gone` */
  require(): Promise<void>;
}

export function createAttendance(isEngineThere: () => Promise<boolean>): Attendance {
  return {
    require: async () => {
      if (!(await isEngineThere())) throw gone();
    },
  };
}

function gone(): SecretSyncError {
  return new SecretSyncError({
    code: "engine.gone",
    message: "the run that asked for this has ended, so nothing more is written; run up again",
  });
}

/** A target that starts nothing after the engine has ended. */
export function attendTarget(target: Target, attendance: Attendance): Target {
  const attended: Target = {
    ...target,
    write: async (snapshot, edits) => {
      await attendance.require();
      return target.write(snapshot, edits);
    },
  };
  if (target.deploy === undefined) return attended;
  const deploy = target.deploy.bind(target);
  return {
    ...attended,
    deploy: async (orders) => {
      await attendance.require();
      return deploy(orders);
    },
  };
}

/** A clock that begins no wait after the engine has ended. */
export function attendClock(clock: Clock, attendance: Attendance): Clock {
  return {
    ...clock,
    sleep: async (ms, ended) => {
      await attendance.require();
      await clock.sleep(ms, ended);
    },
  };
}
