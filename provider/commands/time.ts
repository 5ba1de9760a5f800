// Pure: a time as people read it.

/** To the minute, in UTC, as it stands in state. Whatever else stands there is shown as it is. */
export function formatTime(time: string | undefined): string {
  const [, day, minute] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)\S*Z$/.exec(time ?? "") ?? [];
  return day === undefined ? (time ?? "never") : `${day} ${minute}Z`;
}
