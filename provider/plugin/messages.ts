// Provider process: reads requests of the engine's protocol into plain data, and writes answers from it.

import type { CheckRequest as CheckMessage, DiffRequest as DiffMessage } from "@pulumi/pulumi/proto/provider_pb.js";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { SecretSyncError } from "../errors.js";
import type { CheckResult } from "../lifecycle/engine/answer.js";
import { type Properties, toStruct } from "../lifecycle/engine/wire.js";
import type { DetailKind } from "./detail.js";
import type { Failure } from "./failure.js";
import type { CheckRequest } from "./check.js";
import type { DiffAnswer, DiffRequest, ReadAnswer } from "./operations.js";
import type { Sdk } from "./sdk.js";
import { readSubject, type Subject } from "./subject.js";

export function readStruct(struct: Struct | undefined): Properties {
  return struct?.toJavaScript() ?? {};
}

/** @throws SecretSyncError for a type that this package does not have */
export function requireSubject(message: { getUrn(): string }): Subject {
  const subject = readSubject(message.getUrn());
  if (subject !== undefined) return subject;
  throw new SecretSyncError({
    code: "argument.invalid",
    message: `${JSON.stringify(message.getUrn())} has a type that this package does not have; there are SecretSync and Connection`,
  });
}

export function readCheck(message: CheckMessage): CheckRequest {
  return {
    subject: requireSubject(message),
    olds: readStruct(message.getOlds()),
    news: readStruct(message.getNews()),
    seed: message.getRandomseed_asU8(),
  };
}

type DiffLike = Pick<DiffMessage, "getUrn" | "getId" | "getOlds" | "getOldInputs" | "getNews" | "getIgnorechangesList">;

export function readDiff(message: DiffLike): DiffRequest {
  return {
    subject: requireSubject(message),
    id: message.getId(),
    outputs: readStruct(message.getOlds()),
    olds: readStruct(message.getOldInputs()),
    news: readStruct(message.getNews()),
    ignored: message.getIgnorechangesList(),
  };
}

/** Writes answers with the SDK's own classes. */
export function createWriter({ provider, Struct: StructMessage, status, Any, grpc }: Sdk) {
  const struct = (properties: Properties) => StructMessage.fromJavaScript(toStruct(properties) as never);
  const changeKind = ({ kind, isReplaced }: { kind: DetailKind; isReplaced: boolean }) => {
    const { Kind } = provider.PropertyDiff;
    const kinds = {
      add: [Kind.ADD, Kind.ADD_REPLACE],
      delete: [Kind.DELETE, Kind.DELETE_REPLACE],
      update: [Kind.UPDATE, Kind.UPDATE_REPLACE],
    } as const;
    return kinds[kind][isReplaced ? 1 : 0];
  };
  return {
    struct,
    check: ({ inputs, failures }: CheckResult) => {
      const answer = new provider.CheckResponse();
      answer.setInputs(struct(inputs));
      for (const { property, reason } of failures) {
        const failure = new provider.CheckFailure();
        failure.setProperty(property);
        failure.setReason(reason);
        answer.addFailures(failure);
      }
      return answer;
    },
    diff: ({ differs, replaces, details }: DiffAnswer) => {
      const answer = new provider.DiffResponse();
      const { DIFF_SOME, DIFF_NONE } = provider.DiffResponse.DiffChanges;
      answer.setChanges(differs ? DIFF_SOME : DIFF_NONE);
      answer.setReplacesList([...replaces]);
      if (differs && replaces.length === 0) answer.setStablesList(["targetId"]);
      answer.setHasdetaileddiff(details.size > 0);
      answer.setDiffsList([...new Set([...details.keys()].map((path) => path.split(/[.[]/)[0] ?? path))]);
      for (const [path, detail] of details) {
        const item = new provider.PropertyDiff();
        item.setKind(changeKind(detail));
        // Also for drift: else the engine takes the earlier values from the outputs, and prints every key as added.
        item.setInputdiff(true);
        answer.getDetaileddiffMap().set(path, item);
      }
      return answer;
    },
    read: ({ id, outputs, inputs }: ReadAnswer) => {
      const answer = new provider.ReadResponse();
      answer.setId(id ?? "");
      if (outputs !== undefined) answer.setProperties(struct(outputs));
      if (inputs !== undefined) answer.setInputs(struct(inputs));
      return answer;
    },
    /** The shape that gRPC sends as an error; details travel in a trailer of a known name. */
    failure: ({ code, message, unfinished }: Failure) => {
      const metadata = new grpc.Metadata();
      if (unfinished !== undefined) {
        const detail = new provider.ErrorResourceInitFailed();
        detail.setId(unfinished.id);
        detail.setProperties(struct(unfinished.properties));
        detail.setReasonsList([...unfinished.reasons]);
        const packed = new Any();
        packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
        const answer = new status.Status();
        answer.setCode(code);
        answer.setMessage(message);
        answer.addDetails(packed);
        metadata.add("grpc-status-details-bin", Buffer.from(answer.serializeBinary()));
      }
      return { code, details: message, message, name: "ServiceError", metadata };
    },
  };
}
