// Provider process: what an update reports when it is over: its plan by name, unless this process has shown it, and the result.

import { placeName } from "../../core/entry.js";
import { isLeftInPlace, ledgerKeys, ledgerPlaces, type OwnedPlace } from "../../core/ledger.js";
import { nameSome } from "../../core/policy.js";
import { countKeys } from "../../core/render.js";
import type { Outcome } from "../../reconciler/batch/job.js";
import type { Survey } from "../../reconciler/memory.js";
import type { World } from "../../reconciler/world.js";
import { readOnDestroy } from "../state/last-run.js";
import { announce } from "./preview.js";

interface ReportInput {
  readonly urn: string;
  readonly survey: Survey;
  readonly isFirst: boolean;
  /** The row of the resource shows how far a deployment was. */
  readonly hasWaited: boolean;
}

/** A run without a preview, as by the Automation API and the GitHub action, also leaves the names of its keys in the log. */
export async function reportRun(outcome: Outcome, input: ReportInput, world: World): Promise<void> {
  const { urn, survey, isFirst, hasWaited } = input;
  if (!outcome.wrote && !hasWaited) return;
  const { plan, snapshot } = outcome;
  const telling = { urn, survey: { ...survey, snapshot: survey.snapshot ?? snapshot }, isFirst, isDone: true };
  if (outcome.wrote) await announce({ plan, moves: [] }, telling, world);
  // A status stays in the row of a finished resource until another message replaces it.
  const end = outcome.problem === undefined ? describeEnd(outcome, survey) : undefined;
  const later = describeDestroy(outcome, survey);
  const lines = [end, later].filter((line) => line !== undefined);
  if (lines.length > 0) await world.reporter.say(urn, "info", lines);
}

/** The preview of a destroy calls no provider, so what was adopted is reported now, while somebody looks. */
function describeDestroy({ plan, ledger }: Outcome, { options, target }: Survey): string | undefined {
  const policy = readOnDestroy(options);
  const adopted = plan.filter(({ action }) => action === "adopt").map(placeName);
  if (adopted.length === 0 || policy === "retain") return undefined;
  if (policy === "delete") return `onDestroy: "delete" will remove what was adopted, too: ${nameSome(adopted)}`;
  const places = ledgerPlaces(ledger);
  const stays = ({ entry }: OwnedPlace) => isLeftInPlace(entry, target.isUnreadable);
  const left = places.filter(stays).map(placeName);
  const kept = places.filter((place) => place.entry.prior !== undefined && !stays(place)).map(placeName);
  const rest = places.length - kept.length - left.length;
  const parts = [
    ...(kept.length === 0 ? [] : [`give back as found: ${nameSome(kept)}`]),
    ...(left.length === 0 ? [] : [`leave in place: ${nameSome(left)}`]),
    ...(rest === 0 ? [] : [`remove ${countKeys(rest)}`]),
  ];
  return `pulumi destroy will ${parts.join("; ")}`;
}

const shortId = 8;

function describeEnd({ ledger, snapshot, deploymentId, status, isLeft }: Outcome, { target }: Survey): string {
  const { length } = ledgerKeys(ledger);
  const where = snapshot.targetUrl ?? snapshot.targetName;
  const by = deploymentId === undefined ? "" : ` (deployment ${deploymentId.slice(0, shortId)})`;
  if (isLeft === true)
    return `${countKeys(length)} stored at ${where}; a later sync of this run waits for the deployment`;
  if (length === 0 && status === "succeeded") return `no key of this sync is left at ${where}${by}`;
  if (length === 0) return `no key of this sync is stored at ${where}, what was removed may still run${by}`;
  if (status !== "succeeded") return `${countKeys(length)} stored at ${where}, not seen live yet${by}`;
  if (target.capabilities.writeDeploys || deploymentId !== undefined)
    return `${countKeys(length)} live at ${where}${by}`;
  return `${countKeys(length)} stored at ${where}; the next deploy takes them`;
}
