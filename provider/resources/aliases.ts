// Program side: the URNs under which state may have a resource, too. The engine knows them from the same options, but does not pass them on,
// and calls a resource new that is to be replaced.

import * as pulumi from "@pulumi/pulumi";
import { type Registration, settle } from "./registration.js";

/** Those of the option `aliases` that are known, also under the aliases of the parent. */
export async function listFormerUrns({ name, type, opts }: Registration): Promise<readonly string[]> {
  const { aliases, parent } = opts;
  const known = (Array.isArray(aliases) ? aliases : []).filter(isKnown);
  if (parent === undefined) return Promise.all(known.map((alias) => settle(toUrn(alias, { name, type }))));
  const { __name: parentName = "" } = parent as { readonly __name?: string };
  return Promise.all(pulumi.allAliases(known, name, type, parent, parentName).map(settle));
}

type Known = string | (pulumi.Alias & { readonly parent?: pulumi.Resource });

/** A preview does not know every output, and the registration must not wait for it. */
function isKnown(alias: pulumi.Input<pulumi.URN | pulumi.Alias>): alias is Known {
  if (typeof alias === "string") return true;
  if (alias instanceof Promise || pulumi.Output.isInstance(alias)) return false;
  const { parent, ...rest } = alias;
  const isResource = parent === undefined || typeof parent === "string" || pulumi.Resource.isInstance(parent);
  return isResource && Object.values(rest).every((part) => part === undefined || typeof part === "string");
}

function toUrn(alias: Known, own: { readonly name: string; readonly type: string }): pulumi.Output<string> {
  if (typeof alias === "string") return pulumi.output(alias);
  const { name = own.name, type = own.type, parent, project, stack } = alias as Record<string, string | undefined>;
  return pulumi.createUrn(name, type, parent, project, stack);
}
