// Pure: words that occur in many values and in most messages, and are not secret by themselves: a run that is only such a word stays.

import { createGramSet } from "./gram-set.js";
import { addRuns, gramLength } from "./grams.js";

/** In lower case. Shorter ones are not a run. Only what everybody knows: no host name of a vendor, which may be a customer's. */
const words = [
  "postgresql://",
  "postgres://",
  "mongodb+srv://",
  "mongodb://",
  "http://localhost:",
  "https://localhost:",
  "https://www.",
  "localhost:",
  "127.0.0.1:",
  "0.0.0.0:",
  "application/json",
  "-----begin certificate-----",
  "-----end certificate-----",
  "-----begin private key-----",
  "-----end private key-----",
  "-----begin rsa private key-----",
  "-----end rsa private key-----",
  "-----begin ec private key-----",
  "-----end ec private key-----",
  "-----begin openssh private key-----",
  "-----end openssh private key-----",
  "-----begin public key-----",
  "-----end public key-----",
  "production",
  "development",
  "database",
  "defaultdb",
  "username",
  "password",
  "undefined",
];

export const publicGrams = createGramSet(gramLength);

for (const word of words) addRuns(publicGrams, Buffer.from(word));

/** Whether a value is only such a word: then it is hidden whole, because somebody has chosen it as a secret. */
export function isPublicWord(value: string): boolean {
  const text = value.trim().toLowerCase();
  return text.length >= gramLength && words.some((word) => word.includes(text));
}
