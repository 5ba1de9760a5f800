// A vendor's ciphertexts in a text: each is shortened, and whatever else stands there stays.

import { expect, test } from "vitest";
import { ciphertext } from "../../provider/destinations/digitalocean/ciphertext.js";
import { shortenCiphertexts } from "../../provider/masking/ciphertext.js";

const shorten = (text: string) => shortenCiphertexts(text, ciphertext);

test.each([
  ["", ""],
  ["no ciphertext [at all]", "no ciphertext [at all]"],
  ["EV[1:x:y]", "EV[…]"],
  ["a EV[1:x:y] b EV[2] c EV[ d", "a EV[…] b EV[…] c EV[ d"],
  ["EV[1]EV[2]", "EV[…]EV[…]"],
  ["] EV[] EV[EV[1]]", "] EV[…] EV[…]]"],
  ["EV[ without an end", "EV[ without an end"],
  ["EV[1] and EV[ without an end", "EV[…] and EV[ without an end"],
])("%j becomes %j", (text, shortened) => {
  expect(shorten(text)).toBe(shortened);
});

test("an end of several characters goes with it", () => {
  expect(shortenCiphertexts("a <<x>> b <<y>>", { begins: "<<", ends: ">>" })).toBe("a <<…>> b <<…>>");
});

test("costs no time, however many ciphertexts seem to begin in a text", () => {
  const began = performance.now();
  shorten("EV[".repeat(300_000));
  expect(performance.now() - began).toBeLessThan(1_000);
});
