// Pure: what every command asks of the options that it is given.

import { SecretSyncError } from "../errors.js";

/**
 * An empty text is what a shell makes of a variable that is not set. Taken for no option, another stack than the meant one would be
 * shown, or nothing would listen; taken as it is, Node would listen everywhere.
 *
 * @throws SecretSyncError `argument.invalid`
 */
export function refuseEmpty(options: object): void {
  const empty = Object.entries(options).find(
    ([, value]) => value === "" || (Array.isArray(value) && value.includes("")),
  );
  if (empty === undefined) return;
  const flag = `--${empty[0].replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  throw new SecretSyncError({
    code: "argument.invalid",
    message: `${flag} is empty: give it a value, or leave it out`,
  });
}
