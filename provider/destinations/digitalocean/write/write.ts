// Network side: the write of one app. Normally one PUT; another writer in between is noticed afterwards, because App Platform has no ETag.

import { isDeepStrictEqual } from "node:util";
import { type Edit, type Place, placeName } from "../../../core/entry.js";
import { firstProblem, isAmbiguous, type Problem, listProblems } from "../../../errors.js";
import type { AppPlatformApi } from "../api.js";
import { sameContent, sameStored } from "./comparison.js";
import { busyDeployment, latestDeployments } from "../deployments/deployment.js";
import { addListed, findLostUpdate, type History, readHistory } from "./lost-update.js";
import { planSequel } from "./merge.js";
import { findOurs, findOvertaken, listFront } from "./own-deployment.js";
import { type Arrived, type SendInput, sendSpec, type Writer } from "./sending.js";
import { UnconfirmedWrite } from "../../unconfirmed-write.js";
import { aimEdits, editSpec, readName, type SpecEdit } from "../spec.js";
import type { App, Deployment, Spec } from "../wire.js";

export interface Written {
  readonly app: App;
  readonly changed: boolean;
  /** Nothing of this write counts: a key turned out to be somebody else's, or the app has changed since it was read. */
  readonly yielded: boolean;
  /** The deployment that the write started, if any was seen. */
  readonly deploymentId?: string | undefined;
  /** Stored, but a person has to look. */
  readonly problem?: Problem;
  /** Changed by somebody else before the look. */
  readonly overtaken?: readonly Place[];
}

const mostMerges = 3;

/** Puts the edited spec, unless nothing changes. What somebody else stored in between is merged and sent again. */
export async function putSpec(writer: Writer, look: App, planned: readonly Edit[]): Promise<Written> {
  const edits = aimEdits(look.spec, planned);
  if (isDeepStrictEqual(editSpec(look.spec, edits), look.spec)) return { app: look, changed: false, yielded: false };
  const stand = await takeStand(writer.api, look);
  if (stand === undefined) return { app: look, changed: false, yielded: true };
  const sending: SendInput = { app: stand.app, base: stand.app.spec, edits: lastOfEach(edits), isMerge: false };
  const arrived = await sendSpec(writer, sending);
  try {
    return await mergeOthers(writer, { arrived, sending, history: stand.history });
  } catch (error) {
    // The write was sent: whatever fails now leaves its outcome open.
    throw isAmbiguous(error) ? error : new UnconfirmedWrite(listProblems(error));
  }
}

interface Sent {
  readonly arrived: Arrived;
  readonly sending: SendInput;
  readonly history: History;
}

/** Finds what somebody stored between our look and our PUT, and sends it again together with our edits. */
async function mergeOthers(writer: Writer, sent: Sent): Promise<Written> {
  const before = sent.sending.base;
  const own: Spec[] = [];
  let { arrived, sending, history } = sent;
  let yielded = false;
  for (let merges = 0; ; merges += 1) {
    own.push(arrived.app.spec);
    const { app: now, listed, ours, overtaken } = await lookAround(writer.api, { ...arrived, history, sending });
    const isOurs = (spec: Spec) => own.some((one) => sameStored(one, spec));
    const lost = findLostUpdate({ history, base: sending.base, listed, ours, isOurs });
    const sequel = planSequel({ lost, before, own, base: sending.base, edits: sending.edits });
    const written = { app: now, changed: true, yielded, deploymentId: ours, overtaken };
    if (sequel.kind === "done") {
      // To the platform, the same secrets again may be no change: nothing was stored, and nothing deploys.
      const changed = own.length > 1 || ours !== undefined || !sameContent(now.spec, before);
      return { ...written, changed, yielded: yielded || sequel.yielded };
    }
    if (sequel.kind === "unmerged" || merges >= mostMerges)
      return { ...written, problem: describeUnmerged(now, { theirs: sequel.theirs, ours }) };
    yielded ||= sequel.yielded;
    sending = { app: now, base: sequel.base, edits: sequel.edits, isMerge: sequel.isMerge };
    // What is listed now counts as seen.
    history = { ...history, ids: new Set([...history.ids, ...listed.map(({ id }) => id), ours ?? ""]), isWhole: true };
    try {
      arrived = await sendSpec(writer, sending);
    } catch (error) {
      const problem = describeUnmerged(now, { theirs: sequel.theirs, ours, error });
      if (isAmbiguous(error)) throw new UnconfirmedWrite(problem);
      return { ...written, problem };
    }
  }
}

/** One sync may remove a key that another one of the same write creates. */
function lastOfEach(edits: readonly SpecEdit[]): readonly SpecEdit[] {
  return [...new Map(edits.map((edit) => [placeName(edit), edit])).values()];
}

/**
 * The look that a write is based on, and what was certain about earlier deployments then. Usually the look itself is enough. If it does
 * not show the newest deployment, because that failed or was cancelled, the list is needed, and after it the app has to look the same
 * again. Undefined when it does not: then everything needs a new plan.
 */
async function takeStand(api: AppPlatformApi, look: App): Promise<{ app: App; history: History } | undefined> {
  const history = readHistory(look);
  if (history.isWhole) return { app: look, history };
  // A token that cannot list deployments may still write; but then nothing is ever sent again.
  const listed = await api.listDeployments(look.id).catch(() => undefined);
  if (listed === undefined) return { app: look, history };
  const again = await api.getApp(look.id);
  if (again === undefined || !isUntouched(look, again)) return undefined;
  return { app: again, history: addListed(readHistory(again), again, listed) };
}

/** A deployment that was already under way need not be waited for; it may have ended meanwhile. */
function isUntouched(look: App, again: App): boolean {
  const busy = busyDeployment(again);
  const isQuiet = busy === undefined || busy === busyDeployment(look);
  return isQuiet && sameStored(look.spec, again.spec) && !again.pinned_deployment;
}

interface Landed extends Arrived {
  readonly history: History;
  readonly sending: SendInput;
}

interface Around {
  readonly app: App;
  readonly listed: readonly Deployment[];
  readonly ours: string | undefined;
  readonly overtaken: readonly Place[];
}

/**
 * What a PUT left: the latest deployments and the one that it started. Its answer may leave that one out
 * (digitalocean/terraform-provider-digitalocean#1477, digitalocean/doctl#1143): then the list shows it, or another look.
 */
async function lookAround(api: AppPlatformApi, { app, started, history, sending }: Landed): Promise<Around> {
  // Even without the list the write is done, and the verification follows.
  const listed = await api.listDeployments(app.id).catch((): readonly Deployment[] => []);
  const isNew = (deployment: Deployment | undefined) => deployment !== undefined && !history.ids.has(deployment.id);
  const isStored = ({ spec }: Deployment) => Boolean(spec && sameStored(spec, app.spec));
  if (isNew(started) && started !== undefined)
    return { app, listed, ours: started.id, overtaken: findOvertaken(app.spec, started.spec, sending.edits) };
  // The list may lag behind what a look shows already, and the newest may be over by then.
  const front = (shown: App) => {
    const isListed = ({ id }: Deployment) => listed.some((one) => one.id === id);
    const newest = [...latestDeployments(shown), shown.active_deployment].filter((one) => one !== undefined);
    const unlisted = newest.filter((one) => isNew(one) && !isListed(one));
    return [...unlisted, ...listFront(listed, history)];
  };
  const found = findOurs(front(app), { stored: app.spec, sending });
  if (found !== undefined) return { app, listed, ...found };
  const now = (await api.getApp(app.id).catch(() => undefined)) ?? app;
  const late = findOurs(front(now), { stored: app.spec, sending });
  const named = latestDeployments(now).find((one) => isNew(one) && (!one.spec || isStored(one)));
  const { pinned_deployment: pinned } = now;
  // An unknown rollback that the list does not show yet.
  const isUnlisted = pinned !== undefined && isNew(pinned) && listed.every(({ id }) => id !== pinned.id);
  const shown = { app: now, listed: isUnlisted ? [pinned, ...listed] : listed };
  return { ...shown, ...(late ?? { ours: named?.id, overtaken: [] }) };
}

interface Unmerged {
  readonly theirs: Deployment;
  readonly ours: string | undefined;
  /** Why their change could not be sent again. */
  readonly error?: unknown;
}

/** Our spec is stored, but may have replaced somebody's change: a person has to compare the two. */
function describeUnmerged(app: App, { theirs, ours, error }: Unmerged): Problem {
  const why = error === undefined ? "" : ` (${firstProblem(error).message})`;
  return {
    code: "write.unmerged",
    message:
      `our write to app ${readName(app.spec, app.id)} (${ours === undefined ? "no deployment of it is listed" : `deployment ${ours}`}) may have replaced what somebody else stored in deployment ${theirs.id}, ` +
      `and their change was not restored${why}; compare the specs of the two deployments in the console, restore what is missing, then run up again`,
  };
}
