// Scenarios of keys and syncs that go away: removed, kept, given back, or taken over by somebody else.

import { describe } from "vitest";
import { declare, destroy, inConsole, scenario, together, type Values, wipe } from "./scenario.js";

const many = (count: number): Values =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`KEY_${index}`, "x"]));

describe("a key that leaves the source", () => {
  scenario("is removed when it is as we left it", [declare("web", { A: "1", B: "2" }), declare("web", { B: "2" })], {
    document: ["B = 2"],
    owners: { web: ["B"] },
    problems: [],
  });

  scenario(
    "is left in place when it was taken over in the console",
    [declare("web", { A: "1", B: "2" }), inConsole({ A: "theirs" }), declare("web", { B: "2" })],
    { document: ["A = theirs (plain)", "B = 2"], owners: { web: ["B"] }, problems: [], writes: 1 },
  );

  scenario(
    "is forgotten without a write when somebody has removed it",
    [declare("web", { A: "1", B: "2" }), inConsole({ A: null }), declare("web", { B: "2" })],
    {
      document: ["B = 2"],
      owners: { web: ["B"] },
      plans: { web: [". app/A: has left the source and is already gone from the destination", "(drift)"] },
      writes: 1,
    },
  );

  scenario(
    "stays ours and in place under disableSecretDeletion, and goes once that ends",
    [
      declare("web", { A: "1", B: "2" }, { disableSecretDeletion: true }),
      declare("web", { B: "2" }),
      declare("web", { B: "2" }, { disableSecretDeletion: false }),
    ],
    { document: ["B = 2"], owners: { web: ["B"] }, problems: [], writes: 2 },
  );

  scenario(
    "disableSecretDeletion keeps and still owns",
    [declare("web", { A: "1", B: "2" }, { disableSecretDeletion: true }), declare("web", {})],
    { document: ["A = 1", "B = 2"], owners: { web: ["A", "B"] }, problems: [], writes: 1 },
  );

  scenario(
    "and comes back is written again",
    [declare("web", { A: "1", B: "2" }), declare("web", { B: "2" }), declare("web", { A: "3", B: "2" })],
    { document: ["B = 2", "A = 3"], owners: { web: ["A", "B"] }, problems: [] },
  );

  scenario(
    "under another name is removed under the old one",
    [declare("web", { OLD: "1", B: "2" }), declare("web", { NEW: "1", B: "2" })],
    { document: ["B = 2", "NEW = 1"], owners: { web: ["B", "NEW"] }, problems: [], writes: 2 },
  );

  scenario(
    "leaves a component that the sync no longer aims at",
    [
      declare("web", { A: "1" }, { destination: { components: ["web", "queue"] } }),
      declare("web", { A: "1" }, { destination: { components: ["web"] } }),
    ],
    { document: ["web/A = 1"], owners: { web: ["web/A"] }, problems: [], writes: 2 },
  );
});

describe("a source that became much smaller", () => {
  scenario("is refused when it became empty", [declare("web", { A: "1", B: "2" }), declare("web", {})], {
    document: ["A = 1", "B = 2"],
    owners: { web: ["A", "B"] },
    problems: ["web: deletion.limit"],
    writes: 1,
  });

  scenario("may lose its only key", [declare("web", { A: "1" }), declare("web", {})], {
    document: [],
    owners: { web: [] },
    problems: [],
  });

  scenario(
    "may lose everything when the limit says so",
    [declare("web", { A: "1", B: "2" }), declare("web", {}, { deletionLimit: 2 })],
    { document: [], owners: { web: [] }, problems: [] },
  );

  scenario(
    "is refused when more than five keys and more than half of them are missing, whatever else changed",
    [declare("web", many(11)), declare("web", { ...many(5), NEW: "1" })],
    { problems: ["web: deletion.limit"], writes: 1 },
  );

  scenario(
    "is refused by a limit of its own",
    [declare("web", many(11), { deletionLimit: 0 }), declare("web", many(10))],
    { problems: ["web: deletion.limit"], writes: 1 },
  );
});

describe("a sync that goes", () => {
  scenario(
    "takes its keys along and nothing else",
    [inConsole({ LOG_LEVEL: "debug" }), declare("web", many(12)), destroy("web")],
    { document: ["LOG_LEVEL = debug (plain)"], owners: { web: [] }, problems: [], writes: 2 },
  );

  scenario(
    "leaves what somebody else has changed since",
    [declare("web", { A: "1", B: "2" }), inConsole({ B: "theirs" }), destroy("web")],
    { document: ["B = theirs (plain)"], owners: { web: [] }, problems: [] },
  );

  scenario("has nothing to write when everything is gone already", [declare("web", { A: "1" }), wipe, destroy("web")], {
    document: [],
    owners: { web: [] },
    problems: [],
    writes: 1,
  });

  scenario(
    "removes what it adopted with onDestroy delete",
    [inConsole({ A: "by hand" }), declare("web", { A: "1" }, { adopt: ["A"] }), destroy("web", "delete")],
    { document: [], owners: { web: [] }, problems: [] },
  );

  scenario("leaves its keys in place with onDestroy retain", [declare("web", { A: "1" }), destroy("web", "retain")], {
    document: ["A = 1"],
    owners: { web: [] },
    problems: [],
    writes: 1,
  });

  scenario(
    "with onDestroy restore gives an adopted key back as it was, and removes the others",
    [
      inConsole({ A: "by hand" }),
      declare("web", { A: "1", B: "2" }, { adopt: ["A"] }),
      declare("web", { A: "3", B: "2" }),
      destroy("web", "restore"),
    ],
    { document: ["A = by hand (plain)"], owners: { web: [] }, problems: [] },
  );

  scenario(
    "removes on destroy what disableSecretDeletion had kept",
    [declare("web", { A: "1", B: "2" }, { disableSecretDeletion: true }), declare("web", { B: "2" }), destroy("web")],
    { document: [], owners: { web: [] }, problems: [] },
  );
});

describe("a key that a sync gives back", () => {
  scenario(
    "is not free for another sync of the same write",
    [
      inConsole({ F: "theirs" }),
      declare("web", { F: "1" }, { adopt: ["F"], keepPrior: true }),
      together(destroy("web", "restore"), declare("api", { F: "2", K: "3" })),
    ],
    { document: ["F = theirs (plain)"], owners: { web: [], api: [] }, problems: ["api: conflict.exists"], writes: 2 },
  );

  scenario(
    "is free for it where it was made by the sync that goes",
    [declare("web", { F: "1" }), together(destroy("web", "restore"), declare("api", { F: "2" }))],
    { document: ["F = 2"], owners: { web: [], api: ["F"] }, problems: [], writes: 2 },
  );
});
