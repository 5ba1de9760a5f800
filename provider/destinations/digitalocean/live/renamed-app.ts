// Pure: what to say when a name leads nowhere, or not to the app that an earlier run wrote to. Names change, ids do not.

import { readName } from "../spec.js";
import type { App } from "../wire.js";

export interface Renamed {
  /** What the program calls the app. */
  readonly appName: string;
  /** The id that the earlier run recorded. */
  readonly earlierId: string;
  /** The app of that id as it is now; undefined when it is gone, or cannot be seen. */
  readonly earlier: App | undefined;
  /** The id of the app that has the name now; undefined when none has it. */
  readonly otherId: string | undefined;
}

/** Undefined if all that can be said is that there is no such app. */
export function explainName({ appName, earlierId, earlier, otherId }: Renamed): string | undefined {
  const name = JSON.stringify(appName);
  const now = earlier && JSON.stringify(readName(earlier.spec, earlier.id));
  if (otherId === undefined) {
    return now === undefined || now === name
      ? undefined
      : `app ${name} (id ${earlierId}) is called ${now} now; set appName: ${now}`;
  }
  const other = `the name ${name} belongs to another app now (id ${otherId})`;
  if (now === undefined) return `${other}; the app that this sync wrote to (id ${earlierId}) is gone`;
  return (
    `${other}; the app that this sync wrote to (id ${earlierId}) is called ${now}. ` +
    `This run moves the keys: it removes them from ${now} and writes them to the other app; set appName: ${now} to leave them where they are`
  );
}
