// Types of the step `words`, for the gate and the tests.

export interface Rule {
  readonly words?: readonly string[];
  readonly types?: readonly string[];
  readonly paths?: readonly string[];
  readonly instead: string;
  /** Files that may say it: names of state. */
  readonly frozen?: readonly string[];
}

export interface Finding {
  readonly path: string;
  /** 0 where the file's path holds it. */
  readonly line: number;
  readonly found: string;
  readonly instead: string;
}

export function findWords(files: readonly { path: string; text: string }[], rules: readonly Rule[]): Finding[];

/** Looks through the repository. */
export function checkWords(): Promise<{ ok: boolean; text: string }>;
