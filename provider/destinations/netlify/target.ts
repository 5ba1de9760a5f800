// Network side: the Netlify adapter. It wires calls and pure translation to the destination interface.

import type { Clock } from "../../clock.js";
import type { NetlifyDestination } from "../../../schema/index.js";
import { isSecretSyncError } from "../../errors.js";
import type { DeploymentPolicy, Snapshot, Target } from "../destination.js";
import { findScoped, judgePlan } from "./rules/account-plan.js";
import type { NetlifyApi } from "./api/api.js";
import type { BuildRequest } from "./api/build-api.js";
import { pollBuilds, startBuilds } from "./builds/build.js";
import type { BuildHistory } from "./builds/build-history.js";
import { explainChange } from "./changed-address.js";
import { allSlot, defaultSlots, placeKey } from "./contexts.js";
import { findContested } from "./rules/contested.js";
import { adviseOn, doubtEmpty, inspectDesired, isReserved, keyGrammar, listWays } from "./rules/rules.js";
import {
  compareValue,
  isMask,
  listReadable,
  type Prior,
  readEntries,
  rememberValue,
  revealValue,
} from "./variables.js";
import type { Reader, View } from "./live/view.js";
import { writeEdits } from "./write/write.js";

/** The calls of one set of credentials, shared by every sync that uses it. */
export interface Netlify {
  readonly api: NetlifyApi;
  readonly reader: Reader;
  readonly history: BuildHistory;
  readonly clock: Clock;
  /** Hides values in foreign texts. */
  readonly clean: (text: string) => string;
}

const defaultTimeoutSeconds = 1800;

/** Binds the arguments of one sync to the calls of its credentials. */
export function openNetlify(args: NetlifyDestination, credentialsId: string, netlify: Netlify): Target {
  const { reader } = netlify;
  const viewOf = (snapshot: Snapshot) => snapshot.document as View;
  const siteId = async () => {
    const { site } = await reader.locate(args);
    return site?.id ?? "";
  };
  return {
    capabilities: { granularity: "entry", writeDeploys: false, keyGrammar, platform: "Netlify", coveringSlot: allSlot },
    deployment: readPolicy(args),
    credentialsId,
    type: args.type,
    overrides: Object.keys(args.variables ?? {}),
    slots: defaultSlots(args),
    addressOf: (targetId) => readAddress(args, targetId),
    place: (key) => placeKey(args, key),
    contend: (desired, claims, snapshot) =>
      findContested(desired, { claims, variables: snapshot && viewOf(snapshot).variables }),
    inspect: (desired, snapshot, plan) => inspectDesired(args, desired, { view: snapshot && viewOf(snapshot), plan }),
    doubt: (snapshot, plan) => doubtEmpty({ view: viewOf(snapshot), plan }),
    advise: (desired, snapshot, plan) => adviseOn({ args, desired, view: viewOf(snapshot), plan }),
    resolve: async () => {
      const { site, account, owner } = await reader.locate(args);
      return owner.siteId === undefined ? account.id : (site?.id ?? owner.siteId);
    },
    explainAddress: (earlierId, now) => explainAddress(args, reader, { earlierId, now }),
    observe: async (look) => toSnapshot(await reader.look(args, look)),
    read: (snapshot, salt, ledger) => {
      const { variables, ...reading } = viewOf(snapshot);
      return readEntries(variables, { ...reading, salt, ledger });
    },
    // No call checks the right to write without writing; but a plan can be read.
    probe: async (snapshot, { plan }) => {
      const view = viewOf(snapshot);
      const scoped = findScoped(listWays({ args, view, plan }));
      const problems = scoped.length === 0 ? [] : judgePlan(await reader.accountOf(view), view.name, scoped);
      return { problems, warnings: [] };
    },
    reveal: (snapshot, place) => (isReserved(place.key) ? undefined : revealValue(viewOf(snapshot).variables, place)),
    compare: (snapshot, place, value) => compareValue(viewOf(snapshot).variables, place, value),
    listReadable: (snapshot, ledger) => listReadable(viewOf(snapshot).variables, ledger),
    remember: (snapshot, place) => rememberValue(viewOf(snapshot).variables, place),
    mayBeLost: (prior) => !isMask(prior as Prior),
    isUnreadable: (prior) => isMask(prior as Prior),
    write: async (snapshot, edits) => {
      const { view, changed, halt, notes = [], overtaken = [] } = await writeEdits(netlify, viewOf(snapshot), edits);
      return {
        changed,
        yielded: false,
        deploymentId: undefined,
        snapshot: toSnapshot(view),
        ...(halt ? { halt } : {}),
        ...(notes.length > 0 ? { notes } : {}),
        ...(overtaken.length > 0 ? { overtaken } : {}),
      };
    },
    deploy: async (orders) => {
      const site = await siteId();
      netlify.history.forget(site);
      return startBuilds(netlify, site, orders as readonly BuildRequest[]);
    },
    poll: (deploymentId) => pollBuilds(netlify, deploymentId),
    position: async () => netlify.history.position(await siteId()),
    hasDeployedSince: async (position, mayBeOpen) =>
      netlify.history.hasBuiltSince(await siteId(), position, { order: readOrder(args), mayBeOpen }),
  };
}

async function explainAddress(
  { level = "site", siteId, accountId }: NetlifyDestination,
  reader: Reader,
  { earlierId, now }: { earlierId: string; now: Snapshot | undefined },
): Promise<string | undefined> {
  const given = level === "site" ? siteId : (accountId ?? siteId);
  // An id never changes its meaning.
  if (given === undefined || given === earlierId) return undefined;
  const earlier = level === "site" ? await findSite(reader, earlierId) : undefined;
  const found = now && { id: now.targetId, name: now.targetName };
  return explainChange({ level, given, earlierId, earlier, now: found });
}

async function findSite(reader: Reader, siteId: string): Promise<{ id: string; name: string } | undefined> {
  try {
    const { site } = await reader.locate({ type: "netlify", siteId });
    return { id: siteId, name: site?.name ?? siteId };
  } catch (error) {
    if (isSecretSyncError(error) && error.code === "destination.not_found") return undefined;
    throw error;
  }
}

function readPolicy({ build }: NetlifyDestination): DeploymentPolicy {
  const order = readOrder({ build });
  return {
    wait: build?.trigger === true && (build.wait ?? true),
    timeoutMs: (build?.timeoutSeconds ?? defaultTimeoutSeconds) * 1000,
    onFailure: "report",
    ...(build?.trigger === true ? { order } : {}),
  };
}

function readOrder({ build }: Pick<NetlifyDestination, "build">): BuildRequest {
  return { branch: build?.branch, clearCache: build?.clearCache ?? false };
}

/** By id, because names and slugs change. A removal is followed by a build, as a write is. */
function readAddress({ type, level, build }: NetlifyDestination, targetId: string): NetlifyDestination {
  // The site that a team was looked up from may be deleted, or move to another team.
  if (level === "team") return { type, level, accountId: targetId };
  return { type, siteId: targetId, ...(build === undefined ? {} : { build }) };
}

function toSnapshot(view: View): Snapshot {
  const { site, owner, level, name, variables } = view;
  const used = variables.flatMap((one) => one.values.map(({ slot }) => slot));
  return {
    targetId: level === "team" ? owner.accountId : (site?.id ?? owner.siteId ?? ""),
    targetName: name,
    targetUrl: level === "team" ? undefined : (site?.ssl_url ?? site?.url ?? undefined),
    slots: [...new Set(used)].sort(),
    obstacles: [],
    busyWith: undefined,
    document: view,
  };
}
