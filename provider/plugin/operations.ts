// Provider process: the operations of a provider plugin, on plain data, over the same lifecycle as the dynamic provider.

import { SecretSyncError } from "../errors.js";
import type { CheckResult } from "../lifecycle/engine/answer.js";
import { refuseIgnoredPaths } from "../lifecycle/state/ignored.js";
import type { Lifecycle } from "../lifecycle/index.js";
import { renewInputs } from "../lifecycle/state/stored-inputs.js";
import type { Properties } from "../lifecycle/engine/wire.js";
import { type CheckRequest, createCheck } from "./check.js";
import { createBurst } from "./burst.js";
import { describeDetails, type Detail } from "./detail.js";
import { openPlain } from "./envelopes.js";
import { refuseLostParts } from "./lost-parts.js";
import { closeOutputs, keepSecrets, openOutputs } from "./outputs.js";
import { foreseeOutputs, listOwned } from "./outlook.js";
import { narrowImported, withSubject, withTimeout } from "./recorded-inputs.js";
import type { Subject } from "./subject.js";
import { describeTakeover, isOfDynamic } from "./takeover.js";

export interface DiffRequest {
  readonly subject: Subject;
  readonly id: string;
  readonly outputs: Properties;
  readonly olds: Properties;
  readonly news: Properties;
  /** Paths of the option `ignoreChanges`, which the engine leaves to a provider that names what differs. */
  readonly ignored: readonly string[];
}

export interface DiffAnswer {
  readonly differs: boolean;
  readonly replaces: readonly string[];
  readonly details: ReadonlyMap<string, Detail>;
}

interface Limited {
  /** The option `customTimeouts` for this write, in milliseconds. */
  readonly timeoutMs?: number | undefined;
}

export interface CreateRequest extends Limited {
  readonly subject: Subject;
  readonly inputs: Properties;
  readonly isPreview: boolean;
}

export interface UpdateRequest extends Omit<DiffRequest, "ignored">, Limited {
  readonly isPreview: boolean;
}

export type StoredRequest = Omit<DiffRequest, "news" | "ignored">;

export interface ReadAnswer {
  /** Undefined for a resource that is gone. */
  readonly id?: string | undefined;
  readonly outputs?: Properties | undefined;
  readonly inputs?: Properties | undefined;
}

/** The engine's requests; every answer is in the engine's property format. */
export interface Operations {
  check(request: CheckRequest): Promise<CheckResult>;
  diff(request: DiffRequest): Promise<DiffAnswer>;
  create(request: CreateRequest): Promise<{ id: string; outputs: Properties }>;
  read(request: StoredRequest): Promise<ReadAnswer>;
  update(request: UpdateRequest): Promise<Properties>;
  delete(request: StoredRequest & Limited): Promise<void>;
}

/** `now` is the time of the lifecycle's clock. */
export function createOperations(load: () => Promise<Lifecycle>, now: () => number): Operations {
  const burst = createBurst(now);
  const check = createCheck(load);
  const inBurst =
    <Q, A>(answer: (request: Q, since: number) => Promise<A>) =>
    (request: Q) => {
      const since = burst.enter();
      return answer(request, since).finally(() => burst.leave());
    };
  // Known from the first write. In a preview nothing has been written, so any look of this process will do.
  let isDryRun = false;
  const owned = new Map<string, ReturnType<typeof listOwned>>();
  return {
    check: inBurst((request, since) => check(request, isDryRun ? undefined : since)),
    diff: inBurst(async ({ subject, id, outputs, ignored, ...request }: DiffRequest) => {
      const [olds, news] = [openPlain(request.olds), openPlain(request.news)];
      const problems = [...refuseIgnoredPaths(ignored), ...refuseLostParts({ ignored, olds, news })];
      if (problems.length > 0) throw new SecretSyncError(problems);
      const lifecycle = await load();
      const before = openOutputs(openPlain(outputs), olds, subject);
      const recorded = narrowImported(renewInputs(olds), news);
      const { changes, replaces = [], plan = [] } = await lifecycle.diff(id, before, withSubject(news, subject));
      owned.set(subject.urn, listOwned(plan));
      if (changes === false && !isOfDynamic(outputs)) return { differs: false, replaces: [], details: new Map() };
      // State of the dynamic provider is rewritten: its outputs hold what is in the inputs here.
      if (changes === false) await lifecycle.tell(subject.urn, describeTakeover("plugin"));
      return { differs: true, replaces, details: describeDetails({ recorded, news, plan, replaces }) };
    }),
    create: async ({ subject, isPreview, timeoutMs, ...request }) => {
      const inputs = withSubject(openPlain(request.inputs), subject);
      const lifecycle = await load();
      isDryRun = isPreview;
      if (isPreview) {
        const seen = await lifecycle.preview(inputs);
        const foreseen = foreseeOutputs(subject.kind, { inputs, olds: {}, seen });
        return { id: "", outputs: keepSecrets(foreseen, request.inputs) };
      }
      const { id, outs } = await lifecycle.create(withTimeout(inputs, timeoutMs));
      return { id, outputs: closeOutputs(outs, request.inputs) };
    },
    update: async ({ subject, id, outputs, isPreview, timeoutMs, ...request }) => {
      const [olds, news] = [openPlain(request.olds), withSubject(openPlain(request.news), subject)];
      const before = openOutputs(openPlain(outputs), olds, subject);
      const lifecycle = await load();
      isDryRun = isPreview;
      if (isPreview) {
        const seen = await lifecycle.preview(news);
        const known = { inputs: news, olds: before, seen, owned: owned.get(subject.urn) };
        return keepSecrets(foreseeOutputs(subject.kind, known), request.news);
      }
      const { outs } = await lifecycle.update(id, before, withTimeout(news, timeoutMs));
      return closeOutputs(outs, request.news);
    },
    read: async ({ subject, id, olds, outputs }) => {
      const inputs = openPlain(olds);
      const lifecycle = await load();
      if (Object.keys(outputs).length === 0) return importResource(id, subject, lifecycle);
      const { id: found, props } = await lifecycle.read(id, openOutputs(openPlain(outputs), inputs, subject));
      if (found === undefined || props === undefined) return {};
      return { id: found, outputs: closeOutputs(props, inputs, outputs) };
    },
    delete: async ({ subject, id, olds, outputs, timeoutMs }) => {
      const lifecycle = await load();
      const recorded = openOutputs(openPlain(outputs), openPlain(olds), subject);
      await lifecycle.delete(id, withTimeout(recorded, timeoutMs));
    },
  };
}

/** `pulumi import`, and the option of the same name: nothing is recorded yet. */
async function importResource(id: string, subject: Subject, lifecycle: Lifecycle): Promise<ReadAnswer> {
  if (subject.kind === "connection") {
    throw new SecretSyncError({
      code: "import.unsupported",
      message: "a Connection is nothing but its credentials, and nobody can read those; declare it without an import",
    });
  }
  const adopted = await lifecycle.adopt({ id, urn: subject.urn, resourceName: subject.name });
  const { __resource: _kind, __urn: _urn, ...inputs } = adopted.inputs;
  return { id: adopted.id, inputs, outputs: closeOutputs(adopted.props, inputs) };
}
