// Network side: a variable with one value for all contexts becomes one with a value for each, in one request. After anything but a
// success, it looks at what is there, and puts back what was lost.

import { firstProblem, SecretSyncError } from "../../../errors.js";
import { isHttpError } from "../../../http/error.js";
import type { Note } from "../../destination.js";
import type { NetlifyApi } from "../api/api.js";
import type { Shape } from "../contexts.js";
import { giveUpScopes } from "./given-up-scopes.js";
import type { Call, Create, NewVariable } from "../program.js";
import { copyVariable } from "../variables.js";
import { checkUnchanged, lookAt } from "./last-look.js";
import { explain, refusesScopes } from "../refusal.js";
import { describeLoss, isSame, isWritten } from "./takeover-outcome.js";
import type { View } from "../live/view.js";
import type { Variable } from "../wire.js";
import { mayHaveArrived, note, type WriteProgress, type Writer } from "./write-progress.js";

type Takeover = Extract<Call, { kind: "replace" }>;

interface TakeoverInput {
  readonly call: Takeover;
  readonly before: View;
  readonly progress: WriteProgress;
}

/** Whether a call rewrites values that this sync does not own. */
export function isTakeover(call: Call): call is Takeover {
  return call.kind === "replace" && call.carries;
}

/**
 * PUT replaces the variable with all its values at once: no context is without one in between, and a run that ends right after it
 * leaves what the next one adopts. What a failed PUT leaves is not documented.
 *
 * @throws SecretSyncError `write.contested` when the variable has changed since it was read, `variable.incomplete` when a part is lost
 */
export async function takeOver(writer: Writer, input: TakeoverInput): Promise<void> {
  const { call, before, progress } = input;
  // Others' values are rewritten as they were read: only while they are still there.
  await checkUnchanged(writer, call.from, before);
  const forms = listForms(call);
  for (const [index, variable] of forms.entries()) {
    const error = await failureOf(writer.api.replaceVariable(before.owner, variable));
    if (error === undefined) return note(progress.done, call.places);
    const found = await look(writer, input).catch(() => "unseen" as const);
    if (found === "unseen") note(progress.open, call.places);
    else if (found !== undefined && isWritten(found, { sent: variable, shape: call.shape }))
      return note(progress.done, call.places);
    else if (found === undefined || !isSame(found, call.from)) await putBack(writer, { ...input, found, error });
    else if (mayHaveArrived(error)) note(progress.open, call.places);
    else if (blamesContext(error) && index < forms.length - 1) continue;
    throw error;
  }
}

/** A service that knows no `dev-server` refuses a value for it, and has no use for one. */
function listForms({ variable, places }: Takeover): NewVariable[] {
  const isExtra = (context: string) => context === "dev-server" && !places.some(({ slot }) => slot === context);
  if (!variable.values.some(({ context }) => isExtra(context))) return [variable];
  return [variable, { ...variable, values: variable.values.filter(({ context }) => !isExtra(context)) }];
}

function look(writer: Pick<Writer, "api">, { call: { key }, before }: TakeoverInput): Promise<Variable | undefined> {
  return lookAt(writer, { key, before });
}

interface PutBackInput extends TakeoverInput {
  readonly found: Variable | undefined;
  readonly error: unknown;
}

/** @throws SecretSyncError always: with the failure of the takeover, and what is still visible of it */
async function putBack({ api, ...writer }: Writer, { found, error, ...input }: PutBackInput): Promise<never> {
  const { call, before, progress } = input;
  const { shape, how } = await sendBack(api, { found, ...input });
  const left = await look({ api, ...writer }, input).catch(() => "unseen" as const);
  const { code, message: said } = firstProblem(explain(error, before));
  if (left !== "unseen" && left !== undefined && isSame(left, { ...call.from, ...shape }))
    throw new SecretSyncError({ code, message: `${said}; ${how}` });
  note(progress.open, call.places);
  throw new SecretSyncError({
    code: "variable.incomplete",
    message: `${call.key} was taken over in part and could not be put back: ${describeLoss(left, call.from)}; run up again for the contexts of this sync, and set the others at Netlify (${said})`,
  });
}

/** The shape in which it was sent: a plan may have lost its scopes since the variable got them. */
async function sendBack(
  api: NetlifyApi,
  { found, call, before: { owner } }: Omit<PutBackInput, "error">,
): Promise<{ readonly shape: Shape; readonly how: string }> {
  const { key, from, places } = call;
  const old: Create = { variable: copyVariable(from), shape: from, places, isBack: true };
  const send = ({ variable }: Create) =>
    found?.isSecret === false ? api.replaceVariable(owner, variable) : api.createVariables(owner, [variable]);
  // The flag of a secret cannot be taken away.
  const clear = async () => (found?.isSecret === true ? api.deleteVariable(owner, key) : undefined);
  const refused = await failureOf(clear().then(() => send(old)));
  const notes: Note[] = [];
  const eased = refusesScopes(refused) ? giveUpScopes(old, notes) : undefined;
  if (eased !== undefined) await failureOf(send(eased));
  const how = notes.map(({ text }) => text).join("; ") || `${key} was put back as it was`;
  return { shape: { isSecret: from.isSecret, scopes: (eased ?? old).shape.scopes }, how };
}

async function failureOf(request: Promise<void>): Promise<Error | undefined> {
  return request.then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error : new Error("Netlify could not be asked")),
  );
}

/** A refusal for any other reason would cost a site that has the context its value there. */
function blamesContext(error: unknown): boolean {
  if (!isHttpError(error) || (error.status !== 400 && error.status !== 422)) return false;
  return /context|dev-server/i.test(error.vendorMessage ?? "");
}
