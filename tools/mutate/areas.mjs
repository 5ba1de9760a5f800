// Areas: what is mutated together, by which tests it is judged, and which share of its mutants they have to kill.

/**
 * `tests` are those that are written for the area: a mutant that only a far-away test kills counts as alive. Where `isShared`, the test
 * files share one copy of the modules, as in `npm test`: to load them anew for every file takes longer than the tests. A mutant of
 * what a module does when it is loaded needs every test of the area in a fresh process; it counts only `withStatic`. A test that changes
 * the user of its process, as one of the permissions of a file does, needs an `ownProcess`; a thread starts sooner.
 *
 * Folders and files, in the order in which they run: the first failure ends a mutant, so what is quick comes first. One behind "!" is
 * left out, because it needs minutes, and a survivor meets every test that runs it.
 * @typedef {{ name: string, files: RegExp, tests: readonly string[], goal: number, sample: number } & Way} Area
 * @typedef {{ isShared?: boolean, withStatic?: boolean, ownProcess?: boolean }} Way
 */

const slow = [
  ...["one-build", "two-addresses", "one-deployment-apps", "one-deployment-beside", "one-deployment"].map(
    (name) => `test/lifecycle/${name}.test.ts`,
  ),
  "!test/lifecycle/preview-is-up.test.ts",
];

/** `sample` is how many mutants fit into the area's share of a quarter of an hour on two cores. @type {readonly Area[]} */
export const areas = [
  {
    name: "core",
    files: /^provider\/core\//,
    // Code that counts its mutants is many times slower: a figure of time says nothing there.
    tests: ["test/core", "test/scenarios", "!test/core/mask-cost.test.ts"],
    goal: 95,
    sample: 60,
    isShared: true,
  },
  {
    name: "redacted",
    files: /^provider\/(?:masking\/|(?:redacted|printable|errors)\.ts$)/,
    // Every test of what decides runs this code and few look at it; most of these mutants would meet all of them.
    tests: "ciphertext errors mask-escapes mask-packings mask-values printable mask-long redacted mask"
      .split(" ")
      .map((name) => `test/core/${name}.test.ts`),
    goal: 85,
    sample: 20,
    isShared: true,
  },
  { name: "http", files: /^provider\/http\//, tests: ["test/http"], goal: 85, sample: 4, isShared: true },
  {
    name: "digitalocean",
    files: /^provider\/destinations\/digitalocean\//,
    tests: [
      "test/digitalocean",
      "test/scenarios",
      "test/contract/digitalocean.test.ts",
      "test/commands/init-draft.test.ts",
      "test/commands/init-spec.test.ts",
      ...[
        "archived",
        "bindables",
        "database-scopes",
        "deployment-reasons",
        "drift",
        "failures",
        "hostile-answers",
        "refresh",
        "renamed-app",
        "renamed-component",
        "scope-default",
        "validation",
      ].map((name) => `test/lifecycle/${name}.test.ts`),
      "test/histories",
      "!test/histories/laws.test.ts",
    ],
    isShared: true,
    goal: 85,
    sample: 6,
  },
  {
    name: "netlify",
    files: /^provider\/destinations\/netlify\//,
    tests: [
      "test/contract/netlify.test.ts",
      "test/commands/init-draft.test.ts",
      "test/netlify",
      "test/lifecycle/moved-beside.test.ts",
      "test/netlify/variants.test.ts",
    ],
    isShared: true,
    goal: 85,
    sample: 5,
  },
  {
    name: "reconciler",
    files: /^provider\/reconciler\//,
    // A write that ends half-way, one that somebody overtakes and a deployment that has to be ordered are Netlify's.
    tests: [
      "test/reconciler",
      "test/scenarios",
      "test/contract",
      "test/netlify/failure.test.ts",
      "test/netlify/overtaken.test.ts",
      "test/netlify/build.test.ts",
      "test/lifecycle",
      ...slow,
    ],
    isShared: true,
    goal: 85,
    sample: 2,
  },
  {
    name: "lifecycle",
    files: /^provider\/lifecycle\//,
    // Only the plugin imports, and only it is told in a step that this is a preview.
    tests: ["test/http/call-log.test.ts", "test/lifecycle", "test/plugin", ...slow],
    isShared: true,
    goal: 85,
    sample: 4,
  },
  {
    name: "sources",
    files: /^provider\/(?:sources|credentials)\//,
    tests: ["test/sources", "test/credentials"],
    goal: 75,
    sample: 10,
    ownProcess: true,
  },
  { name: "commands", files: /^provider\/commands\//, tests: ["test/commands"], goal: 75, sample: 16, isShared: true },
  { name: "schema", files: /^schema\//, tests: ["test/schema"], goal: 75, sample: 4, withStatic: true },
];

/** What finds the processes to end finds, with one condition less, every process of whoever runs it. */
export const spared = ["provider/sources/local/process-family.ts", "provider/commands/pulumi/process-tree.ts"];

/**
 * @param {string} file
 * @returns {Area | undefined} the area that a file is in
 */
export function findArea(file) {
  return areas.find((area) => area.files.test(file));
}
