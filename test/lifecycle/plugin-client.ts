// The engine's side of the plugin protocol: requests of plain data over a real connection, as the CLI makes them.

import { expect } from "vitest";
import { loadSdk, requireFromSdk } from "../../provider/plugin/sdk.js";
import { serve, type Session } from "../../provider/plugin/service.js";
import type { Properties } from "../../provider/lifecycle/engine/wire.js";

const sdk = loadSdk();
const { Struct } = sdk;
const messages = sdk.provider;

type Method = (request: unknown, done: (error: Refusal | null, answer: never) => void) => void;

/** An error as gRPC hands it over. */
export interface Refusal extends Error {
  readonly code: number;
  readonly details: string;
  readonly metadata: { get(name: string): readonly Buffer[] };
}

export interface Request {
  readonly urn: string;
  readonly id?: string;
  readonly olds?: Properties;
  readonly oldInputs?: Properties;
  readonly news?: Properties;
  readonly isPreview?: boolean;
  readonly ignoreChanges?: readonly string[];
  /** The option `customTimeouts` for this request. */
  readonly seconds?: number;
}

type Struct_ = ReturnType<typeof Struct.fromJavaScript>;

function struct(properties: Properties | undefined): Struct_ {
  return Struct.fromJavaScript(JSON.parse(JSON.stringify(properties ?? {})) as never);
}

function readStruct(message: Struct_ | undefined): Properties {
  return message?.toJavaScript() ?? {};
}

function parts(urn: string): { type: string; name: string } {
  const [, , type = "", ...name] = urn.split("::");
  return { type: type.slice(type.lastIndexOf("$") + 1), name: name.join("::") };
}

export type PluginClient = Awaited<ReturnType<typeof connect>>;

/** Serves a session and speaks to it. */
export async function connect(session: Session) {
  const { server, port } = await serve(session, sdk);
  const { ResourceProviderClient } = requireFromSdk("./proto/provider_grpc_pb.js") as {
    ResourceProviderClient: new (
      address: string,
      credentials: unknown,
      options: object,
    ) => Record<string, Method> & {
      close(): void;
    };
  };
  const client = new ResourceProviderClient(`127.0.0.1:${port}`, sdk.grpc.credentials.createInsecure(), {
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
  });
  const call = <A>(method: string, request: unknown): Promise<A> =>
    new Promise((resolve, reject) => {
      client[method]?.call(client, request, (error, answer) => (error === null ? resolve(answer) : reject(error)));
    });
  const about = <
    M extends { setUrn(urn: string): unknown; setName(name: string): unknown; setType(type: string): unknown },
  >(
    message: M,
    urn: string,
  ): M => {
    const { type, name } = parts(urn);
    message.setUrn(urn);
    message.setName(name);
    message.setType(type);
    return message;
  };
  return {
    call,
    handshake: (address = "") =>
      call<InstanceType<typeof messages.ProviderHandshakeResponse>>(
        "handshake",
        new messages.ProviderHandshakeRequest().setEngineAddress(address),
      ),
    configure: (args: Properties) => call("configure", new messages.ConfigureRequest().setArgs(struct(args))),
    diffConfig: async ({ olds, oldInputs, news }: Omit<Request, "urn">) => {
      const request = new messages.DiffRequest().setUrn(
        "urn:pulumi:test::world::pulumi:providers:secret-sync::default",
      );
      request.setOlds(struct(olds)).setOldInputs(struct(oldInputs)).setNews(struct(news));
      const answer = await call<InstanceType<typeof messages.DiffResponse>>("diffConfig", request);
      return {
        acts: answer.getChanges() === messages.DiffResponse.DiffChanges.DIFF_SOME,
        replaces: answer.getReplacesList(),
        paths: answer.getDiffsList(),
      };
    },
    check: async ({ urn, olds, news }: Request) => {
      const request = about(new messages.CheckRequest(), urn).setOlds(struct(olds)).setNews(struct(news));
      request.setRandomseed(crypto.getRandomValues(new Uint8Array(32)));
      const answer = await call<InstanceType<typeof messages.CheckResponse>>("check", request);
      // A named property would be printed with its value.
      for (const failure of answer.getFailuresList()) expect(failure.getProperty()).toBe("");
      return {
        inputs: readStruct(answer.getInputs()),
        reasons: answer.getFailuresList().map((failure) => failure.getReason()),
      };
    },
    diff: async ({ urn, id = "", olds, oldInputs, news, ignoreChanges = [] }: Request) => {
      const request = about(new messages.DiffRequest(), urn)
        .setId(id)
        .setIgnorechangesList([...ignoreChanges]);
      request.setOlds(struct(olds)).setOldInputs(struct(oldInputs)).setNews(struct(news));
      const answer = await call<InstanceType<typeof messages.DiffResponse>>("diff", request);
      const details: Record<string, { kind: number; inputDiff: boolean }> = {};
      answer.getDetaileddiffMap().forEach((detail, path) => {
        details[path] = { kind: detail.getKind(), inputDiff: detail.getInputdiff() };
      });
      return {
        acts: answer.getChanges() === messages.DiffResponse.DiffChanges.DIFF_SOME,
        replaces: answer.getReplacesList(),
        details,
      };
    },
    create: async ({ urn, news, isPreview = false, seconds = 0 }: Request) => {
      const request = about(new messages.CreateRequest(), urn).setProperties(struct(news)).setPreview(isPreview);
      request.setTimeout(seconds);
      const answer = await call<InstanceType<typeof messages.CreateResponse>>("create", request);
      return { id: answer.getId(), outputs: readStruct(answer.getProperties()) };
    },
    update: async ({ urn, id = "", olds, oldInputs, news, isPreview = false, seconds = 0 }: Request) => {
      const request = about(new messages.UpdateRequest(), urn).setId(id).setPreview(isPreview);
      request.setTimeout(seconds);
      request.setOlds(struct(olds)).setOldInputs(struct(oldInputs)).setNews(struct(news));
      const answer = await call<InstanceType<typeof messages.UpdateResponse>>("update", request);
      return readStruct(answer.getProperties());
    },
    read: async ({ urn, id = "", olds, oldInputs }: Request) => {
      const request = about(new messages.ReadRequest(), urn).setId(id);
      request.setProperties(struct(olds)).setInputs(struct(oldInputs));
      const answer = await call<InstanceType<typeof messages.ReadResponse>>("read", request);
      return {
        id: answer.getId(),
        outputs: readStruct(answer.getProperties()),
        inputs: readStruct(answer.getInputs()),
      };
    },
    delete: async ({ urn, id = "", olds, oldInputs, seconds = 0 }: Request) => {
      const request = about(new messages.DeleteRequest(), urn).setId(id);
      request.setTimeout(seconds);
      request.setProperties(struct(olds)).setOldInputs(struct(oldInputs));
      await call("delete", request);
    },
    cancel: () => call("cancel", new sdk.Empty()),
    close: async () => {
      client.close();
      server.forceShutdown();
    },
  };
}

/** What a write that ended half-way has left, as the engine reads it from the error. */
export function readUnfinished(
  error: Refusal,
): { id: string; outputs: Properties; reasons: readonly string[] } | undefined {
  const [packed] = error.metadata?.get("grpc-status-details-bin") ?? [];
  if (packed === undefined) return undefined;
  const [detail] = sdk.status.Status.deserializeBinary(packed).getDetailsList();
  const left = detail?.unpack(
    (bytes) => messages.ErrorResourceInitFailed.deserializeBinary(bytes),
    "pulumirpc.ErrorResourceInitFailed",
  );
  if (left === undefined || left === null) return undefined;
  return { id: left.getId(), outputs: readStruct(left.getProperties()), reasons: left.getReasonsList() };
}
