// Scenarios of an app that others write to as well: drift, wipes, races, lost answers, failed deployments.

import { describe } from "vitest";
import type { MemoryApp } from "./memory-app.js";
import { befalls, declare, destroy, editByHand, inConsole, scenario, together, wipe } from "./scenario.js";

const whileWriting = (moment: "before" | "after", edits: Readonly<Record<string, string | null>>) =>
  befalls((app) => app.around(moment, () => app.replace((spec) => editByHand(spec, edits))));
const pinned = befalls((app) => app.pin());
const next = (act: (app: MemoryApp) => void) => befalls(act);

describe("drift", () => {
  scenario(
    "of a value is repaired, and only that key is sent again",
    [declare("web", { A: "1", B: "2" }), inConsole({ A: "theirs" }), declare("web", { A: "1", B: "2" })],
    { document: ["A = 1", "B = 2"], owners: { web: ["A", "B"] }, problems: [], writes: 2 },
  );

  scenario(
    "that brings everything back to how it was before the first write is repaired too",
    [declare("web", { A: "1" }), wipe, declare("web", { A: "1" }), wipe, declare("web", { A: "1" })],
    { document: ["A = 1"], owners: { web: ["A"] }, writes: 3 },
  );

  scenario(
    "of keys that are not ours is nobody's business",
    [declare("web", { A: "1" }), inConsole({ LOG_LEVEL: "debug" }), declare("web", { A: "1" })],
    { document: ["A = 1", "LOG_LEVEL = debug (plain)"], plans: { web: [] }, writes: 1 },
  );

  scenario(
    "together with a new value is one write",
    [declare("web", { A: "1", B: "2" }), inConsole({ A: null }), declare("web", { A: "1", B: "3" })],
    { document: ["B = 3", "A = 1"], problems: [], writes: 2 },
  );
});

describe("a race", () => {
  scenario(
    "that is lost is merged and written again",
    [whileWriting("after", { A: null, THEIRS: "x" }), declare("web", { A: "1", B: "2" })],
    { document: ["B = 2", "THEIRS = x (plain)", "A = 1"], owners: { web: ["A", "B"] }, problems: [], writes: 2 },
  );

  scenario(
    "for another key costs no second write",
    [whileWriting("after", { THEIRS: "x" }), declare("web", { A: "1" })],
    { document: ["A = 1", "THEIRS = x (plain)"], problems: [], writes: 1 },
  );

  scenario(
    "lost by one of two syncs is repaired for it alone",
    [whileWriting("after", { A: null }), together(declare("web", { A: "1" }), declare("jobs", { B: "2" }))],
    { document: ["B = 2", "A = 1"], owners: { web: ["A"], jobs: ["B"] }, problems: [], writes: 2 },
  );

  scenario(
    "with a person who edits another key between look and write keeps that edit",
    [declare("web", { A: "1" }), whileWriting("before", { THEIRS: "x" }), declare("web", { A: "1", B: "2" })],
    {
      document: ["A = 1", "THEIRS = x (plain)", "B = 2"],
      owners: { web: ["A", "B"] },
      problems: [],
      writes: 3,
    },
  );

  scenario(
    "with a person who edits a key of ours between look and write is drift, and repaired in the same run",
    [declare("web", { A: "1" }), whileWriting("before", { A: "theirs" }), declare("web", { A: "1", B: "2" })],
    { document: ["A = 1", "B = 2"], owners: { web: ["A", "B"] }, problems: [], writes: 4 },
  );
});

describe("a key of ours that somebody changes between look and write", () => {
  scenario(
    "has our new value by the same write: that is stored already, and nothing is sent again",
    [declare("web", { A: "1" }), whileWriting("before", { A: "theirs" }), declare("web", { A: "2" })],
    { document: ["A = 2"], owners: { web: ["A"] }, problems: [], writes: 2 },
  );

  scenario(
    "together with one of theirs gets our new value in the write that gives theirs back",
    [declare("web", { A: "1" }), whileWriting("before", { A: "theirs", THEIRS: "x" }), declare("web", { A: "2" })],
    { document: ["A = 2", "THEIRS = x (plain)"], owners: { web: ["A"] }, problems: [], writes: 3 },
  );

  scenario(
    "and that was to be removed stays theirs",
    [declare("web", { A: "1", B: "1" }), whileWriting("before", { A: "theirs" }), declare("web", { B: "1" })],
    { document: ["A = theirs (plain)", "B = 1"], owners: { web: ["B"] }, problems: [], writes: 3 },
  );
});

describe("an answer that was lost", () => {
  scenario(
    "after the platform took the spec is found by looking, and nothing is sent twice",
    [next((app) => app.nextPut("lost-after")), declare("web", { A: "1" })],
    { document: ["A = 1"], owners: { web: ["A"] }, problems: [], writes: 1 },
  );

  scenario(
    "before the platform took the spec is found by looking, and the spec is sent again",
    [next((app) => app.nextPut("lost-before")), declare("web", { A: "1" })],
    { document: ["A = 1"], owners: { web: ["A"] }, problems: [], writes: 1 },
  );

  scenario(
    "twice fails, keeps the keys ours, and the next run writes them",
    [next((app) => app.nextPut("lost-both")), declare("web", { A: "1" }), declare("web", { A: "1" })],
    { document: ["A = 1"], owners: { web: ["A"] }, problems: ["web: write.unconfirmed"], writes: 1 },
  );

  scenario(
    "of a destroy keeps the keys ours until they are really gone",
    [declare("web", { A: "1" }), next((app) => app.nextPut("lost-both")), destroy("web"), destroy("web")],
    { document: [], owners: { web: [] }, problems: ["web: write.unconfirmed"], writes: 2 },
  );
});

describe("a platform that says no", () => {
  scenario(
    "to a write has changed nothing, and nothing is ours",
    [next((app) => app.nextPut("rejected")), declare("web", { A: "1" })],
    { document: [], owners: { web: [] }, problems: ["web: destination.rejected"], writes: 0 },
  );

  scenario("because the app is pinned is an error before anything is written", [pinned, declare("web", { A: "1" })], {
    document: [],
    owners: { web: [] },
    problems: ["web: destination.pinned"],
    writes: 0,
  });

  scenario(
    "because the app is pinned is no error where nothing is to be written",
    [declare("web", { A: "1" }), pinned, declare("web", { A: "1" })],
    { owners: { web: ["A"] }, problems: [], writes: 1 },
  );
});

describe("a deployment that fails", () => {
  scenario(
    "leaves the keys stored and ours, and the next run writes them afresh",
    [next((app) => app.nextDeployment("fails")), declare("web", { A: "1" }), declare("web", { A: "1" })],
    {
      document: ["A = 1"],
      owners: { web: ["A"] },
      problems: ["web: deployment.failed"],
      plans: { web: ["~ app/A: stored, but not in the running deployment"] },
      writes: 2,
    },
  );

  scenario(
    "is told to every sync of the write",
    [
      next((app) => app.nextDeployment("fails")),
      together(declare("web", { A: "1" }), declare("jobs", { B: "2" })),
      together(declare("web", { A: "1" }), declare("jobs", { B: "2" })),
    ],
    { problems: ["web: deployment.failed", "jobs: deployment.failed"], writes: 2 },
  );

  scenario(
    "is not asked about by a sync that does not wait",
    [
      next((app) => app.nextDeployment("fails")),
      declare("web", { A: "1" }, { destination: { deployment: { wait: false } } }),
    ],
    { document: ["A = 1"], owners: { web: ["A"] }, problems: [], writes: 1 },
  );

  scenario(
    "with plain variables cannot be healed by sending them again, and is told so instead of trying for ever",
    [
      next((app) => app.nextDeployment("fails")),
      declare("web", { A: "1" }, { destination: { variableType: "GENERAL" } }),
      declare("web", { A: "1" }),
    ],
    {
      document: ["A = 1 (plain)"],
      owners: { web: ["A"] },
      problems: ["web: deployment.failed", "web: deployment.stale"],
      writes: 1,
    },
  );

  scenario(
    "because somebody cancelled it is not taken for live",
    [next((app) => app.nextDeployment("canceled")), declare("web", { A: "1" })],
    { document: ["A = 1"], owners: { web: ["A"] }, problems: ["web: deployment.cancelled"], writes: 1 },
  );
});
