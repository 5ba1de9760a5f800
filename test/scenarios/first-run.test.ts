// Scenarios of a sync that meets an app for the first time: conflicts, adoption, overwriting.

import { describe } from "vitest";
import { befalls, declare, destroy, editByHand, inConsole, scenario } from "./scenario.js";

describe("the first run of a sync", () => {
  scenario(
    "writes its keys after those of others and leaves theirs alone",
    [inConsole({ LOG_LEVEL: "debug", "web/PORT": "80" }), declare("web", { A: "1" })],
    { document: ["LOG_LEVEL = debug (plain)", "A = 1", "web/PORT = 80 (plain)"], owners: { web: ["A"] }, problems: [] },
  );

  scenario(
    "is refused where somebody else made a key of the same name, and then writes nothing at all",
    [inConsole({ A: "by hand" }), declare("web", { A: "1", B: "2" })],
    { document: ["A = by hand (plain)"], owners: { web: [] }, problems: ["web: conflict.exists"], writes: 0 },
  );

  scenario(
    "takes over what it may adopt, in its place",
    [inConsole({ A: "by hand", Z: "last" }), declare("web", { A: "1" }, { adopt: ["A"] })],
    { document: ["A = 1", "Z = last (plain)"], owners: { web: ["A"] }, problems: [] },
  );

  scenario(
    "tells every key that it may not adopt, in one failure",
    [inConsole({ A: "x", B: "y", C: "z" }), declare("web", { A: "1", B: "2", C: "3" }, { adopt: ["B"] })],
    { problems: ["web: conflict.exists", "web: conflict.exists"], writes: 0 },
  );

  scenario(
    "with overwrite-destination takes over, and removes what is not in the source",
    [inConsole({ A: "x", OLD: "y", "web/PORT": "80" }), declare("web", { A: "1", B: "2" }, { overwrite: true })],
    {
      document: ["A = 1", "B = 2", "web/PORT = 80 (plain)"],
      owners: { web: ["A", "B"] },
      plans: {
        web: [
          "> app/A: will be adopted, VALUE CHANGES to the one of the source (GENERAL RUN_AND_BUILD_TIME becomes SECRET RUN_TIME)",
          "+ app/B (SECRET RUN_TIME)",
          "- app/OLD: not in the source, removed by overwrite-destination",
        ],
      },
    },
  );

  scenario(
    "with overwrite-destination leaves what a sibling claims",
    [declare("jobs", { B: "2" }), inConsole({ OLD: "y" }), declare("web", { A: "1" }, { overwrite: true })],
    { document: ["B = 2", "A = 1"], owners: { jobs: ["B"], web: ["A"] }, problems: [] },
  );

  scenario(
    "with overwrite-destination and a key schema leaves what the schema cannot have made",
    [
      inConsole({ APP_OLD: "x", OTHER: "y" }),
      declare("web", { A: "1" }, { overwrite: true, keySchema: "APP_{{secretKey}}" }),
    ],
    { document: ["OTHER = y (plain)", "APP_A = 1"], owners: { web: ["APP_A"] }, problems: [] },
  );

  scenario(
    "with overwrite-destination and disableSecretDeletion removes nothing",
    [inConsole({ OLD: "x" }), declare("web", { A: "1" }, { overwrite: true, disableSecretDeletion: true })],
    { document: ["OLD = x (plain)", "A = 1"], owners: { web: ["A"] }, problems: [] },
  );

  scenario(
    "with overwrite-destination and an empty source is refused",
    [inConsole({ OLD: "x" }), declare("web", {}, { overwrite: true })],
    { document: ["OLD = x (plain)"], problems: ["web: deletion.limit"], writes: 0 },
  );

  scenario(
    "overwrites once: what somebody adds later stays",
    [
      inConsole({ OLD: "x" }),
      declare("web", { A: "1" }, { overwrite: true }),
      inConsole({ NEW: "y" }),
      declare("web", { A: "2" }),
    ],
    { document: ["A = 2", "NEW = y (plain)"], owners: { web: ["A"] }, problems: [] },
  );

  scenario(
    "overwrites once: what somebody adds during the run stays, even when a race makes us write again",
    [
      inConsole({ OLD: "x" }),
      befalls((app) => app.around("after", () => app.replace((spec) => editByHand(spec, { A: null, NEW: "y" })))),
      declare("web", { A: "1", B: "2" }, { overwrite: true }),
    ],
    { document: ["B = 2", "NEW = y (plain)", "A = 1"], owners: { web: ["A", "B"] }, problems: [], writes: 2 },
  );

  scenario(
    "is refused when a slot does not exist",
    [declare("web", { A: "1" }, { destination: { components: ["wbe"] } })],
    { problems: ["web: destination.unknown_component"], writes: 0 },
  );

  scenario(
    "an adopted key that already has the wanted look and value costs no write",
    [
      inConsole({ A: "1" }),
      declare("web", { A: "1" }, { adopt: true, destination: { variableType: "GENERAL" } }),
      destroy("web", "retain"),
    ],
    { document: ["A = 1 (plain)"], problems: [] },
  );
});
