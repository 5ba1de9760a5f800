// Program side: which host serves the resources of this program.

import * as pulumi from "@pulumi/pulumi";
import { version } from "../http/version.js";
import { type HostName, type ResourceName, typeToken } from "../type-tokens.js";

const variable = "PULUMI_SECRET_SYNC_HOST";

/**
 * Chooses the host that serves the resources of this program; call it once, before the first resource. `dynamic`, the default, is part of
 * this package; `plugin` is the provider plugin that programs in other languages use, and must be installed. The environment variable
 * `PULUMI_SECRET_SYNC_HOST` does the same. A stack may switch from one to the other and back without a write to the destination. Errors:
 * `argument.invalid`.
 *
 * @example
 * registerAs("plugin");
 */
export function registerAs(host: "dynamic" | "plugin"): void {
  // In the environment, so that two copies of this package in one program agree.
  process.env[variable] = requireHost(host, "registerAs");
}

/** @throws RunError `argument.invalid` */
export function readHost(): HostName {
  const given = process.env[variable];
  return given === undefined || given === "" ? "dynamic" : requireHost(given, variable);
}

function requireHost(given: string, where: string): HostName {
  if (given === "dynamic" || given === "plugin") return given;
  throw new pulumi.RunError(
    `argument.invalid: ${where} is ${JSON.stringify(given)}; it has to be "dynamic" or "plugin"`,
  );
}

/** Adds the names under which the other host has the resource in state, and for the plugin its version. */
export function withHost(
  resource: ResourceName,
  host: HostName,
  opts: pulumi.CustomResourceOptions,
): pulumi.CustomResourceOptions {
  const type = typeToken(resource, host === "plugin" ? "dynamic" : "plugin");
  return {
    ...opts,
    aliases: [...listAliases(opts), ...listAliases(opts).flatMap((alias) => underType(alias, type)), { type }],
    ...(host === "plugin" ? { version: opts.version ?? version } : {}),
  };
}

/** A list that is known later is the program's alone. */
function listAliases({ aliases }: pulumi.CustomResourceOptions): pulumi.Input<pulumi.URN | pulumi.Alias>[] {
  return Array.isArray(aliases) ? aliases : [];
}

/** A resource that was renamed while the other host served it. */
function underType(alias: pulumi.Input<pulumi.URN | pulumi.Alias>, type: string): pulumi.Alias[] {
  if (typeof alias !== "object" || pulumi.Output.isInstance(alias) || alias instanceof Promise) return [];
  return alias.type === undefined ? [{ ...alias, type }] : [];
}
