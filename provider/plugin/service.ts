// Provider process: the engine's protocol. Each method reads its request, calls one operation and writes the answer.
// https://pulumi-developer-docs.readthedocs.io/latest/docs/_generated/proto/provider.html

import type { Server, ServerUnaryCall, sendUnaryData, UntypedServiceImplementation } from "@grpc/grpc-js";
import type * as messages from "@pulumi/pulumi/proto/provider_pb.js";
import type { PluginAttach } from "@pulumi/pulumi/proto/plugin_pb.js";
import { SecretSyncError } from "../errors.js";
import { version } from "../http/version.js";
import type { Properties } from "../lifecycle/engine/wire.js";
import { checkConfiguration } from "./configuration.js";
import { describeDetails } from "./detail.js";
import { openPlain } from "./envelopes.js";
import { describeFailure } from "./failure.js";
import { createWriter, readCheck, readDiff, readStruct, requireSubject } from "./messages.js";
import type { Operations } from "./operations.js";
import { closeOutputs } from "./outputs.js";
import { readSchema } from "./schema.js";
import type { Sdk } from "./sdk.js";

/** What the service needs from the process that runs it. */
export interface Session {
  readonly operations: Operations;
  /** Where the engine listens. */
  attach(address: string): void;
  configure(args: Properties): Promise<void>;
  /** Ends every wait. */
  cancel(): void;
}

/** Serves on a port of the loopback interface. @returns the server and its port */
export async function serve(session: Session, sdk: Sdk): Promise<{ server: Server; port: number }> {
  const { grpc, service } = sdk;
  // A ledger of many keys exceeds the default limit.
  const server = new grpc.Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  server.addService(service, createService(session, sdk));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return { server, port };
}

function createService(session: Session, sdk: Sdk): UntypedServiceImplementation {
  return { ...createHousekeeping(session, sdk), ...createResourceMethods(session, sdk) };
}

/** Answers one request; an error becomes a status. `inputs` are those under which outputs of a failed write are sealed. */
function unary<Q, A>(
  { failure }: ReturnType<typeof createWriter>,
  answer: (request: Q) => Promise<A>,
  inputs: (request: Q) => Properties = () => ({}),
) {
  return ({ request }: ServerUnaryCall<Q, A>, done: sendUnaryData<A>): void => {
    answer(request).then(
      (value) => done(null, value),
      (error: unknown) => done(failure(describeFailure(error, (outputs) => closeOutputs(outputs, inputs(request))))),
    );
  };
}

function createHousekeeping(session: Session, sdk: Sdk): UntypedServiceImplementation {
  const { provider, plugin, Empty } = sdk;
  const writer = createWriter(sdk);
  return {
    handshake: unary(writer, async (request: messages.ProviderHandshakeRequest) => {
      session.attach(request.getEngineAddress());
      const answer = new provider.ProviderHandshakeResponse();
      answer.setAcceptSecrets(true);
      answer.setAcceptResources(true);
      return answer;
    }),
    attach: unary(writer, async (request: PluginAttach) => {
      session.attach(request.getAddress());
      return new Empty();
    }),
    getPluginInfo: unary(writer, async () => new plugin.PluginInfo().setVersion(version)),
    getSchema: unary(writer, async () => new provider.GetSchemaResponse().setSchema(await readSchema())),
    checkConfig: unary(writer, async (request: messages.CheckRequest) => {
      const { inputs, problems } = checkConfiguration(readStruct(request.getNews()));
      const failures = problems.length === 0 ? [] : [{ property: "", reason: new SecretSyncError(problems).message }];
      return writer.check({ inputs, failures });
    }),
    // Nothing that it manages is replaced. Without a difference, the engine would keep the settings of the last run.
    diffConfig: unary(writer, async (request: messages.DiffRequest) => {
      const [recorded, news] = [readStruct(request.getOldInputs()), readStruct(request.getNews())].map(openPlain);
      const details = describeDetails({ recorded: recorded ?? {}, news: news ?? {}, plan: [], replaces: [] });
      return writer.diff({ differs: details.size > 0, replaces: [], details });
    }),
    configure: unary(writer, async (request: messages.ConfigureRequest) => {
      await session.configure(readStruct(request.getArgs()));
      const answer = new provider.ConfigureResponse();
      answer.setAcceptsecrets(true);
      answer.setSupportspreview(true);
      answer.setAcceptresources(true);
      return answer;
    }),
    cancel: unary(writer, async () => {
      session.cancel();
      return new Empty();
    }),
  };
}

function createResourceMethods({ operations }: Session, sdk: Sdk): UntypedServiceImplementation {
  const { provider, Empty } = sdk;
  const writer = createWriter(sdk);
  const stored = (request: messages.ReadRequest | messages.DeleteRequest, olds: Properties) => ({
    subject: requireSubject(request),
    id: request.getId(),
    outputs: readStruct(request.getProperties()),
    olds,
  });
  const readInputs = (request: messages.CreateRequest) => readStruct(request.getProperties());
  const readNews = (request: messages.UpdateRequest) => readStruct(request.getNews());
  return {
    check: unary(writer, async (request: messages.CheckRequest) =>
      writer.check(await operations.check(readCheck(request))),
    ),
    diff: unary(writer, async (request: messages.DiffRequest) => writer.diff(await operations.diff(readDiff(request)))),
    create: unary(
      writer,
      async (request: messages.CreateRequest) => {
        const subject = requireSubject(request);
        const isPreview = request.getPreview();
        const given = { inputs: readInputs(request), timeoutMs: readTimeout(request) };
        const { id, outputs } = await operations.create({ subject, isPreview, ...given });
        return new provider.CreateResponse().setId(id).setProperties(writer.struct(outputs));
      },
      readInputs,
    ),
    read: unary(writer, async (request: messages.ReadRequest) =>
      writer.read(await operations.read(stored(request, readStruct(request.getInputs())))),
    ),
    update: unary(
      writer,
      async (request: messages.UpdateRequest) => {
        const outputs = await operations.update({
          ...readDiff(request),
          isPreview: request.getPreview(),
          timeoutMs: readTimeout(request),
        });
        return new provider.UpdateResponse().setProperties(writer.struct(outputs));
      },
      readNews,
    ),
    delete: unary(writer, async (request: messages.DeleteRequest) => {
      await operations.delete({
        ...stored(request, readStruct(request.getOldInputs())),
        timeoutMs: readTimeout(request),
      });
      return new Empty();
    }),
  };
}

/** Seconds on the wire, and zero for none. */
function readTimeout(request: { getTimeout(): number }): number | undefined {
  return request.getTimeout() > 0 ? request.getTimeout() * 1000 : undefined;
}
