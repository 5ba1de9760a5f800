// The dynamic provider as the stand-in for the engine meets it: secrets arrive without their envelopes, and outputs hold `__provider`.

import { isDeepStrictEqual } from "node:util";
import { expect } from "vitest";
import { composeLifecycle } from "../../provider/composition.js";
import type { Lifecycle } from "../../provider/lifecycle/index.js";
import { acceptPluginState } from "../../provider/plugin/takeover.js";
import { openRecorded } from "../../provider/plugin/recorded-inputs.js";
import { openInputs } from "../../provider/lifecycle/state/stored-inputs.js";
import { type Properties, unknownValue } from "../../provider/lifecycle/engine/wire.js";
import { plain } from "./envelopes.js";
import type {
  Compared,
  Declaration,
  Differences,
  Machine,
  Provider,
  Registered,
  Registering,
  TestedHost,
  Written,
} from "./host.js";
import { Unfinished } from "./unfinished.js";
import { ignoreInputs, membersOf } from "./ignored-inputs.js";
import { recordShown } from "./shown.js";

const provider = "exports.handler = () => require('elsewhere');";

function urnOf(kind: Declaration["kind"], name: string): string {
  const type = kind === "connection" ? "Connection" : "SecretSync";
  return `urn:pulumi:test::world::pulumi-nodejs:dynamic/secret-sync:${type}::${name}`;
}

/** What the constructors of the two resources send; secrets travel beside the description. */
function register(
  { kind, name, args, options }: Declaration,
  { isPreview, program, parallel }: Registering,
): Registered {
  const urn = urnOf(kind, name);
  const address = { __provider: provider, __urn: urn };
  const facts = {
    __dryRun: isPreview,
    __stack: "test",
    __stackPath: "organization/world/test",
    __resourceName: name,
  };
  if (kind === "connection")
    return { urn, kind, options, inputs: { ...toPlain(args), ...address, ...facts, __resource: kind } };
  const { __sources, ...own } = describeSync(args);
  const inputs: Properties = toPlain({ ...own, ...address });
  const __sent = Object.keys(inputs).filter((input) => input.startsWith("__"));
  const __declared = countSiblings(args, program, parallel);
  const __aliases = options?.alias === undefined ? [] : [urnOf(kind, options.alias)];
  const __ignored = options?.ignoreChanges;
  const __timeouts = options?.customTimeouts;
  const __program = { ...facts, __sources, __sent, __declared, __aliases, __ignored, __timeouts };
  return { urn, kind, options, inputs: { ...inputs, __program: JSON.stringify(__program) } };
}

function toPlain(properties: Properties): Properties {
  return JSON.parse(JSON.stringify(properties)) as Properties;
}

/** What the constructor counts: syncs of the same address that wait for a deployment. A name belongs to an account. */
function countSiblings(
  args: Properties,
  program: readonly Declaration[],
  parallel: number | undefined,
): Properties | undefined {
  const address = addressOf(args);
  if (address === undefined || program.length === 0) return undefined;
  const { length: count } = program.filter((one) => one.kind === "secret-sync" && addressOf(one.args) === address);
  return { group: address, count, ...(parallel === undefined ? {} : { steps: parallel }) };
}

function addressOf({ destination, isEnabled }: Properties): string | undefined {
  const { appId, appName, siteId, connection, deployment, build } = destination as {
    readonly [field in "appId" | "appName" | "siteId"]?: string;
  } & { readonly [field in "connection" | "deployment" | "build"]?: Properties };
  const waits = siteId === undefined ? deployment?.["wait"] !== false : build?.["trigger"] === true;
  return isEnabled === false || !waits ? undefined : (siteId ?? appId ?? JSON.stringify([appName, connection]));
}

function describeSync(args: Properties): Properties {
  const sources = [args["source"]].flat() as Properties[];
  const { connection, ...destination } = args["destination"] as Properties;
  const described = sources.map(({ values: _values, env: _env, connection: _connection, ...rest }) => rest);
  const connections = sources.flatMap((source, at) =>
    source["connection"] === undefined ? [] : [[String(at), source["connection"]] as const],
  );
  return {
    ...args,
    source: described,
    __sources: described,
    keys: {},
    destination,
    __values: Object.fromEntries(
      sources.map((source, at) => [String(at), pack(source["values"] ?? source["env"] ?? {})]),
    ),
    __authority: connection,
    __authorities: connections.length === 0 ? undefined : Object.fromEntries(connections),
  };
}

/** As the constructor does it: plain texts travel as one, a map with outputs in it as a map. */
function pack(values: unknown): unknown {
  if (typeof values !== "object" || values === null) return values;
  const isPlain = Object.values(values).every((value) => typeof value === "string" && value !== unknownValue);
  return isPlain ? JSON.stringify(values) : values;
}

async function open({ config, show, ...machine }: Machine): Promise<Provider> {
  const { listRecorded } = machine;
  const inner = composeLifecycle({
    ...machine,
    random: Math.random,
    config: (key) => config[key],
    listRecorded: listRecorded && (async (...asked) => openRecorded(await listRecorded(...asked))),
  });
  return createProvider(recordShown(acceptPluginState(inner), show));
}

function createProvider(lifecycle: Lifecycle): Provider {
  return {
    check: async (_urn, olds, news) => {
      const { inputs, failures } = await lifecycle.check(olds, news);
      // A named property would be printed with its value.
      for (const { property } of failures) expect(property).toBe("");
      return {
        inputs: { ...plain(inputs), __provider: news["__provider"] },
        reasons: failures.map(({ reason }) => reason),
      };
    },
    diff: async (compared) =>
      compare(compared, await lifecycle.diff(compared.old.id, compared.old.outputs, compared.news)),
    preview: async () => undefined,
    create: async (_urn, inputs) => write(inputs, undefined, async () => lifecycle.create(inputs)),
    update: async (_urn, news, old) =>
      write(news, old.id, async () => ({ id: old.id, ...(await lifecycle.update(old.id, old.outputs, news)) })),
    read: async (_urn, old) => {
      const { id, props } = await lifecycle.read(old.id, old.outputs);
      if (id === undefined || id === "" || props === undefined) return undefined;
      return { ...plain(props), __provider: old.outputs["__provider"] };
    },
    import: async () => {
      throw new Error("only the plugin imports");
    },
    delete: (_urn, old) => lifecycle.delete(old.id, old.outputs),
    close: async () => undefined,
  };
}

/** A dynamic provider says yes, no, or that the engine should compare the inputs. */
function compare(
  { old, news, options }: Compared,
  { changes, replaces = [] }: { changes?: boolean | undefined; replaces?: readonly string[] },
): Differences {
  const compared = [...(options.ignoreChanges ?? []), ...(options.ignoreCompared ?? [])];
  const differing = differences(old.inputs, ignoreInputs(news, old.inputs, compared));
  // The option `hideDiffs` of the resource, whose names end in nothing that a person reads.
  const visible = differing.filter((name) => !name.startsWith("__"));
  const shown = changes === undefined || replaces.length > 0 ? visible : ["*"];
  return { acts: changes ?? differing.length > 0, replaces: replaces.length > 0, shown };
}

async function write(
  inputs: Properties,
  id: string | undefined,
  operation: () => Promise<{ id: string; outs: Properties }>,
): Promise<Written> {
  try {
    const { id: made, outs } = await operation();
    return { id: made, outputs: { ...plain(outs), __provider: inputs["__provider"] } };
  } catch (error) {
    const partial = error as Error & { id?: string; properties?: Properties; reasons?: readonly string[] };
    if (partial.id === undefined || partial.properties === undefined) throw error;
    // Without it the resource could never be deleted; the server does not add it on this path.
    expect(partial.properties["__provider"]).toBe(inputs["__provider"]);
    expect(partial.stack, "a stack trace would reach the user").not.toMatch(/\n\s+at /);
    const left = { id: id ?? partial.id, outputs: plain(partial.properties) };
    throw new Unfinished(partial.message, { left, reasons: partial.reasons ?? [] });
  }
}

/** The engine's own comparison: recorded inputs with new ones, per key within maps. */
function differences(olds: Properties, news: Properties): string[] {
  const names = [...new Set([...Object.keys(olds), ...Object.keys(news)])];
  return names.flatMap((name) => {
    const [was, is] = [olds[name], news[name]];
    if (isDeepStrictEqual(was, is)) return [];
    if (name !== "keys" && name !== "retained") return [name];
    const [before, after] = [membersOf(was), membersOf(is)];
    return [...new Set([...Object.keys(before), ...Object.keys(after)])]
      .filter((key) => before[key] !== after[key])
      .sort()
      .map((key) => `${name}.${key}`);
  });
}

export const dynamicHost: TestedHost = {
  name: "dynamic",
  speed: 50,
  urnOf,
  nameConfig: (key) => key,
  register,
  open,
  readState: (resource) => ({ ...resource, inputs: openInputs(resource.inputs) }),
};
