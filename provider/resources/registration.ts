// Program side: what both resources pass to the engine besides their arguments.

import * as pulumi from "@pulumi/pulumi";
import type { HostName } from "../type-tokens.js";
import { providerText } from "./provider-text.js";

export interface Registration {
  readonly host: HostName;
  readonly type: string;
  readonly name: string;
  readonly opts: pulumi.CustomResourceOptions;
}

/** Inputs that identify provider and resource. The engine's comparison hides no names, so the resource hides the recorded ones. */
export function addressInputs({ host, type, name, opts }: Registration): Record<string, pulumi.Input<unknown>> {
  return {
    // The plugin needs no text in state.
    ...(host === "dynamic" ? { __provider: providerText } : {}),
    // A dynamic provider does not receive its URN; messages and live status need it.
    __urn: findUrn({ type, name, opts }),
  };
}

/**
 * The output of the SDK depends on the parent, and who depends on a component depends on all that it holds: two resources of one component
 * would wait for each other, and neither would be registered. So only the text is taken of it.
 */
function findUrn({ type, name, opts: { parent } }: Omit<Registration, "host">): pulumi.Input<string> {
  const urn = pulumi.createUrn(name, type, parent);
  return pulumi.ComponentResource.isInstance(parent) ? settle(urn) : urn;
}

/** The text of a URN, without what the output depends on. */
export function settle(urn: pulumi.Output<string>): Promise<string> {
  return new Promise((resolve) => void urn.apply(resolve));
}

/** What the provider has to know about the program. It is recorded nowhere. */
export function programInputs(name: string): Readonly<Record<string, string | boolean>> {
  return {
    __dryRun: pulumi.runtime.isDryRun(),
    __stack: pulumi.getStack(),
    ...nameStack(),
    __resourceName: name,
  };
}

/** Inputs of ours that are recorded and mean nothing in a diff. */
const hidden = ["__urn", "__state"];

/** Options that keep such inputs out of `[diff: ...]`; with `--diff` they are named there as hidden. */
export function hideDiffs<T extends pulumi.CustomResourceOptions>(opts: T): T {
  return { ...opts, hideDiffs: [...(opts.hideDiffs ?? []), ...hidden] };
}

/** The stack's full name, which the CLI accepts in any folder. A test with mocks has no organization to look up. */
function nameStack(): { __stackPath?: string } {
  try {
    return { __stackPath: `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}` };
  } catch {
    return {};
  }
}

/**
 * Removes inputs from a registered resource. The SDK makes a property of each, with the program's value, so a program that exports or
 * prints the resource would carry a token into the stack's outputs.
 */
export function hideInputs(resource: pulumi.CustomResource, names: readonly string[]): void {
  for (const name of names) Reflect.deleteProperty(resource, name);
}
