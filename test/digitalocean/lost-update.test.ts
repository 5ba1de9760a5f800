// What history tells of a write that ours has replaced unseen: deployments in order, times to compare, and what is a copy only.

import { describe, expect, test } from "vitest";
import {
  addListed,
  findLostUpdate,
  type History,
  readHistory,
} from "../../provider/destinations/digitalocean/write/lost-update.js";
import type { App, Deployment, Spec } from "../../provider/destinations/digitalocean/wire.js";

const specOf = (value: string, name = "shop"): Spec => ({ name, envs: [{ key: "A", value }] });
const base = specOf("read");
const theirs = specOf("theirs");
const [early, noon, late] = ["2026-01-01T11:00:00.5Z", "2026-01-01T12:00:00.5Z", "2026-01-01T13:00:00.5Z"] as const;

/** The answer tells that it was made from what was stored. */
const stored = { cause_details: { type: "MANUAL", digitalocean_user_action: { name: "CREATE_DEPLOYMENT" } } };
const copy = { cause_details: { type: "AUTO_ROLLBACK" } };

describe("the history before a write", () => {
  const appOf = (more: Partial<App>): App => ({ id: "app", spec: base, ...more });

  test("is every deployment that the app shows, and the time of the newest", () => {
    const app = appOf({
      active_deployment: { id: "a", created_at: early },
      in_progress_deployment: { id: "i", created_at: noon },
      pending_deployment: { id: "p", created_at: late },
      pinned_deployment: { id: "x" },
      last_deployment_created_at: late,
    });
    expect(readHistory(app)).toEqual({ ids: new Set(["a", "i", "p", "x"]), until: late, isWhole: true });
  });

  // [what, time of the newest, the active deployment, whether it is whole]
  test.each<[string, string | null | undefined, Deployment, boolean]>([
    ["whole when the app shows the newest deployment", noon, { id: "a", created_at: noon }, true],
    [
      "whole by a fraction that begins with zeros",
      "2026-01-01T12:00:00.001Z",
      { id: "a", created_at: "2026-01-01T12:00:00.001Z" },
      true,
    ],
    ["not whole when a newer one is not shown", late, { id: "a", created_at: noon }, false],
    ["not whole when no time is told", undefined, { id: "a" }, false],
    ["not whole when no time is told of one that is stored", undefined, { id: "a", spec: base }, false],
    ["not whole when null stands for a time", null, { id: "a", created_at: null }, false],
    ["not whole when nothing stands for a time", "", { id: "a", created_at: "", spec: base }, false],
    ["not whole within a second", "2026-01-01T12:00:00Z", { id: "a", created_at: "2026-01-01T12:00:00Z" }, false],
    [
      "not whole within a second with zeros",
      "2026-01-01T12:00:10.000Z",
      { id: "a", created_at: "2026-01-01T12:00:10.000Z" },
      false,
    ],
    [
      "not whole within a second of another spec",
      "2026-01-01T12:00:00Z",
      { id: "a", created_at: "2026-01-01T12:00:00Z", spec: theirs },
      false,
    ],
    [
      "not whole within a second of no spec",
      "2026-01-01T12:00:00Z",
      { id: "a", created_at: "2026-01-01T12:00:00Z", spec: null },
      false,
    ],
    [
      "whole within a second of what is stored",
      "2026-01-01T12:00:00Z",
      { id: "a", created_at: "2026-01-01T12:00:00Z", spec: base },
      true,
    ],
  ])("is %s", (_what, ...[last_deployment_created_at, active_deployment, isWhole]) => {
    expect(readHistory(appOf({ last_deployment_created_at, active_deployment })).isWhole).toBe(isWhole);
  });

  describe("with a list", () => {
    const history: History = { ids: new Set(["a"]), until: noon, isWhole: false };
    const add = (listed: readonly Deployment[], more: Partial<History> = {}) =>
      addListed({ ...history, ...more }, appOf({}), listed);

    test("knows what is listed besides", () => {
      expect(add([{ id: "b" }, { id: "c" }])).toEqual({ ids: new Set(["a", "b", "c"]), until: noon, isWhole: false });
    });

    // [what, the list, what else is known, whether it is whole]
    test.each<[string, readonly Deployment[], Partial<History>, boolean]>([
      ["whole when the newest holds what is stored", [{ id: "b", spec: base }], {}, true],
      ["whole when the newest has the time of the newest", [{ id: "b", created_at: noon, spec: theirs }], {}, true],
      ["whole when it was", [{ id: "b", spec: theirs }], { isWhole: true }, true],
      [
        "whole when a copy stands before the newest",
        [
          { id: "c", ...copy, spec: theirs },
          { id: "b", spec: base },
        ],
        {},
        true,
      ],
      [
        "not whole when only an older one holds what is stored",
        [
          { id: "c", spec: theirs },
          { id: "b", spec: base },
        ],
        {},
        false,
      ],
      ["not whole when the newest holds something else", [{ id: "b", created_at: early, spec: theirs }], {}, false],
      ["not whole when there is none", [], {}, false],
      ["not whole when no time is told", [{ id: "b" }], { until: undefined }, false],
      ["not whole when null stands for a time", [{ id: "b", created_at: null }], { until: undefined }, false],
      ["not whole when the newest has no time", [{ id: "b" }], {}, false],
    ])("is %s", (_what, ...[listed, more, isWhole]) => {
      expect(add(listed, more).isWhole).toBe(isWhole);
    });
  });
});

describe("after our write", () => {
  const known: Deployment = { id: "known", created_at: noon, spec: base };
  const ours: Deployment = { id: "ours", spec: specOf("ours") };
  const other: Deployment = { id: "other", created_at: late, spec: theirs, ...stored };

  interface Given {
    readonly listed: readonly Deployment[];
    readonly until?: string;
    readonly isWhole?: boolean;
    /** An id that is not known. */
    readonly untold?: true;
    readonly base?: Spec;
  }
  const find = ({ listed, until = noon, isWhole = true, untold, base: read = base }: Given) =>
    findLostUpdate({
      history: { ids: new Set(["known"]), until, isWhole },
      base: read,
      listed,
      ours: untold ? undefined : "ours",
      isOurs: (spec) => spec === ours.spec,
    });
  const found = (deployment: Deployment, since?: Deployment) => ({
    kind: "found",
    deployment,
    spec: deployment.spec,
    since,
  });
  const unclear = (deployment: Deployment) => ({ kind: "unclear", deployment });

  test.each<[string, Given]>([
    ["only ours and what was known is listed", { listed: [ours, known] }],
    ["nothing is listed", { listed: [] }],
    ["theirs stands behind what was known", { listed: [ours, known, other] }],
    ["theirs stands behind what was known, and ours is not listed", { listed: [known, other] }],
    ["theirs is a copy", { listed: [ours, { ...other, ...copy }, known] }],
    ["theirs was created before the newest of our look", { listed: [ours, { ...other, created_at: early }, known] }],
    ["theirs holds what we read", { listed: [ours, { ...other, spec: base }, known] }],
    ["one that holds what ours does stands there, and no id of ours is known", { listed: [ours, known], untold: true }],
    ["theirs is only newer than ours", { listed: [other, ours, known] }],
  ])("nothing is lost when %s", (_what, given) => {
    expect(find(given)).toEqual({ kind: "none" });
  });

  test.each<[string, Given]>([
    ["stands between ours and what was known", { listed: [ours, other, known] }],
    ["stands behind ours, and nothing known is listed", { listed: [ours, other] }],
    ["is all that is listed", { listed: [other] }],
    ["stands there, and no id of ours is known", { listed: [ours, other, known], untold: true }],
    ["was created with the newest of our look", { listed: [ours, { ...other, created_at: noon }, known] }],
    ["has no time", { listed: [ours, { ...other, created_at: undefined }, known] }],
    ["has a time that is none", { listed: [ours, { ...other, created_at: "yesterday" }, known] }],
    ["has null for a time", { listed: [ours, { ...other, created_at: null }, known] }],
    ["is the newest of two", { listed: [ours, other, { ...other, id: "older", spec: specOf("older") }, known] }],
    [
      "is not told to be stored, and nothing known holds the same",
      { listed: [ours, { id: "other", spec: theirs }, known] },
    ],
    [
      "holds what something known does, and is told to be stored",
      { listed: [ours, other, { ...known, spec: theirs }] },
    ],
    ["has another name only", { listed: [ours, { ...other, spec: specOf("read", "store") }, known] }],
  ])("theirs is found when it %s", (_what, given) => {
    const deployment = given.listed.find(({ id }) => id === "other");
    expect(deployment && find(given)).toEqual(deployment && found(deployment));
  });

  test("theirs is found when no time of our look is told", () => {
    const history = { ids: new Set(["known"]), until: undefined, isWhole: true };
    const aftermath = { history, base, listed: [ours, other, known], ours: "ours", isOurs: () => false };
    expect(findLostUpdate(aftermath)).toEqual(found(other));
  });

  test("what they stored after ours is told besides: the newest that is no copy", () => {
    const since = { ...other, id: "since" };
    const rerun = { ...other, id: "rerun", ...copy };
    expect(find({ listed: [rerun, since, { ...other, id: "before" }, ours, other, known] })).toEqual(
      found(other, since),
    );
  });

  test.each<[string, Given]>([
    ["has no spec", { listed: [ours, { id: "other", created_at: late }, known] }],
    ["has null for a spec", { listed: [ours, { id: "other", created_at: late, spec: null }, known] }],
    ["may be history", { listed: [ours, other, known], isWhole: false }],
    [
      "may be a copy of something older that is known",
      { listed: [ours, { id: "other", spec: theirs }, known, { id: "older", spec: theirs }] },
    ],
    ["may be a copy of something known", { listed: [ours, { id: "other", spec: theirs }, { ...known, spec: theirs }] }],
    [
      "is hidden by one that may be a copy of what we read",
      { listed: [ours, { id: "rerun", spec: base }, other, known] },
    ],
    [
      "is hidden by two that may be copies",
      { listed: [ours, { id: "rerun", spec: base }, { id: "again", spec: base }, other, known] },
    ],
  ])("nobody can tell when theirs %s", (_what, given) => {
    const deployment = given.listed.find(({ id }) => id === "other");
    expect(deployment && find(given)).toEqual(deployment && unclear(deployment));
  });

  test("what holds what we read hides nothing when it is told to be stored, or when nothing else stands there", () => {
    const again: Deployment = { id: "again", spec: base };
    expect(find({ listed: [ours, { ...again, ...stored }, other, known] })).toEqual({ kind: "none" });
    expect(find({ listed: [ours, again, known] })).toEqual({ kind: "none" });
    expect(find({ listed: [ours, again, { ...again, id: "once more" }, known] })).toEqual({ kind: "none" });
  });
});
