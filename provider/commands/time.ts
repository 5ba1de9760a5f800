// Pure: times as people read and write them.

import { SecretSyncError } from "../errors.js";

/** To the minute, in UTC, as in state. Anything else there is shown as it is. */
export function formatTime(time: string | undefined): string {
  const [, day, minute] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)\S*Z$/.exec(time ?? "") ?? [];
  return day === undefined ? (time ?? "never") : `${day} ${minute}Z`;
}

const units = { s: 1000, m: 60_000, h: 3_600_000 } as const;

/** Milliseconds, from ten seconds, because a run takes several, to a day. @throws SecretSyncError `argument.invalid` */
export function readDuration({ option, text }: { option: string; text: string }): number {
  const [, digits, unit] = /^(\d+)([smh])$/.exec(text) ?? [];
  const duration = Number(digits) * units[unit as keyof typeof units];
  if (duration >= 10_000 && duration <= 24 * units.h) return duration;
  throw new SecretSyncError({
    code: "argument.invalid",
    message: `${option} ${text} is not a duration: write 30s, 5m or 1h, from 10s to 24h`,
  });
}
