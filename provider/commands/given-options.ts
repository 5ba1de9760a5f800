// Pure: what every command requires of its options.

import { SecretSyncError } from "../errors.js";

/**
 * A shell turns an unset variable into an empty text. Treated as no option, it would show another stack than the one meant, or nothing
 * would listen; taken literally, Node would listen everywhere.
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
