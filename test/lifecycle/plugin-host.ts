// The provider plugin as the stand-in for the engine meets it: over its own protocol, secrets in envelopes, and told with the write alone
// whether this is a preview.

import { providerSettings } from "../../provider/credentials/destination-lookup.js";
import { composeLifecycle } from "../../provider/composition.js";
import { nameSetting } from "../../provider/plugin/configuration.js";
import { openOutputs } from "../../provider/plugin/outputs.js";
import { openSession } from "../../provider/plugin/session.js";
import { readSubject } from "../../provider/plugin/subject.js";
import { readTimeouts } from "../../provider/lifecycle/arguments/timeouts.js";
import { openInputs } from "../../provider/lifecycle/state/stored-inputs.js";
import { type Properties, secret, unknownValue } from "../../provider/lifecycle/engine/wire.js";
import { hide, plain } from "./envelopes.js";
import type { Declaration, Machine, Provider, Registered, Resource, TestedHost, Written } from "./host.js";
import { connect, type PluginClient, readUnfinished, type Refusal } from "./plugin-client.js";
import { Unfinished } from "./unfinished.js";

function urnOf(kind: Declaration["kind"], name: string): string {
  return `urn:pulumi:test::world::secret-sync:index:${kind === "connection" ? "Connection" : "SecretSync"}::${name}`;
}

/** What a program of any language sends: the arguments, and what it marks as secret in envelopes. */
function register({ kind, name, args, options }: Declaration): Registered {
  const inputs = kind === "connection" ? sealCredentials(args) : describeSync(args);
  return { urn: urnOf(kind, name), kind, options, inputs: JSON.parse(JSON.stringify(inputs)) as Properties };
}

function describeSync(args: Properties): Properties {
  const { source } = args;
  const destination = sealConnection(args["destination"]);
  return { ...args, source: Array.isArray(source) ? source.map(sealSource) : sealSource(source), destination };
}

function sealSource(source: unknown): unknown {
  if (!isMap(source)) return source;
  const members = ["values", "env"].filter((name) => source[name] !== undefined);
  const sealed = Object.fromEntries(members.map((name) => [name, sealMembers(source[name])]));
  return sealConnection({ ...source, ...sealed });
}

function sealMembers(map: unknown): unknown {
  if (!isMap(map)) return map;
  const given = Object.entries(map).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([key, value]) => [key, value === unknownValue ? value : secret(value)]));
}

function sealConnection(part: unknown): unknown {
  return isMap(part) && isMap(part["connection"]) ? { ...part, connection: sealCredentials(part["connection"]) } : part;
}

function sealCredentials(args: Properties): Properties {
  return isMap(args["credentials"]) ? { ...args, credentials: sealMembers(args["credentials"]) } : args;
}

function isMap(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

async function open({ show, config, reporter, isEngineThere, ...machine }: Machine): Promise<Provider> {
  const session = openSession({
    ...machine,
    random: Math.random,
    compose: async (host) => composeLifecycle(host),
    reach: () => ({ reporter, isEngineThere }),
  });
  const client = await connect(session);
  const settings = Object.entries(providerSettings).map(([name, { key }]) => [name, config[key]] as const);
  await client.configure(Object.fromEntries(settings.filter(([, value]) => value !== undefined)));
  return createProvider(client, show);
}

function createProvider(client: PluginClient, show: (answer: unknown) => void): Provider {
  const shown = async <T>(answer: Promise<T>): Promise<T> => {
    try {
      const given = await answer;
      show(hide(given));
      return given;
    } catch (error) {
      const refusal = error as Refusal;
      show(hide([refusal.details, readUnfinished(refusal) ?? {}]));
      throw error;
    }
  };
  const write = async (answer: Promise<Written>, id?: string): Promise<Written> => {
    try {
      return await shown(answer);
    } catch (error) {
      const refusal = error as Refusal;
      const left = readUnfinished(refusal);
      if (left === undefined) throw refuse(refusal);
      const { outputs, reasons } = left;
      throw new Unfinished(refusal.details, { left: { id: id ?? left.id, outputs }, reasons });
    }
  };
  const plainly = <T>(answer: Promise<T>): Promise<T> =>
    shown(answer).catch((error: unknown) => {
      throw refuse(error as Refusal);
    });
  const stored = (urn: string, { id, inputs, outputs }: Resource) => ({ urn, id, olds: outputs, oldInputs: inputs });
  return {
    check: (urn, olds, news) => plainly(client.check({ urn, olds, news })),
    diff: async ({ urn, old, news, options }) => {
      const ignoreChanges = [...(options.ignoreChanges ?? []), ...(options.ignoreCompared ?? [])];
      const { acts, replaces, details } = await plainly(client.diff({ ...stored(urn, old), news, ignoreChanges }));
      const paths = [...new Set(Object.keys(details).map(shorten))];
      return { acts, replaces: replaces.length > 0, shown: paths.length > 0 ? paths : acts ? ["*"] : [] };
    },
    preview: async (urn, news, old) => {
      if (old === undefined) await plainly(client.create({ urn, news, isPreview: true }));
      else await plainly(client.update({ ...stored(urn, old), news, isPreview: true }));
    },
    create: (urn, news, customTimeouts) =>
      write(client.create({ urn, news, seconds: inSeconds(readTimeouts(customTimeouts).create) })),
    update: (urn, news, old) => {
      const seconds = inSeconds(readTimeouts(old.customTimeouts).update);
      return write(
        client.update({ ...stored(urn, old), news, seconds }).then((outputs) => ({ id: old.id, outputs })),
        old.id,
      );
    },
    import: async (urn, id) => ({ ...(await plainly(client.read({ urn, id }))), initErrors: [] }),
    read: async (urn, old) => {
      const { id, outputs } = await plainly(client.read(stored(urn, old)));
      return id === "" ? undefined : outputs;
    },
    delete: (urn, old) =>
      plainly(client.delete({ ...stored(urn, old), seconds: inSeconds(readTimeouts(old.customTimeouts).delete) })),
    close: () => client.close(),
  };
}

/** As the engine tells a limit; zero is none. */
function inSeconds(ms = 0): number {
  return ms / 1000;
}

/** Where only keys matter, a whole input stands for what is within it. */
function shorten(path: string): string {
  return /^(?:keys|retained)\b/.test(path) ? path : (path.split(/[.[]/)[0] ?? path);
}

/** The CLI prints what gRPC carries as details. */
function refuse(refusal: Refusal): Error {
  const { details } = refusal;
  if (details === undefined) return refusal;
  const error = new Error(details);
  error.stack = details;
  return error;
}

function readState({ inputs, outputs, ...rest }: Resource): Resource {
  const [given, made] = [plain(inputs), plain(outputs)];
  return {
    ...rest,
    inputs: openInputs(given),
    outputs: openOutputs(made, given, readSubject(urnOf("secret-sync", "any"))!),
  };
}

function nameConfig(key: string): string {
  return nameSetting(key) ?? key;
}

export const pluginHost: TestedHost = { name: "plugin", speed: 10, urnOf, nameConfig, register, open, readState };
