// Network side: looks at a site or a team with as few calls as can be. An answer that is not complete is an error, never an empty world.

import type { Clock } from "../../clock.js";
import { SecretSyncError } from "../../errors.js";
import { isHttpError } from "../../http/error.js";
import type { NetlifyDestination } from "../../../schema/index.js";
import type { Look } from "../destination.js";
import type { NetlifyApi, Owner } from "./api.js";
import type { Account, Site, Variable } from "./wire.js";

/** One look at the variables of a site or a team, and at what stands around them. */
export interface View {
  readonly level: "site" | "team";
  readonly name: string;
  readonly owner: Owner;
  readonly account: Pick<Account, "id" | "slug">;
  readonly site: Site | undefined;
  readonly variables: readonly Variable[];
  /** Shared variables of the team, for a site; undefined when they were not asked for or cannot be read. */
  readonly team: readonly Variable[] | undefined;
  /** The site's own variables, for a team that was addressed through a site. */
  readonly siteVariables: readonly Variable[] | undefined;
  /** Id of the token's owner. */
  readonly ourselves: string | undefined;
  /** Keys that the write which gave this look has touched. */
  readonly written: ReadonlySet<string>;
}

export interface Reader {
  /** Site, team and ids; kept for the run. */
  locate(args: NetlifyDestination, options?: { readonly fresh: boolean }): Promise<Place>;
  look(args: NetlifyDestination, recent: Look): Promise<View>;
  /** The variables again, after a write. */
  again(view: View, written: ReadonlySet<string>): Promise<View>;
}

export interface Place {
  readonly site: Site | undefined;
  readonly account: Pick<Account, "id" | "slug" | "name">;
  readonly owner: Owner;
}

/** An earlier look answers a preview for this long; a write always takes a new one. */
const freshForMs = 30_000;

export function createReader(api: NetlifyApi, clock: Clock): Reader {
  const places = new Map<string, Promise<Place>>();
  const looks = new Map<string, { at: number; list: Promise<readonly Variable[]> }>();
  let self: Promise<string | undefined> | undefined;

  const locate: Reader["locate"] = (args, { fresh } = { fresh: false }) => {
    const name = [args.level ?? "site", args.siteId, args.accountId].join("\u0000");
    const known = fresh ? undefined : places.get(name);
    if (known) return known;
    const place = find(api, args);
    places.set(name, place);
    place.catch(() => places.delete(name));
    return place;
  };

  const list = (owner: Owner, { fresh, notBefore = 0 }: Look): Promise<readonly Variable[]> => {
    const name = `${owner.accountId}\u0000${owner.siteId ?? ""}`;
    const known = looks.get(name);
    if (!fresh && known && clock.now() - known.at <= freshForMs && known.at >= notBefore) return known.list;
    const variables = listSurely(api, owner);
    looks.set(name, { at: clock.now(), list: variables });
    variables.catch(() => looks.delete(name));
    return variables;
  };

  // Secrets alone need to know who wrote them; a token that may not say is no reason to fail.
  const ourselves = (variables: readonly Variable[]) =>
    variables.some((one) => one.isSecret)
      ? (self ??= api.whoAmI().then(
          (user) => user?.id,
          () => undefined,
        ))
      : undefined;

  return {
    locate,
    look: async (args, recent) => {
      const place = await locate(args);
      const { owner, account } = place;
      const around = neighbourOf(place);
      const [variables, neighbours] = await Promise.all([
        list(owner, recent).catch(async (error: unknown) => {
          // A site that has gone meanwhile is told as such.
          if (isHttpError(error) && error.status === 404) await locate(args, { fresh: true });
          throw error;
        }),
        // What stands around is for advice alone, so its failure is told and not fatal.
        around === undefined ? undefined : list(around, { fresh: false }).catch(() => undefined),
      ]);
      return {
        level: owner.siteId === undefined ? "team" : "site",
        name: owner.siteId === undefined ? `team ${account.name ?? account.id}` : (place.site?.name ?? owner.siteId),
        owner,
        account,
        site: place.site,
        variables,
        team: owner.siteId === undefined ? undefined : neighbours,
        siteVariables: owner.siteId === undefined ? neighbours : undefined,
        ourselves: await ourselves(variables),
        written: new Set(),
      };
    },
    again: async (view, written) => {
      const variables = await list(view.owner, { fresh: true });
      return { ...view, variables, written, ourselves: await ourselves(variables) };
    },
  };
}

/** For a site its team, for a team the site that it was looked up from. */
function neighbourOf({ owner, site }: Place): Owner | undefined {
  if (owner.siteId !== undefined) return { accountId: owner.accountId };
  return site && { accountId: owner.accountId, siteId: site.id };
}

/** An empty list is believed only when the other call for the same thing says so too: a lost right must not look like a wipe. */
async function listSurely(api: NetlifyApi, owner: Owner): Promise<readonly Variable[]> {
  const variables = await api.listVariables(owner);
  if (variables.length > 0 || owner.siteId === undefined) return variables;
  const confirmed = await api.listSiteVariables(owner.siteId);
  if (confirmed.length === 0) return variables;
  throw new SecretSyncError({
    code: "destination.unreadable",
    message: `Netlify shows ${confirmed.length} variables of site ${owner.siteId} in one list and none in the other; nothing was decided on that, check the token's rights and run again`,
    retryable: true,
  });
}

async function find(api: NetlifyApi, args: NetlifyDestination): Promise<Place> {
  const site = args.siteId === undefined ? undefined : await api.getSite(args.siteId);
  if (args.siteId !== undefined && site === undefined) throw missing(`site ${JSON.stringify(args.siteId)}`);
  const account = await findAccount(api, args.accountId, site);
  const ofTeam = args.level === "team" || site === undefined;
  return { site, account, owner: ofTeam ? { accountId: account.id } : { accountId: account.id, siteId: site.id } };
}

async function findAccount(
  api: NetlifyApi,
  given: string | undefined,
  site: Site | undefined,
): Promise<Place["account"]> {
  const ofSite = site && accountOf(site);
  if (ofSite !== undefined && (given === undefined || isAccount(ofSite, given))) return ofSite;
  const account = await api.getAccount(given ?? "");
  if (account === undefined) throw missing(`team ${JSON.stringify(given)}`);
  if (ofSite === undefined || isAccount(ofSite, account.id)) return account;
  throw wrongAccount(site, ofSite, given);
}

function wrongAccount(site: Site | undefined, ofSite: Place["account"], given: string | undefined): SecretSyncError {
  return new SecretSyncError({
    code: "destination.wrong_account",
    message: `site ${site?.name ?? site?.id ?? ""} belongs to the team ${ofSite.slug ?? ofSite.id} and not to ${given ?? ""}; leave accountId out, or correct it`,
  });
}

function isAccount({ id, slug }: Place["account"], name: string): boolean {
  return id === name || slug === name;
}

/** The calls take a slug as well as an id (netlify/cli: src/commands/env/env-set.ts). */
function accountOf(site: Site): Place["account"] | undefined {
  const id = site.account_id ?? site.account_slug ?? undefined;
  return id === undefined ? undefined : { id, slug: site.account_slug, name: site.account_slug };
}

function missing(what: string): SecretSyncError {
  return new SecretSyncError({
    code: "destination.not_found",
    message: `there is no ${what} that this token can see; check the id and that the token's owner is a member of the team`,
  });
}
