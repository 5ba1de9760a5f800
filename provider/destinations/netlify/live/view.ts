// Network side: looks at a site or a team with as few calls as possible. An incomplete answer is an error, never an empty world.

import type { Clock } from "../../../clock.js";
import { isHttpError } from "../../../http/error.js";
import type { NetlifyDestination } from "../../../../schema/index.js";
import type { Look } from "../../destination.js";
import type { NetlifyApi, Owner } from "../api/api.js";
import { type Authors, createAuthorLog } from "./authorship.js";
import { createLister } from "./lists.js";
import { findLocation, type Location } from "./location.js";
import type { Account, Site, Variable } from "../wire.js";

/** One look at the variables of a site or a team, and at what is around them. */
export interface View {
  readonly level: "site" | "team";
  readonly name: string;
  readonly owner: Owner;
  readonly account: Pick<Account, "id" | "slug">;
  readonly site: Site | undefined;
  readonly variables: readonly Variable[];
  /** Nothing is listed, and no other call says so, too. */
  readonly isUnconfirmed: boolean;
  /** Shared variables of the team, for a site; undefined when they were not asked for or cannot be read. */
  readonly team: readonly Variable[] | undefined;
  /** The site's own variables, for a team that was addressed through a site. */
  readonly siteVariables: readonly Variable[] | undefined;
  /** Id of the token's owner. */
  readonly ourselves: string | undefined;
  /** Keys that the write which gave this look has touched. */
  readonly written: ReadonlySet<string>;
  /** What this and earlier looks of the run have shown. */
  readonly authors: Authors;
}

export interface Reader {
  /** Site, team and ids; kept for the run. */
  locate(args: NetlifyDestination, options?: { readonly fresh: boolean }): Promise<Location>;
  look(args: NetlifyDestination, recent: Look): Promise<View>;
  /** What is known of an account, its plan for example; undefined if it cannot be read, which forbids nothing. */
  accountOf(view: View): Promise<Account | undefined>;
  /** Id of the token's owner; undefined if unknown. */
  ourselves(): Promise<string | undefined>;
  /** The variables again, after a write. */
  again(view: View, write: Touched): Promise<View>;
}

export interface Touched {
  /** Keys of all places that were or may have been written or removed. */
  readonly written: ReadonlySet<string>;
  /** Those among them that were removed completely. */
  readonly removed: ReadonlySet<string>;
}

const lookAgainMs = 1_000;

/** "Not found" takes a sync out of state while its keys stay behind, so it is believed only the second time. */
async function askTwice<T>(ask: () => Promise<T | undefined>, clock: Clock): Promise<T | undefined> {
  const found = await ask();
  if (found !== undefined) return found;
  await clock.sleep(lookAgainMs);
  return ask();
}

export function createReader(api: NetlifyApi, clock: Clock): Reader {
  const accounts = new Map<string, Promise<Account | undefined>>();
  const locations = new Map<string, Promise<Location>>();
  const list = createLister(api, clock);
  const authors = createAuthorLog();
  const { ourselves, author } = createAuthor(api);

  /** One question for each account and run, by id or slug. */
  const getAccount = (name: string): Promise<Account | undefined> => {
    const known = accounts.get(name);
    if (known) return known;
    const account = askTwice(() => api.getAccount(name), clock);
    accounts.set(name, account);
    account.then(
      (found) => found && [found.id, found.slug ?? found.id].forEach((one) => accounts.set(one, account)),
      () => undefined,
    );
    return account;
  };

  const locate: Reader["locate"] = (args, { fresh } = { fresh: false }) => {
    const name = [args.level ?? "site", args.siteId, args.accountId, args.siteName, args.accountName].join("\u0000");
    const known = fresh ? undefined : locations.get(name);
    if (known) return known;
    const location = findLocation(
      { getSite: (id) => askTwice(() => api.getSite(id), clock), listSites: () => api.listSites(), getAccount },
      args,
    );
    locations.set(name, location);
    location.catch(() => locations.delete(name));
    return location;
  };

  // Requested along with further pages, so that it costs no extra time.
  const onPage = (rows: readonly Variable[]) => void author(rows);

  return {
    locate,
    accountOf: ({ account }) => getAccount(account.id).catch(() => undefined),
    ourselves,
    look: async (args, recent) => {
      const location = await locate(args);
      const { owner, account } = location;
      const around = readNeighbour(location);
      const [{ variables, isUnconfirmed }, neighbours] = await Promise.all([
        list(owner, { ...recent, onPage }).catch(async (error: unknown) => {
          // A site that has disappeared meanwhile is reported as such.
          if (isHttpError(error) && error.status === 404) await locate(args, { fresh: true });
          throw error;
        }),
        // What is around serves only for advice, so its failure is reported and not fatal.
        around === undefined ? undefined : list(around, { fresh: false }).catch(() => undefined),
      ]);
      authors.note(owner, variables);
      return {
        level: owner.siteId === undefined ? "team" : "site",
        name: owner.siteId === undefined ? `team ${account.name ?? account.id}` : (location.site?.name ?? owner.siteId),
        owner,
        account,
        site: location.site,
        variables,
        isUnconfirmed,
        team: owner.siteId === undefined ? undefined : neighbours?.variables,
        siteVariables: owner.siteId === undefined ? neighbours?.variables : undefined,
        ourselves: await author(variables),
        written: new Set(),
        authors: authors.of(owner),
      };
    },
    again: async (view, { written, removed }) => {
      const before = view.variables.map(({ key }) => key);
      const known = new Set([...before, ...written].filter((key) => !removed.has(key)));
      const { variables, isUnconfirmed } = await list(view.owner, { fresh: true, known });
      authors.note(view.owner, variables);
      return { ...view, variables, isUnconfirmed, written, ourselves: await author(variables) };
    },
  };
}

/** For a site its team, for a team the site that it was looked up from. */
function readNeighbour({ owner, site }: Location): Owner | undefined {
  if (owner.siteId !== undefined) return { accountId: owner.accountId };
  return site && { accountId: owner.accountId, siteId: site.id };
}

interface Author {
  /** The id of the user whose token this is. */
  readonly ourselves: () => Promise<string | undefined>;
  /** The same, if needed: it matters only for secrets who wrote them. */
  readonly author: (variables: readonly Variable[]) => Promise<string | undefined>;
}

/** One question for each run. A token that may not reveal its owner is no reason to fail. */
function createAuthor(api: NetlifyApi): Author {
  let self: Promise<string | undefined> | undefined;
  const ourselves = () =>
    (self ??= api.whoAmI().then(
      (user) => user?.id,
      () => undefined,
    ));
  return {
    ourselves,
    author: (variables) => (variables.some((one) => one.isSecret) ? ourselves() : Promise.resolve(undefined)),
  };
}
