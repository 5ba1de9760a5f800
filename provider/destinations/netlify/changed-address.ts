// Pure: what to say when a domain or a slug leads nowhere, or not to what an earlier run wrote to. They change their meaning, ids do not.

/** A site or a team, as people know it. */
interface Known {
  readonly id: string;
  readonly name: string;
}

export interface ChangedAddress {
  readonly level: "site" | "team";
  /** What the program gives: a domain, a slug, or for a team a site that it is looked up from. */
  readonly given: string;
  /** The id that the earlier run recorded. */
  readonly earlierId: string;
  /** The site of that id as it is now; undefined for a team, and for a site that is gone or cannot be seen. */
  readonly earlier: Known | undefined;
  /** Where the address leads now; undefined if nowhere. */
  readonly now: Known | undefined;
}

/** Undefined if all that can be said is that the address leads nowhere. */
export function explainChange({ level, given, earlierId, earlier, now }: ChangedAddress): string | undefined {
  const address = JSON.stringify(given);
  const setting = `set ${level === "site" ? "siteId" : "accountId"}: ${JSON.stringify(earlierId)}`;
  const before = earlier && JSON.stringify(earlier.name);
  if (now === undefined) {
    return before === undefined
      ? undefined
      : `${address} leads nowhere now; the site that this sync wrote to (id ${earlierId}) is called ${before}; ${setting}`;
  }
  const other = `${address} leads to another ${level} now, ${JSON.stringify(now.name)} (id ${now.id})`;
  if (level === "site" && before === undefined)
    return `${other}; the site that this sync wrote to (id ${earlierId}) is gone`;
  const former =
    before === undefined
      ? `this sync wrote to the one with id ${earlierId}`
      : `the site that this sync wrote to (id ${earlierId}) is called ${before}`;
  return (
    `${other}; ${former}. ` +
    `This run moves the keys: it removes them from the former ${level} and writes them to the other one; ${setting} to leave them where they are`
  );
}
