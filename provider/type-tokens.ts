// Pure leaf: the type tokens of the two resources. Each host has its own, and a stack may hold both, from before and after a change.

/** What serves the resources: the dynamic provider in the npm package, or the plugin. */
export type HostName = "dynamic" | "plugin";

export type ResourceName = "SecretSync" | "Connection";

const modules: Readonly<Record<HostName, string>> = {
  // FROZEN: every stack that was ever deployed holds it.
  dynamic: "pulumi-nodejs:dynamic/secret-sync",
  plugin: "secret-sync:index",
};

export function typeToken(resource: ResourceName, host: HostName): string {
  return `${modules[host]}:${resource}`;
}

/** Reads a type as the engine records and prints it, even with its parents' types before it: `my:app:Part$secret-sync:index:SecretSync`. */
export function readType(type: string): { readonly host: HostName; readonly resource: ResourceName } | undefined {
  const own = type.slice(type.lastIndexOf("$") + 1);
  for (const host of ["dynamic", "plugin"] as const)
    for (const resource of ["SecretSync", "Connection"] as const)
      if (own === typeToken(resource, host)) return { host, resource };
  return undefined;
}

/** The same for a URN: `urn:pulumi:stack::project::type::name`; a name is free text, and may look like a type. */
export function readTypeOfUrn(urn: string): ReturnType<typeof readType> {
  return readType(urn.split("::")[2] ?? "");
}

/** The same resource as the other host has it: a program in TypeScript names it to the engine as an alias. */
export function urnAtOtherHost(urn: string): string | undefined {
  const type = urn.split("::")[2] ?? "";
  const own = readType(type);
  if (own === undefined) return undefined;
  const other = own.host === "plugin" ? "dynamic" : "plugin";
  const parents = type.slice(0, -typeToken(own.resource, own.host).length);
  return urn.replace(`::${type}::`, () => `::${parents}${typeToken(own.resource, other)}::`);
}
