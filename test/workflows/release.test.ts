// What guards a release, and the workflows that test and publish.

import { describe, expect, test } from "vitest";
import { listObstacles } from "../../tools/release/release.mjs";
import { readWorkflow, stepsUsing } from "./workflow.js";

const good = {
  tag: "v1.2.3",
  repository: "acme/pulumi-secret-sync",
  manifest: { version: "1.2.3", repository: { url: "git+https://github.com/acme/pulumi-secret-sync.git" } },
  lock: { packages: { "": { version: "1.2.3" } } },
  changelog: "# Changes\n\n## 1.2.3\n\n- A line.\n\n## 1.2.2\n",
  versionSource: 'export const version = "1.2.3";',
};

describe("a release", () => {
  test("goes out when tag, package, lock file, changes, code and repository agree", () => {
    expect(listObstacles(good)).toEqual([]);
    expect(
      listObstacles({
        ...good,
        manifest: { ...good.manifest, repository: "https://github.com/acme/pulumi-secret-sync" },
      }),
    ).toEqual([]);
  });

  test.each([
    ["no version", { tag: "latest" }, /^the tag is latest; a release has one like v1\.2\.3$/],
    [
      "another package version",
      { manifest: { ...good.manifest, version: "1.2.4" } },
      /^package\.json says 1\.2\.4; the tag says 1\.2\.3$/,
    ],
    ["another locked version", { lock: {} }, /^package-lock\.json says nothing/],
    ["no heading", { changelog: "# Changes\n\n## 1.2.2\n" }, /^the newest heading of CHANGELOG\.md says 1\.2\.2/],
    [
      "an older constant",
      { versionSource: 'export const version = "1.2.2";' },
      /^provider\/http\/version\.ts says 1\.2\.2/,
    ],
    ["a private package", { manifest: { ...good.manifest, private: true } }, /^package\.json is private/],
    ["no repository", { manifest: { version: "1.2.3" } }, /^package\.json has no repository/],
    ["another repository", { repository: "fork/pulumi-secret-sync" }, /this is fork\/pulumi-secret-sync$/],
  ])("with %s is refused", (_what, change, reason) => {
    const obstacles = listObstacles({ ...good, ...change });
    expect(obstacles).toHaveLength(1);
    expect(obstacles[0]).toMatch(reason);
  });
});

describe("the workflow that publishes", () => {
  const { jobs, on, permissions } = readWorkflow(".github/workflows/release.yml");
  const scripts = (name: string) => (jobs[name]?.steps ?? []).flatMap(({ run }) => run ?? []);

  test("runs on a version's tag, checks it, then the gate and every test, and only then publishes with provenance", () => {
    expect(on).toEqual({ push: { tags: ["v*"] } });
    expect(scripts("test")).toEqual([
      'node tools/release/main.mjs "$GITHUB_REF_NAME" "$GITHUB_REPOSITORY"',
      "bash .ci/run",
    ]);
    expect(jobs["publish"]?.needs).toBe("test");
    expect(scripts("publish").at(-1)).toBe("npm publish --provenance --access public");
  });

  test("signs in one job alone, in which no test and no install from a cache runs", () => {
    expect(permissions).toEqual({ contents: "read" });
    expect(jobs["publish"]?.permissions).toEqual({ contents: "read", "id-token": "write" });
    expect(jobs["test"]?.permissions).toBeUndefined();
    for (const job of Object.values(jobs)) {
      expect(stepsUsing(job, "actions/cache")).toEqual([]);
      expect(stepsUsing(job, "actions/setup-node")[0]?.with).toMatchObject({ "package-manager-cache": false });
    }
  });

  test("keeps no secret: the registry trusts the workflow itself", () => {
    expect(JSON.stringify(jobs)).not.toContain("secrets.");
  });
});

test("every change runs the gate and every test, and may do nothing but read", () => {
  const { jobs, on, permissions } = readWorkflow(".github/workflows/ci.yml");
  expect(Object.keys(on)).toEqual(["pull_request", "push"]);
  expect(permissions).toEqual({ contents: "read" });
  expect(jobs["test"]?.steps.at(-1)?.run).toBe("bash .ci/run");
  expect(stepsUsing(jobs["test"], "actions/checkout")[0]?.with).toEqual({ "persist-credentials": false });
  expect(JSON.stringify(jobs)).not.toContain("secrets.");
});
