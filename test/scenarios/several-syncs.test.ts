// Scenarios of several syncs on one app: who owns what, and what a run of one leaves of the other.

import { describe } from "vitest";
import { declare, destroy, inConsole, scenario, together, undeclare } from "./scenario.js";

describe("several syncs of one app", () => {
  scenario(
    "two syncs, one app, one drops a key",
    [
      inConsole({ LOG_LEVEL: "debug" }),
      declare("web", { A: "1", B: "2" }),
      declare("jobs", { C: "3" }),
      declare("web", { A: "1" }),
    ],
    {
      document: ["LOG_LEVEL = debug (plain)", "A = 1", "C = 3"],
      owners: { web: ["A"], jobs: ["C"] },
      problems: [],
      writes: 3,
    },
  );

  scenario(
    "syncs that run at the same time share one write",
    [together(declare("web", { A: "1" }), declare("jobs", { B: "2" }), declare("mail", { C: "3" }))],
    {
      document: ["A = 1", "B = 2", "C = 3"],
      owners: { web: ["A"], jobs: ["B"], mail: ["C"] },
      problems: [],
      writes: 1,
    },
  );

  scenario(
    "a sync with nothing to change does not write, whatever the others do",
    [declare("web", { A: "1" }), together(declare("web", { A: "1" }), declare("jobs", { B: "2" }))],
    {
      owners: { web: ["A"], jobs: ["B"] },
      plans: { web: [], jobs: ["+ app/B (SECRET RUN_TIME)"] },
      writes: 2,
    },
  );

  scenario(
    "the same key in two slots belongs to two syncs",
    [
      declare("web", { A: "1" }, { destination: { components: ["web"] } }),
      declare("queue", { A: "2" }, { destination: { components: ["queue"] } }),
      destroy("web"),
    ],
    { document: ["queue/A = 2"], owners: { web: [], queue: ["queue/A"] }, problems: [] },
  );

  scenario(
    "two syncs of one program that claim one key are both refused when they run together",
    [together(declare("web", { A: "1" }), declare("jobs", { A: "2", B: "3" }))],
    {
      document: [],
      owners: { web: [], jobs: [] },
      problems: ["web: conflict.claimed", "jobs: conflict.claimed"],
      writes: 0,
    },
  );

  scenario(
    "a sync that claims a key of a sibling is refused, and the sibling keeps it",
    [declare("web", { A: "1" }), declare("jobs", { A: "2" }, { adopt: true })],
    { document: ["A = 1"], owners: { web: ["A"], jobs: [] }, problems: ["jobs: conflict.claimed"], writes: 1 },
  );

  scenario(
    "one sync's problem does not keep another one's write back",
    [inConsole({ A: "by hand" }), together(declare("web", { A: "1" }), declare("jobs", { B: "2" }))],
    {
      document: ["A = by hand (plain)", "B = 2"],
      owners: { web: [], jobs: ["B"] },
      problems: ["web: conflict.exists"],
      writes: 1,
    },
  );

  scenario(
    "a key that one sync drops and another may adopt changes hands in one write, whoever comes first",
    [
      declare("web", { A: "1", B: "2", C: "3" }),
      together(declare("web", { B: "2", C: "3" }), declare("jobs", { A: "4" }, { adopt: true })),
      together(declare("jobs", { A: "4", B: "5" }), declare("web", { C: "3" })),
    ],
    { document: ["A = 4", "B = 5", "C = 3"], owners: { web: ["C"], jobs: ["A", "B"] }, problems: [], writes: 3 },
  );

  scenario(
    "a key that one sync drops and another claims without adopting it stays as it is, still owned, and is a conflict",
    [declare("web", { A: "1", B: "2" }), together(declare("web", { B: "2" }), declare("jobs", { A: "3" }))],
    {
      document: ["A = 1", "B = 2"],
      owners: { web: ["A", "B"], jobs: [] },
      problems: ["jobs: conflict.exists"],
      plans: {
        web: ['= app/A: has left the source, kept because the sync "jobs" claims it and cannot take it over'],
        jobs: [],
      },
      writes: 1,
    },
  );

  scenario(
    "a key whose new sync is refused for another reason stays owned, and goes back, over or away with the next run",
    [
      inConsole({ THEIRS: "t" }),
      declare("web", { A: "1", B: "2", C: "3", D: "4" }),
      together(
        declare("web", { D: "4" }),
        declare("jobs", { A: "5", B: "5", C: "5", THEIRS: "5" }, { adopt: ["A", "B", "C"] }),
      ),
      together(declare("web", { A: "1", D: "4" }), declare("jobs", { B: "5" }, { adopt: ["B"] })),
    ],
    {
      document: ["THEIRS = t (plain)", "A = 1", "B = 5", "D = 4"],
      owners: { web: ["A", "D"], jobs: ["B"] },
      problems: ["jobs: conflict.exists"],
    },
  );

  scenario(
    "both syncs drop and claim the same key in one run: whoever comes first owns it, the other is refused",
    [
      declare("web", { A: "1", B: "2" }),
      declare("jobs", { C: "3" }),
      together(
        declare("web", { A: "1", C: "4" }, { adopt: true, stack: "one" }),
        declare("jobs", { B: "5", C: "3" }, { adopt: true, stack: "other" }),
      ),
    ],
    { document: ["A = 1", "C = 4"], owners: { web: ["A", "C"], jobs: ["C"] }, problems: ["jobs: conflict.claimed"] },
  );

  scenario(
    "two keys that swap their owners in one run both arrive",
    [
      declare("web", { A: "1", X: "0" }),
      declare("jobs", { B: "2", Y: "0" }),
      together(
        declare("web", { B: "3", X: "0" }, { adopt: ["B"] }),
        declare("jobs", { A: "4", Y: "0" }, { adopt: ["A"] }),
      ),
    ],
    {
      document: ["A = 4", "X = 0", "B = 3", "Y = 0"],
      owners: { web: ["B", "X"], jobs: ["A", "Y"] },
      problems: [],
    },
  );

  for (const variableType of ["SECRET", "GENERAL"] as const) {
    scenario(
      `a rename without alias loses nothing: the new sync adopts, and the old one leaves what it finds (${variableType})`,
      [
        declare("old", { A: "1", B: "2" }, { destination: { variableType } }),
        undeclare("old"),
        declare("new", { A: "1", B: "2" }, { adopt: true, destination: { variableType } }),
        destroy("old"),
      ],
      {
        document: variableType === "SECRET" ? ["A = 1", "B = 2"] : ["A = 1 (plain)", "B = 2 (plain)"],
        owners: { old: [], new: ["A", "B"] },
        problems: [],
        writes: variableType === "SECRET" ? 2 : 1,
      },
    );
  }

  scenario(
    "another program that takes a secret over keeps it when ours goes",
    [
      declare("ours", { A: "1", B: "2" }),
      declare("theirs", { A: "1" }, { adopt: true, stack: "other" }),
      destroy("ours"),
    ],
    {
      document: ["A = 1"],
      owners: { ours: [], theirs: ["A"] },
      problems: [],
      plans: {
        ours: [
          ". app/A: has left the source, but somebody else has changed it since (SECRET RUN_TIME); left in place",
          "- app/B: has left the source",
          "(drift)",
        ],
        theirs: ["> app/A: will be adopted, value cannot be compared and will be replaced by the one of the source"],
      },
    },
  );

  scenario(
    "another stack that overwrites the destination takes our keys along, and we write them again",
    [
      declare("ours", { A: "1", B: "2" }),
      declare("theirs", { C: "3" }, { stack: "other", overwrite: true }),
      declare("ours", { A: "1", B: "2" }),
    ],
    { document: ["C = 3", "A = 1", "B = 2"], owners: { ours: ["A", "B"], theirs: ["C"] }, problems: [], writes: 3 },
  );
});
