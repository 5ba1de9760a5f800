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

  const name = (step: { readonly uses?: string; readonly run?: string }) => step.uses?.split("@")[0] ?? step.run ?? "";

  test("runs on a version's tag, checks it, then the gate and every test, and packs what was tested", () => {
    expect(on).toEqual({ push: { tags: ["v*"] } });
    expect(scripts("test").slice(0, 2)).toEqual([
      'node tools/release/main.mjs "$GITHUB_REF_NAME" "$GITHUB_REPOSITORY"',
      "bash .ci/run",
    ]);
    expect(scripts("test").at(-1)).toContain("npm pack --ignore-scripts --pack-destination release");
    expect(jobs["test"]?.steps.map(name).at(-1)).toBe("actions/upload-artifact");
  });

  test("publishes that package and nothing else, with provenance, after a comparison", () => {
    const publish = jobs["publish"];
    expect(publish?.needs).toBe("test");
    expect(publish?.steps.map(name)).toEqual([
      "actions/setup-node",
      "actions/download-artifact",
      'echo "$SHA256  release/package.tgz" | sha256sum --check --strict',
      "npm publish ./release/package.tgz --ignore-scripts --provenance --access public",
    ]);
    const [uploaded] = stepsUsing(jobs["test"], "actions/upload-artifact");
    const [downloaded] = stepsUsing(publish, "actions/download-artifact");
    expect(downloaded?.with?.["name"]).toBe(uploaded?.with?.["name"]);
    expect(uploaded?.with?.["path"]).toBe(`${String(downloaded?.with?.["path"])}/package.tgz`);
    expect(publish?.steps.find(({ run }) => run?.includes("sha256sum"))?.env).toEqual({
      SHA256: "${{ needs.test.outputs.sha256 }}",
    });
    expect(jobs["test"]?.outputs).toMatchObject({ sha256: "${{ steps.pack.outputs.sha256 }}" });
  });

  test("hangs the plugin's archives on a release, after the package is out, and compares them first", () => {
    const attach = jobs["attach"];
    expect(attach?.needs).toEqual(["test", "publish"]);
    expect(attach?.permissions).toEqual({ contents: "write" });
    expect(attach?.steps.map(name)).toEqual([
      "actions/download-artifact",
      expect.stringMatching(/sha256sum.* = "\$SHA256"$/),
      expect.stringMatching(/^gh release create "\$GITHUB_REF_NAME" plugin\/\*\.tar\.gz .*--verify-tag/),
    ]);
    expect(scripts("test").at(-2)).toContain("tools/plugin/main.mjs --out plugin");
    const uploads = stepsUsing(jobs["test"], "actions/upload-artifact").map((step) => step.with?.["name"]);
    const [downloaded] = stepsUsing(attach, "actions/download-artifact");
    expect(uploads).toEqual(["package", downloaded?.with?.["name"]]);
    expect(jobs["test"]?.outputs?.["plugin"]).toBe("${{ steps.plugin.outputs.sha256 }}");
  });

  test("signs in one job alone, in which no code of the repository and of its dependencies runs", () => {
    expect(permissions).toEqual({ contents: "read" });
    expect(jobs["publish"]?.permissions).toEqual({ "id-token": "write" });
    expect(jobs["test"]?.permissions).toBeUndefined();
    const signing = Object.values(jobs).filter((job) => job.permissions?.["id-token"] === "write");
    expect(signing).toHaveLength(1);
    for (const job of signing) {
      expect(stepsUsing(job, "actions/checkout")).toEqual([]);
      for (const { run = "" } of job.steps)
        expect(run).not.toMatch(/npm (?:ci|i|install|run|test|exec)|npx|node |bash /);
    }
    for (const job of Object.values(jobs)) {
      expect(stepsUsing(job, "actions/cache")).toEqual([]);
      for (const step of stepsUsing(job, "actions/setup-node"))
        expect(step.with).toMatchObject({ "package-manager-cache": false });
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
