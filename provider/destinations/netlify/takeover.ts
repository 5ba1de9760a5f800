// Network side: a variable with one value for all contexts becomes one with a value for each, in one request. After anything but a
// success, it looks at what is there, and puts back what was lost.

import { listProblems, SecretSyncError } from "../../errors.js";
import { isHttpError } from "../../http/error.js";
import type { Call, NewVariable } from "./program.js";
import { copyVariable } from "./variables.js";
import { checkUnchanged, lookAt } from "./last-look.js";
import { explain } from "./refusal.js";
import { describeLoss, isSame, isWritten } from "./takeover-outcome.js";
import type { View } from "./view.js";
import type { Variable } from "./wire.js";
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
  const { owner } = before;
  const old = copyVariable(call.from);
  const write = async () => {
    if (found !== undefined && !found.isSecret) return api.replaceVariable(owner, old);
    // The flag of a secret cannot be taken away.
    if (found !== undefined) await api.deleteVariable(owner, call.key);
    return api.createVariables(owner, [old]);
  };
  await failureOf(write());
  const left = await look({ api, ...writer }, input).catch(() => "unseen" as const);
  const [reason] = listProblems(explain(error, before));
  const said = reason?.message ?? "";
  if (left !== "unseen" && left !== undefined && isSame(left, call.from)) {
    const code = reason?.code ?? "destination.rejected";
    throw new SecretSyncError({ code, message: `${said}; ${call.key} was put back as it was` });
  }
  note(progress.open, call.places);
  throw new SecretSyncError({
    code: "variable.incomplete",
    message: `${call.key} was taken over in part and could not be put back: ${describeLoss(left, call.from)}; run up again for the contexts of this sync, and set the others at Netlify (${said})`,
  });
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
