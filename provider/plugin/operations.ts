// Provider process: the operations of a provider plugin, on plain data, over the same lifecycle as the dynamic provider.

import { SecretSyncError } from "../errors.js";
import type { CheckResult } from "../lifecycle/answer.js";
import type { Lifecycle } from "../lifecycle/index.js";
import { type Properties, secret, toStruct } from "../lifecycle/wire.js";
import { describeDetails, type Detail } from "./detail.js";
import { open, openPlain, reseal } from "./envelopes.js";
import { findMisspelt } from "./known-arguments.js";
import { closeOutputs, credentialsInput, openOutputs, readKept } from "./outputs.js";
import { foreseeOutputs } from "./outlook.js";
import { isUnchanged, listSources, withSubject } from "./recorded-inputs.js";
import { isSeparated, readSeparated, type Separated, separateConnection, separateSync } from "./separation.js";
import type { Subject } from "./subject.js";
import { isOfDynamic } from "./takeover.js";

export interface CheckRequest {
  readonly subject: Subject;
  /** Recorded inputs, empty for a new resource. */
  readonly olds: Properties;
  readonly news: Properties;
}

export interface DiffRequest {
  readonly subject: Subject;
  readonly id: string;
  readonly outputs: Properties;
  readonly olds: Properties;
  readonly news: Properties;
}

export interface DiffAnswer {
  readonly differs: boolean;
  readonly replaces: readonly string[];
  readonly details: ReadonlyMap<string, Detail>;
}

export interface CreateRequest {
  readonly subject: Subject;
  readonly inputs: Properties;
  readonly isPreview: boolean;
}

export interface UpdateRequest extends DiffRequest {
  readonly isPreview: boolean;
}

export type StoredRequest = Omit<DiffRequest, "news">;

export interface ReadAnswer {
  /** Undefined for a resource that is gone. */
  readonly id?: string | undefined;
  readonly outputs?: Properties | undefined;
  readonly inputs?: Properties | undefined;
}

/** What the engine asks; every answer is in the engine's property format. */
export interface Operations {
  check(request: CheckRequest): Promise<CheckResult>;
  diff(request: DiffRequest): Promise<DiffAnswer>;
  create(request: CreateRequest): Promise<{ id: string; outputs: Properties }>;
  read(request: StoredRequest): Promise<ReadAnswer>;
  update(request: UpdateRequest): Promise<Properties>;
  delete(request: StoredRequest): Promise<void>;
}

/** `now` is the time of the lifecycle's clock. */
export function createOperations(load: () => Promise<Lifecycle>, now: () => number): Operations {
  const connections = new Map<string, Properties>();

  const separate = ({ subject }: CheckRequest, { news, olds }: { news: Properties; olds: Properties }): Separated => {
    if (isSeparated(news)) return readSeparated(news);
    if (subject.kind === "connection") return separateConnection(news, subject);
    const recall = (urn: string) => connections.get(urn);
    return separateSync(news, subject, { recall, kept: readKept(olds), settledAt: now() - sharedLookMs });
  };

  return {
    check: async (request) => {
      const { subject } = request;
      const { kind, urn } = subject;
      const lifecycle = await load();
      const olds = withSubject(openPlain(request.olds), subject);
      const sent = open(listSources(request.news));
      if (isUnchanged(request)) return repeatCheck(request, lifecycle);
      const { news, kept, problems } = separate(request, { news: sent.properties, olds });
      if (kind === "connection") connections.set(urn, sent.properties);
      const refused = [...findMisspelt(kind, sent.properties), ...problems];
      if (refused.length > 0)
        return { inputs: {}, failures: [{ property: "", reason: new SecretSyncError(refused).message }] };
      const { inputs, failures } = await lifecycle.check(olds, { ...news, __resource: kind, __urn: urn });
      if (failures.length > 0) return { inputs: {}, failures };
      const credentials = kept === undefined ? {} : { [credentialsInput]: secret(kept) };
      return { inputs: reseal({ ...trim(inputs), ...credentials }, sent.secrets), failures };
    },
    diff: async ({ subject, id, outputs, ...request }) => {
      const [olds, news] = [openPlain(request.olds), openPlain(request.news)];
      const lifecycle = await load();
      const before = openOutputs(openPlain(outputs), olds, subject);
      const { changes, replaces = [], plan = [] } = await lifecycle.diff(id, before, withSubject(news, subject));
      // What the dynamic provider left is written anew: its outputs tell what is in the inputs here.
      if (changes === false && !isOfDynamic(outputs)) return { differs: false, replaces: [], details: new Map() };
      return { differs: true, replaces, details: describeDetails({ recorded: olds, news, plan, replaces }) };
    },
    create: async ({ subject, isPreview, ...request }) => {
      const inputs = withSubject(openPlain(request.inputs), subject);
      const lifecycle = await load();
      if (isPreview) {
        await lifecycle.preview(inputs);
        return { id: "", outputs: foreseeOutputs(subject.kind, inputs, {}) };
      }
      const { id, outs } = await lifecycle.create(inputs);
      return { id, outputs: closeOutputs(outs, inputs) };
    },
    update: async ({ subject, id, outputs, isPreview, ...request }) => {
      const [olds, news] = [openPlain(request.olds), withSubject(openPlain(request.news), subject)];
      const before = openOutputs(openPlain(outputs), olds, subject);
      const lifecycle = await load();
      if (isPreview) {
        await lifecycle.preview(news);
        return foreseeOutputs(subject.kind, news, before);
      }
      const { outs } = await lifecycle.update(id, before, news);
      return closeOutputs(outs, news);
    },
    read: async ({ subject, id, olds, outputs }) => {
      const inputs = openPlain(olds);
      const lifecycle = await load();
      const { id: found, props } = await lifecycle.read(id, openOutputs(openPlain(outputs), inputs, subject));
      if (found === undefined || props === undefined) return {};
      return { id: found, outputs: closeOutputs(props, inputs), inputs: olds };
    },
    delete: async ({ subject, id, olds, outputs }) => {
      const lifecycle = await load();
      await lifecycle.delete(id, openOutputs(openPlain(outputs), openPlain(olds), subject));
    },
  };
}

/**
 * How old a look of another sync may be. This process is not told which address comes from a resource of the run that may just have
 * written to the same app; such a resource takes longer than this, and syncs of one app are checked within it.
 */
const sharedLookMs = 500;

/** Recorded inputs that come as the program's: `ignoreChanges: ["*"]`. Nothing is changed in what state has. */
async function repeatCheck({ subject, olds }: CheckRequest, lifecycle: Lifecycle): Promise<CheckResult> {
  if (subject.kind === "connection") return { inputs: olds, failures: [] };
  const recorded = withSubject(openPlain(olds), subject);
  const { failures } = await lifecycle.check(recorded, recorded);
  return { inputs: olds, failures };
}

/** The engine tells URN and type with every request, and each key that drifted is in the detailed diff. */
function trim({ __resource, __urn, live: _live, seen: _seen, ...inputs }: Properties): Properties {
  return toStruct(inputs);
}
