// Network side: where the arguments aim, looked up: a site, its team, and whose variables are meant.

import { SecretSyncError } from "../../errors.js";
import type { NetlifyDestination } from "../../../schema/index.js";
import type { NetlifyApi, Owner } from "./api.js";
import type { Account, Site } from "./wire.js";

type Registry = Pick<NetlifyApi, "getSite" | "getAccount">;

export interface Location {
  readonly site: Site | undefined;
  readonly account: Pick<Account, "id" | "slug" | "name">;
  readonly owner: Owner;
}

export async function findLocation(api: Registry, args: NetlifyDestination): Promise<Location> {
  const site = args.siteId === undefined ? undefined : await api.getSite(args.siteId);
  if (args.siteId !== undefined && site === undefined) throw missing(`site ${JSON.stringify(args.siteId)}`);
  const account = await findAccount(api, args.accountId, site);
  const ofTeam = args.level === "team" || site === undefined;
  return { site, account, owner: ofTeam ? { accountId: account.id } : { accountId: account.id, siteId: site.id } };
}

async function findAccount(
  api: Registry,
  given: string | undefined,
  site: Site | undefined,
): Promise<Location["account"]> {
  const ofSite = site && readAccount(site);
  if (ofSite !== undefined && (given === undefined || isAccount(ofSite, given))) return ofSite;
  const account = await api.getAccount(given ?? "");
  if (account === undefined) throw missing(`team ${JSON.stringify(given)}`);
  if (ofSite === undefined || isAccount(ofSite, account.id)) return account;
  throw wrongAccount(site, ofSite, given);
}

function wrongAccount(site: Site | undefined, ofSite: Location["account"], given: string | undefined): SecretSyncError {
  return new SecretSyncError({
    code: "destination.wrong_account",
    message: `site ${site?.name ?? site?.id ?? ""} belongs to team ${ofSite.slug ?? ofSite.id}, not to ${given ?? ""}; leave accountId out, or correct it`,
  });
}

function isAccount({ id, slug }: Location["account"], name: string): boolean {
  return id === name || slug === name;
}

/** The calls take a slug as well as an id (netlify/cli: src/commands/env/env-set.ts). */
function readAccount(site: Site): Location["account"] | undefined {
  const id = site.account_id ?? site.account_slug ?? undefined;
  return id === undefined ? undefined : { id, slug: site.account_slug, name: site.account_slug };
}

function missing(what: string): SecretSyncError {
  return new SecretSyncError({
    code: "destination.not_found",
    message: `there is no ${what} that this token can see; check the id and that the token's owner is a member of the team`,
  });
}
