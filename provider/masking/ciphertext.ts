// Pure: shortens a vendor's ciphertexts. They are not secret, but a message full of them is unreadable.

/** How a ciphertext begins and ends, according to the vendor's adapter. */
export interface CiphertextForm {
  readonly begins: string;
  readonly ends: string;
}

/** Not by a pattern: in a text full of beginnings without an end, it would search from each of them to the end. */
export function shortenCiphertexts(text: string, { begins, ends }: CiphertextForm): string {
  let shortened = "";
  let from = 0;
  for (let at = text.indexOf(begins); at >= 0; at = text.indexOf(begins, from)) {
    const end = text.indexOf(ends, at);
    if (end < 0) break;
    shortened += `${text.slice(from, at)}${begins}…${ends}`;
    from = end + ends.length;
  }
  return shortened + text.slice(from);
}
