// Provider process: the engine's protocol as the SDK ships it, with the SDK's own copy of gRPC. A bundle replaces this module.

import { createRequire } from "node:module";
import type * as grpc from "@grpc/grpc-js";
import type * as plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import type * as provider from "@pulumi/pulumi/proto/provider_pb.js";
import type { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import type * as status from "@pulumi/pulumi/proto/status_pb.js";
import type * as any from "google-protobuf/google/protobuf/any_pb.js";
import type * as empty from "google-protobuf/google/protobuf/empty_pb.js";
import type * as struct from "google-protobuf/google/protobuf/struct_pb.js";

export interface Sdk {
  readonly grpc: typeof grpc;
  readonly service: typeof ResourceProviderService;
  readonly provider: typeof provider;
  readonly plugin: typeof plugin;
  readonly status: typeof status;
  readonly Struct: typeof struct.Struct;
  readonly Any: typeof any.Any;
  readonly Empty: typeof empty.Empty;
}

/** Loads a module of the SDK that this package depends on, or of the SDK's dependencies. */
export function requireFromSdk(name: string): unknown {
  const own = createRequire(__filename);
  return createRequire(own.resolve("@pulumi/pulumi/package.json"))(name);
}

/** Only what the protocol needs: the rest of the SDK is for programs, and costs the start a second. */
export function loadSdk(): Sdk {
  const { ResourceProviderService: service } = requireFromSdk("./proto/provider_grpc_pb.js") as {
    ResourceProviderService: Sdk["service"];
  };
  return {
    service,
    grpc: requireFromSdk("@grpc/grpc-js") as Sdk["grpc"],
    provider: requireFromSdk("./proto/provider_pb.js") as Sdk["provider"],
    plugin: requireFromSdk("./proto/plugin_pb.js") as Sdk["plugin"],
    status: requireFromSdk("./proto/status_pb.js") as Sdk["status"],
    Struct: (requireFromSdk("google-protobuf/google/protobuf/struct_pb.js") as typeof struct).Struct,
    Any: (requireFromSdk("google-protobuf/google/protobuf/any_pb.js") as typeof any).Any,
    Empty: (requireFromSdk("google-protobuf/google/protobuf/empty_pb.js") as typeof empty).Empty,
  };
}
