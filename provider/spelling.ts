// Pure leaf: the name that was probably meant, among the existing ones.

const mostTold = 3;

/** For the end of a sentence: `; did you mean "web"?`, or nothing if no name is close. */
export function askMeant(name: string, names: readonly string[]): string {
  const meant = findMeant(name, names).map((one) => JSON.stringify(one));
  if (meant.length === 0) return "";
  const [last, ...before] = meant.toReversed();
  return `; did you mean ${before.length === 0 ? last : `${before.toReversed().join(", ")} or ${last}`}?`;
}

/** The closest names; none if even these are different words. Case, hyphens and underscores do not count. */
export function findMeant(name: string, names: readonly string[]): string[] {
  const wanted = simplify(name);
  const near = [...new Set(names)].flatMap((one) => {
    const distance = measure(wanted, simplify(one));
    return distance === undefined ? [] : [{ one, distance }];
  });
  const least = Math.min(...near.map(({ distance }) => distance));
  return near
    .filter(({ distance }) => distance === least)
    .slice(0, mostTold)
    .map(({ one }) => one);
}

function simplify(name: string): string {
  return name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, "");
}

/** A name with fewer characters than this is the beginning, or a part, of too many others. */
const leastPrefix = 3;
const leastPart = 4;

/** Undefined for a different word. One that is a part of the other counts as further away than any typing error. */
function measure(a: string, b: string): number | undefined {
  const longer = Math.max(a.length, b.length);
  const most = Math.max(1, Math.floor(longer / 3));
  const edits = Math.abs(a.length - b.length) > most || longer < 2 ? Infinity : countEdits(a, b);
  if (edits <= most && edits < longer) return edits;
  const shorter = Math.min(a.length, b.length);
  const isPrefix = shorter >= leastPrefix && (a.startsWith(b) || b.startsWith(a));
  const isPart = shorter >= leastPart && (a.includes(b) || b.includes(a));
  return isPrefix || isPart ? longer : undefined;
}

/** Characters that are added, missing, different, or swapped with their neighbour (optimal string alignment). */
function countEdits(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let row = 1; row <= a.length; row += 1) {
    const now = [row];
    for (let at = 1; at <= b.length; at += 1) {
      const isSame = a[row - 1] === b[at - 1];
      const steps = [(last[at] ?? 0) + 1, (now[at - 1] ?? 0) + 1, (last[at - 1] ?? 0) + (isSame ? 0 : 1)];
      const isSwap = row > 1 && at > 1 && a[row - 1] === b[at - 2] && a[row - 2] === b[at - 1];
      if (isSwap) steps.push((before[at - 2] ?? 0) + 1);
      now.push(Math.min(...steps));
    }
    [before, last] = [last, now];
  }
  return last[b.length] ?? 0;
}
