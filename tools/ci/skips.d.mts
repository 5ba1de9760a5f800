// Types of the reasons for skipped tests, for the tests.

export function findReason(source: string, titles: readonly string[]): string;
