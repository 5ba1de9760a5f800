// Network side: where the arguments aim, looked up: a site, its team, and whose variables are meant.

import { SecretSyncError } from "../../../errors.js";
import { findMeant } from "../../../spelling.js";
import type { NetlifyDestination } from "../../../../schema/index.js";
import type { NetlifyApi, Owner } from "../api/api.js";
import type { Account, Site } from "../wire.js";

export type Registry = Pick<NetlifyApi, "getSite" | "getAccount" | "listSites">;

export interface Location {
  readonly site: Site | undefined;
  readonly account: Pick<Account, "id" | "slug" | "name">;
  readonly owner: Owner;
}

export async function findLocation(api: Registry, args: NetlifyDestination): Promise<Location> {
  const site = args.siteId === undefined ? undefined : await api.getSite(args.siteId);
  if (args.siteId !== undefined && site === undefined) throw await missingSite(api, args.siteId);
  if (site !== undefined) checkSiteName(site, args.siteName);
  const account = await findAccount(api, args.accountId, site);
  if (args.accountName !== undefined) await checkAccountName(api, args.accountName, { site, account });
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
  if (ofSite === undefined || [account.id, account.slug].some((name) => isAccount(ofSite, name))) return account;
  throw wrongAccount(site, ofSite, given);
}

function wrongAccount(site: Site | undefined, ofSite: Location["account"], given: string | undefined): SecretSyncError {
  return new SecretSyncError({
    code: "destination.wrong_account",
    message: `site ${site?.name ?? site?.id ?? ""} belongs to team ${ofSite.slug ?? ofSite.id}, not to ${given ?? ""}; leave accountId out, or correct it`,
  });
}

/** A name beside an id is a check: both are meant, and one of them is wrong. */
function checkSiteName(site: Site, given: string | undefined): void {
  const name = site.name ?? undefined;
  if (given === undefined || name === undefined || name === given) return;
  throw wrongName(`site ${site.id}`, { name, given, field: "siteName" });
}

/** The slug counts as a name, too. */
async function checkAccountName(
  api: Registry,
  given: string,
  place: Pick<Location, "site" | "account">,
): Promise<void> {
  const { id, slug } = place.account;
  if (given === slug) return;
  const name = place.site?.account_name ?? (await findAccountName(api, place.account));
  if (name === given) return;
  throw wrongName(`team ${id}`, { name, given, field: "accountName" });
}

/** A site shows the slug of its team, but not always its name: then the team is looked up. */
async function findAccountName(api: Registry, { id, slug, name }: Location["account"]): Promise<string> {
  const known = name === slug ? undefined : name;
  const account = known == null ? await api.getAccount(id).catch(() => undefined) : undefined;
  return known ?? account?.name ?? slug ?? id;
}

function wrongName(what: string, { name, given, field }: Record<"name" | "given" | "field", string>): SecretSyncError {
  const now = JSON.stringify(name);
  return new SecretSyncError({
    code: "destination.wrong_name",
    message: `${what} is called ${now}, not ${JSON.stringify(given)}; set ${field}: ${now}, leave it out, or correct the id`,
  });
}

function isAccount({ id, slug }: Location["account"], name: string | null | undefined): boolean {
  return name != null && (id === name || slug === name);
}

/** The calls take a slug as well as an id (netlify/cli: src/commands/env/env-set.ts). */
function readAccount(site: Site): Location["account"] | undefined {
  const id = site.account_id ?? site.account_slug ?? undefined;
  return id === undefined ? undefined : { id, slug: site.account_slug, name: site.account_slug };
}

/** A person knows a site by its name, and the API by its id or its domain. */
async function missingSite(api: Registry, siteId: string): Promise<SecretSyncError> {
  // A list of the other sites improves the message; without it the failure is no worse.
  const sites = await api.listSites().catch(() => []);
  const named = sites.find(({ name }) => name === siteId);
  if (named !== undefined) {
    const message = `there is no site with id ${JSON.stringify(siteId)}, but one of that name: write siteId: ${JSON.stringify(named.id)}`;
    return new SecretSyncError({ code: "destination.not_found", message });
  }
  const known = new Map(sites.flatMap((site) => listNames(site).map((name) => [name, site.id] as const)));
  const meant = findMeant(siteId, [...known.keys()]).map(
    (name) => `${name} (siteId ${JSON.stringify(known.get(name))})`,
  );
  const question = meant.length === 0 ? "" : `; did you mean ${meant.join(" or ")}?`;
  return missing(`site ${JSON.stringify(siteId)}`, question);
}

function listNames({ name, custom_domain: domain }: Site): string[] {
  return [name, domain].filter((one) => typeof one === "string");
}

function missing(what: string, question = ""): SecretSyncError {
  return new SecretSyncError({
    code: "destination.not_found",
    message: `there is no ${what} that this token can see; check the id and that the token's owner is a member of the team${question}`,
  });
}
