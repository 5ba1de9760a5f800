// Program side: outputs for unit tests of a program, where no provider runs.

import { readType } from "../type-tokens.js";

/** What Pulumi passes to `newResource` of a mock, as far as it is used here. */
export interface MockedResource {
  /** The type token of the resource. */
  readonly type: string;
  /** The inputs that it was registered with. */
  readonly inputs: Readonly<Record<string, unknown>>;
}

/**
 * The outputs that a `SecretSync` or a `Connection` has after a first successful run, for `newResource` of `pulumi.runtime.setMocks`.
 * Without them every output is undefined in a test, whatever its type says. `managedKeys` is empty, because nothing is read: set the keys
 * of your test after the spread. The result is empty for resources of other packages.
 */
export function mockOutputs({ type, inputs: { destination } }: MockedResource): Record<string, unknown> {
  switch (readType(type)?.resource) {
    case "SecretSync":
      return {
        syncStatus: "succeeded",
        lastSyncedAt: mockedTime,
        lastSyncMessage: "mocked",
        version: 1,
        managedKeys: [],
        targetId: findTargetId(destination),
        drift: [],
      };
    case "Connection":
      return {
        version: 1,
        account: "unknown",
        credentialsHash: "mocked",
        createdAt: mockedTime,
        updatedAt: mockedTime,
      };
    case undefined:
      return {};
  }
}

const mockedTime = "2000-01-01T00:00:00.000Z";

/** The id in the arguments; a name would have to be looked up. */
function findTargetId(destination: unknown): string {
  const fields = typeof destination === "object" && destination !== null ? Object.entries(destination) : [];
  const ids = fields.filter(([name, value]) => /^(?:app|site)Id$/.test(name) && typeof value === "string");
  return (ids[0]?.[1] as string | undefined) ?? "mocked";
}
