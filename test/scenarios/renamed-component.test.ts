// Components renamed between two runs, and while a run is under way: the loop owns what it wrote, and nothing else.

import { describe } from "vitest";
import type { Spec } from "../../provider/destinations/digitalocean/wire.js";
import { befalls, declare, destroy, inConsole, scenario, together } from "./scenario.js";

/** Somebody renames services and workers at the platform, all at once, with everything that they hold. */
const rename = (names: Readonly<Record<string, string>>) =>
  befalls((app) => app.replace((spec) => renameIn(spec, names)));

function renameIn(spec: Spec, names: Readonly<Record<string, string>>): Spec {
  const renamed = (kind: string) =>
    (spec[kind] as Spec[]).map((body) => ({ ...body, name: names[String(body["name"])] ?? body["name"] }));
  return { ...spec, services: renamed("services"), workers: renamed("workers") };
}

const to = (...components: string[]) => ({ destination: { components } });
const values = { A: "1", B: "2" };

describe("a component that was renamed between two runs", () => {
  scenario(
    "needs no write once the program follows",
    [declare("web", values, to("web")), rename({ web: "site" }), declare("web", values, to("site"))],
    {
      document: ["site/A = 1", "site/B = 2"],
      owners: { web: ["site/A", "site/B"] },
      writes: 1,
      problems: [],
      plans: { web: [] },
    },
  );

  scenario(
    "gets only what the program changes in the same run",
    [
      declare("web", values, to("web")),
      rename({ web: "site" }),
      declare("web", { A: "1", B: "9", C: "3" }, to("site")),
    ],
    {
      document: ["site/A = 1", "site/B = 9", "site/C = 3"],
      owners: { web: ["site/A", "site/B", "site/C"] },
      writes: 2,
      plans: { web: ["~ site/B: new value", "+ site/C (SECRET RUN_TIME)"] },
    },
  );

  scenario(
    "is told apart from one that took its name",
    [declare("web", values, to("web", "queue")), rename({ web: "queue", queue: "web" }), declare("web", values)],
    { owners: { web: ["queue/A", "queue/B", "web/A", "web/B"] }, writes: 1, problems: [], plans: { web: [] } },
  );

  scenario(
    "keeps what somebody else has put there",
    [
      declare("web", values, to("web")),
      inConsole({ "web/FOREIGN": "theirs" }),
      rename({ web: "site" }),
      declare("web", values, to("site")),
      destroy("web"),
    ],
    { document: ["site/FOREIGN = theirs (plain)"], writes: 2, problems: [] },
  );

  scenario(
    "makes nobody's entry ours",
    [
      declare("web", values, to("web")),
      rename({ web: "site" }),
      inConsole({ "site/B": null }),
      inConsole({ "site/B": "theirs" }),
      declare("web", values, to("site")),
    ],
    { document: ["site/A = 1", "site/B = theirs (plain)"], writes: 1, problems: ["web: conflict.exists"] },
  );

  scenario(
    "is emptied by destroy, also while the program has its old name",
    [declare("web", values, to("web")), rename({ web: "site" }), destroy("web")],
    { document: [], writes: 2, problems: [] },
  );

  scenario(
    "is handed over to the sync that wants its keys now",
    [
      declare("web", values, to("web")),
      rename({ web: "site" }),
      together(declare("site", values, { ...to("site"), adopt: true }), destroy("web")),
    ],
    { document: ["site/A = 1", "site/B = 2"], owners: { site: ["site/A", "site/B"], web: [] }, problems: [] },
  );
});

describe("a component that is renamed while a run is under way", () => {
  const duringPut = (moment: "before" | "after") =>
    befalls((app) => app.around(moment, () => app.replace((spec) => renameIn(spec, { web: "site" }))));

  scenario(
    "is not followed against the program, and is healed by the next run that names it",
    [
      declare("web", values, to("web")),
      duringPut("after"),
      declare("web", { A: "1", B: "9" }, to("web")),
      declare("web", { A: "1", B: "9" }, to("site")),
    ],
    { document: ["site/A = 1", "site/B = 9"], owners: { web: ["site/A", "site/B"] } },
  );
});
