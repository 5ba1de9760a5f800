// Program side: what both resources hand to the engine besides their arguments.

import * as pulumi from "@pulumi/pulumi";
import type { HostName } from "../type-tokens.js";
import { providerText } from "./provider-text.js";

export interface Registration {
  readonly host: HostName;
  readonly type: string;
  readonly name: string;
  readonly opts: pulumi.CustomResourceOptions;
}

/** Inputs that say whose provider it is. The engine's own comparison knows no hidden names, so the resource hides those that are recorded. */
export function addressInputs({ host, type, name, opts }: Registration): Record<string, pulumi.Input<unknown>> {
  return {
    // The plugin is no text in state.
    ...(host === "dynamic" ? { __provider: providerText } : {}),
    // A dynamic provider is not told its URN; messages and live status need it.
    __urn: pulumi.createUrn(name, type, opts.parent),
  };
}

/** What the provider has to know of the program. It is recorded nowhere. */
export function programInputs(name: string): Readonly<Record<string, string | boolean>> {
  return {
    __dryRun: pulumi.runtime.isDryRun(),
    __stack: pulumi.getStack(),
    ...nameStack(),
    __resourceName: name,
  };
}

/** Inputs of ours that are recorded and mean nothing to whoever reads a diff. */
const hidden = ["__urn", "__state"];

/** Options that keep such inputs out of `[diff: ...]`; with `--diff` they are named there as hidden. */
export function hideDiffs<T extends pulumi.CustomResourceOptions>(opts: T): T {
  return { ...opts, hideDiffs: [...(opts.hideDiffs ?? []), ...hidden] };
}

/** In full, as the CLI takes it from any folder. A test with mocks has a stack without an organization, and nothing to look up. */
function nameStack(): { __stackPath?: string } {
  try {
    return { __stackPath: `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}` };
  } catch {
    return {};
  }
}

/**
 * Takes inputs off a resource that is registered. The SDK makes a property of each, with the value that the program gave; whoever
 * exports or prints the resource would carry a token into the stack's outputs.
 */
export function hideInputs(resource: pulumi.CustomResource, names: readonly string[]): void {
  for (const name of names) Reflect.deleteProperty(resource, name);
}
