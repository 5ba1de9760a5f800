// Where a variable is, and what is there.

export interface Place {
  /** Index of the app, or site. */
  readonly app: number;
  readonly slot: string;
  readonly key: string;
}

export const keys = ["A", "B", "C"];

export function nameOf({ app, slot, key }: Place): string {
  return `${app}/${slot}/${key}`;
}

export interface Found {
  readonly key: string;
  /** Everything that is there, byte for byte. */
  readonly text: string;
  readonly value: string;
  /** All but the value, as a sync declares it. */
  readonly settings: string;
  /** Anybody who sees the app can read the value. */
  readonly isReadable: boolean;
  /** Written by a sync. */
  readonly isOurs: boolean;
}

/** By the name of its place. */
export type Entries = ReadonlyMap<string, Found>;

const ours = "sync-";
let written = 0;

/** A value that nobody has written before, and that shows who wrote it. */
export function drawValue(by: "sync" | "person"): string {
  written += 1;
  return `${by === "sync" ? ours : "person-"}${written}`;
}

export function isOfSync(value: string): boolean {
  return value.startsWith(ours);
}

/** Names of the places whose variable is not what it was. */
export function listDiffering(was: Entries, is: Entries): string[] {
  return [...new Set([...was.keys(), ...is.keys()])].filter((place) => was.get(place)?.text !== is.get(place)?.text);
}
