// Program side: refuses the options that would read a resource by its id, which a dynamic provider cannot do.

import * as pulumi from "@pulumi/pulumi";

/** @throws RunError `import.unsupported`, instead of the engine's stack trace for the same */
export function refuseImport(opts: pulumi.CustomResourceOptions, remedy: string): void {
  const option = (["import", "id"] as const).find((name) => opts[name] !== undefined);
  if (option === undefined) return;
  throw new pulumi.RunError(`import.unsupported: there is nothing to read with the option ${option}; ${remedy}`);
}
