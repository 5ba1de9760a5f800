// Pure: how App Platform shows an encrypted value: `EV[1:…:…]`.
// https://docs.digitalocean.com/products/app-platform/how-to/use-environment-variables/#encrypt-environment-variables

import type { CiphertextForm } from "../../masking/ciphertext.js";

export const ciphertext: CiphertextForm = { begins: "EV[", ends: "]" };

export function isCiphertext(value: string): boolean {
  return value.startsWith(ciphertext.begins);
}
