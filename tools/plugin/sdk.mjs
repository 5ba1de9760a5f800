// The engine's protocol within the one-file bundle: the modules that the plugin looks up by name elsewhere, taken in whole.
// The bundler puts this file in the place of provider/plugin/sdk.ts.
import * as grpc from "@grpc/grpc-js";
import engineService from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engine from "@pulumi/pulumi/proto/engine_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import providerService from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import status from "@pulumi/pulumi/proto/status_pb.js";
import any from "google-protobuf/google/protobuf/any_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";

/** @type {Record<string, unknown>} */
const modules = {
  "@grpc/grpc-js": grpc,
  "./proto/engine_grpc_pb.js": engineService,
  "./proto/engine_pb.js": engine,
};

/** @param {string} name */
export function requireFromSdk(name) {
  const found = modules[name];
  if (found === undefined) throw new Error(`the plugin's bundle has no ${name}`);
  return found;
}

export function loadSdk() {
  const { Struct } = struct;
  const { Any } = any;
  const { Empty } = empty;
  return { grpc, service: providerService.ResourceProviderService, provider, plugin, status, Struct, Any, Empty };
}
