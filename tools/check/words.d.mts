// Types of the step `words`, for the gate and the tests.

export interface Rule {
  readonly words?: readonly string[];
  readonly types?: readonly string[];
  readonly paths?: readonly string[];
  readonly instead: string;
}

export interface Finding {
  readonly path: string;
  /** 0 where the file's path holds it. */
  readonly line: number;
  readonly found: string;
  readonly instead: string;
}

export function findWords(files: readonly { path: string; text: string }[], rules: readonly Rule[]): Finding[];

/** Looks through the repository; `note` counts the words that are still pending. */
export function checkWords(): Promise<{ ok: boolean; text: string; note: string }>;
