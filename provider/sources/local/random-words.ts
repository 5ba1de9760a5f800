// Pure: which words of a text look machine-generated. English, paths, host names and identifiers do not.

/** Text without spaces: a path, an address, a token. Brackets, which surround what is already hidden, end it. */
const run = /[^\s"'`<>()[\]{},;|]{12,}/g;

/** Replaces whatever looks drawn. The rest of a path or of an address stays. */
export function hideRandomWords(text: string, shown: string): string {
  return text.replace(run, (word) => hideInRun(word, shown));
}

function hideInRun(word: string, shown: string): string {
  if (isSymbolic(word)) return shown;
  const parts = [...word.matchAll(/[A-Za-z0-9]+/g)];
  const odd = parts.filter(([part]) => !isWord(part));
  const drawn = odd.reduce((sum, [part]) => sum + part.length, 0);
  if (drawn < 12 && !odd.some(([part]) => part.length >= 10 && countTurns(part) >= 4)) return word;
  const [from, to] = spread(parts, odd);
  return word.slice(0, from) + shown + word.slice(to);
}

/**
 * From the first drawn part to the last one. Base64 is split at its own signs: what is between two drawn parts counts as drawn, and so does
 * what is beside them and not a word.
 */
function spread(parts: readonly RegExpExecArray[], odd: readonly RegExpExecArray[]): [from: number, to: number] {
  const isOdd = (part: RegExpExecArray) => odd.includes(part);
  const isKept = ([part]: RegExpExecArray) => isPlain(part);
  const before = parts.slice(0, parts.findIndex(isOdd)).findLastIndex(isKept);
  const after = parts.findIndex((part, at) => at > parts.findLastIndex(isOdd) && isKept(part));
  const last = parts.at(after === -1 ? -1 : after - 1);
  return [parts[before + 1]?.index ?? 0, (last?.index ?? 0) + (last?.[0].length ?? 0)];
}

/** A word in one piece, as in names of folders and hosts. */
function isPlain(part: string): boolean {
  return /^(?:[a-z]{3,}|[A-Z][a-z]{2,})$/.test(part) && hasEnglishPairs(part.toLowerCase());
}

/** Like the output of a password generator. */
function isSymbolic(word: string): boolean {
  const symbols = word.match(/[!#$%&*+^~?]/g)?.length ?? 0;
  return symbols >= 2 && /\d/.test(word) && /[A-Za-z]/.test(word) && !/[?&%][\w%]*=|%[0-9A-F]{2}|\\/.test(word);
}

/** Changes between upper case, lower case and digits. */
function countTurns(part: string): number {
  const kinds = part.split("").map((sign) => (/[a-z]/.test(sign) ? "a" : /[A-Z]/.test(sign) ? "A" : "0"));
  return kinds.filter((kind, at) => at > 0 && kind !== kinds[at - 1]).length;
}

function isWord(part: string): boolean {
  if (/^\d{1,12}$/.test(part)) return true;
  // `sha256`, `v24`, `us1`, `ec2`, `4xx`, `k8s`, `x86`; a name with a number at its end.
  const letters = /^(?:[a-z]+|[A-Z]+|[A-Z][a-z]+)\d{1,4}$|^\d{1,3}[a-z]{1,3}$|^[a-z]\d{1,2}[a-z]$/.test(part)
    ? part.replaceAll(/\d/g, "")
    : part;
  if (/\d/.test(letters)) return false;
  if (letters.length <= 4) return countTurns(letters) <= 1;
  const pieces = letters.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])/g) ?? [];
  const stumps = pieces.filter((piece) => piece.length < 3).length;
  return letters.length / pieces.length >= 3 && stumps <= 1 && pieces.every((piece) => isEnglish(piece.toLowerCase()));
}

/** Pairs of neighbouring letters: one in four drawn pairs is among these, and nine in ten of English. */
const pairs = new Set(
  (
    "th he in er an re on at en nd ti es or te of ed is it al ar st to nt ng se ha as ou io le ve co me de hi ri ro ic ne ea ra ce li ch " +
    "ll be ma si om ur ca el ta la ns di fo ho pe ec pr no ct us ac ot il tr ly nc et ut ss so rs un lo wa ge ie wh ee wi em ad ol rt po we " +
    "na ul ni ts mo ow pa im mi ai sh ir su id os iv ia am fi ci vi pl ig tu ev ld ry mp fe bl ab gh ty op wo sa ay ex ke fr oo av ag if ap " +
    "gr od bo sp rd do uc bu ei ov by rm ep tt oc fa ef cu rn sc gi da yo cr cl du ga qu ue ff ba ey ls va um pp ua up lu go ht ru ug ds lt " +
    "pi rc rr eg au ck ew mu br bi pt ak pu ui rg ib tl ny ki rk ys ob mm fu ph og ms ye ud mb ip ub oi rl gu dr hr cc tw ft wn nu af hu nn " +
    "eo vo rv nf xp gn sm fl iz ok nl my gl aw ju oa eq sy sl ps jo lf nv je nk kn gs dy hy ze ks xt bs ik dd pg sq ql ux bj ws kv db cp ok " +
    "ey az yp pk gz yn ym ax ox ix oj xi yt ya"
  ).split(" "),
);

function isEnglish(piece: string): boolean {
  return piece.length <= 4 || hasEnglishPairs(piece);
}

function hasEnglishPairs(piece: string): boolean {
  const common = piece.split("").filter((_, at) => at > 0 && pairs.has(piece.slice(at - 1, at + 1))).length;
  return common / (piece.length - 1) >= 0.65;
}
