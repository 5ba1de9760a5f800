// Release: what has to agree before a version is published. Pure; main.mjs reads the files.

/** @type {typeof import("./release.mjs").listObstacles} */
export function listObstacles({ tag, repository, manifest, lock, changelog, versionSource }) {
  const version = /^v(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?)$/.exec(tag)?.[1];
  if (version === undefined) return [`the tag is ${tag || "missing"}; a release has one like v1.2.3`];
  const places = [
    { place: "package.json", found: manifest.version },
    { place: "package-lock.json", found: lock.packages?.[""]?.version },
    { place: "provider/http/version.ts", found: /version = "([^"]+)"/.exec(versionSource)?.[1] },
    { place: "the newest heading of CHANGELOG.md", found: /^## (\S+)/m.exec(changelog)?.[1] },
  ];
  const obstacles = places
    .filter(({ found }) => found !== version)
    .map(({ place, found }) => `${place} says ${found ?? "nothing"}; the tag says ${version}`);
  if (manifest.private === true) obstacles.push("package.json is private; npm would publish nothing");
  return [...obstacles, ...listRepositoryObstacles(manifest.repository, repository)];
}

/**
 * npm refuses a provenance statement whose repository is not the one that package.json names.
 * @param {string | { url?: string } | undefined} field
 * @param {string} repository
 */
function listRepositoryObstacles(field, repository) {
  const url = typeof field === "string" ? field : field?.url;
  if (!url) return ["package.json has no repository; set it, because npm compares it with the one that publishes"];
  const named = /github\.com[/:]([^/]+\/[^/]+?)(?:\.git)?$/.exec(url)?.[1];
  return named === repository ? [] : [`package.json says repository ${url}; this is ${repository || "unknown"}`];
}
