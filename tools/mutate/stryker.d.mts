// Types of the run of Stryker, for the tests.

import type { Result } from "./report.mjs";

export function readReport(report: string, run: { readonly withStatic?: boolean }): Result[];
