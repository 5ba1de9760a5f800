// Names and messages that act on a terminal, on a log or on a CI runner where they are printed as they are.

export const hostileTexts: readonly string[] = [
  "::error file=a.ts::forged",
  "name\n::stop-commands::token",
  "name\r\n  ::add-mask::forged",
  "##[command]forged ##vso[task.complete]",
  "up\u001b[1A\u001b[2Kforged",
  "title\u001b]0;forged\u0007\u009b2J",
  "reversed\u202edegrof\u2066\u200f\u061c",
  "hid\u200bden\u2060\ufeff\u00ad\u{e0041}",
  "line\u2028forged\u2029forged\u0085forged",
  "2026-01-01T00:00:00.000Z shop/prod: synced\n2026-01-01T00:00:00.000Z shop/prod: nothing to do, after interval, 1.0 s",
  "half\ud83d pair\udc00",
];

/** All of them as one name. */
export const hostileName = hostileTexts.join(" ");

/** What of a text acts: characters by their code point, and lines that a CI runner obeys. A line break is no finding by itself. */
export function findActing(text: string): string[] {
  const signs = Array.from(text, (sign) => sign).filter(
    (sign) => sign !== "\n" && /[\p{C}\p{Zl}\p{Zp}\u200b-\u200f\u2060-\u206f\ufeff\u00ad\u061c]/u.test(sign),
  );
  const lines = text.split("\n").filter((line) => /^\s*::|##\[|##[a-z]+\[/i.test(line));
  return [...signs.map((sign) => `U+${(sign.codePointAt(0) ?? 0).toString(16)}`), ...lines];
}

/** Every text in whatever a run leaves. */
export function listTexts(evidence: unknown): string[] {
  if (typeof evidence === "string") return [evidence];
  if (evidence instanceof Map) return listTexts([...evidence]);
  if (typeof evidence !== "object" || evidence === null) return [];
  return Object.values(evidence).flatMap(listTexts);
}
