// Types of the check before a release, for the tests.

export interface Release {
  /** The tag that is being released, `v1.2.3`. */
  readonly tag: string;
  /** Owner and name of the repository that publishes, as GitHub says them. */
  readonly repository: string;
  /** `package.json`. */
  readonly manifest: {
    readonly version?: string;
    readonly private?: boolean;
    readonly repository?: string | { readonly url?: string };
  };
  /** `package-lock.json`. */
  readonly lock: { readonly packages?: Readonly<Record<string, { readonly version?: string }>> };
  readonly changelog: string;
  /** The file that tells a server which version is talking to it. */
  readonly versionSource: string;
}

/** Every reason against the release, one line each; none when it may go out. */
export function listObstacles(release: Release): string[];
