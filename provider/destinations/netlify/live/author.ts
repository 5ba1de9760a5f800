// Pure: who last changed a variable, and when, as far as that says anything about one of its values.

import type { Author } from "../../../core/entry.js";
import type { Variable } from "../wire.js";

export interface AuthorContext {
  /** The owner of the token. */
  readonly ourselves: string | undefined;
  /** The variable has values that this sync did not write. */
  readonly isShared: boolean;
}

/** Netlify shows one author and one time for all values of a variable. */
export function readAuthor({ updatedBy, updatedAt, values }: Variable, { ourselves, isShared }: AuthorContext): Author {
  // People choose their own names: keep only printable characters, and not many.
  const name = (updatedBy.name ?? "").replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, "").slice(0, 80);
  // If others have values, our own token has written after whoever changed this one.
  const isOurToken = ourselves !== undefined && updatedBy.id === ourselves;
  if (name === "" || (isOurToken && isShared)) return {};
  const time = formatTime(updatedAt);
  const by = time === undefined ? name : `${name}, ${time}`;
  return values.length > 1 ? { by, byKey: true } : { by };
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `25 Nov 18:26 UTC`; undefined for anything but a time. */
function formatTime(text: string): string | undefined {
  const time = new Date(text);
  if (!/^\d[\d:.TZ+-]+$/.test(text) || Number.isNaN(time.getTime())) return undefined;
  const [hours, minutes] = [time.getUTCHours(), time.getUTCMinutes()].map((one) => String(one).padStart(2, "0"));
  return `${time.getUTCDate()} ${months[time.getUTCMonth()]} ${hours}:${minutes} UTC`;
}
