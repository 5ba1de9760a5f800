// Types of the mutation report, for the tests.

export interface Result {
  readonly file: string;
  /** Begins with 1. */
  readonly line: number;
  /** The whole line on which it begins. */
  readonly text: string;
  readonly mutator: string;
  readonly was: string;
  readonly now: string;
  /** As Stryker says it: `Killed`, `Survived`, `Timeout`, `NoCoverage`, `Ignored` and so on. */
  readonly status: string;
}

export interface Score {
  readonly name: string;
  readonly goal: number;
  readonly results: readonly Result[];
}

export function countResults(results: readonly Result[]): {
  readonly total: number;
  readonly killed: number;
  readonly equivalent: number;
  readonly percent: number;
  readonly survivors: readonly Result[];
};

export function describeScores(scores: readonly Score[]): string;

export function describeSurvivors(results: readonly Result[]): string[];

export function readReport(report: string, run: { readonly withStatic?: boolean }): Result[];
