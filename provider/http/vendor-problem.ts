// Pure: what a vendor's error body says, whatever its shape, cleaned so that it can be shown.

import { type CiphertextForm, shortenCiphertexts } from "../masking/ciphertext.js";
import { plainText } from "../printable.js";
import { maskText, type Redacted } from "../redacted.js";
import { readJson } from "./json-text.js";
import type { Headers } from "./rate-headers.js";

export interface VendorProblem {
  readonly vendorId?: string;
  readonly vendorMessage?: string;
  /** The raw message contained something that is masked. */
  readonly quotesValue?: true;
  readonly requestId?: string;
}

interface Answer {
  readonly headers: Headers;
  readonly text: string;
  readonly ciphertext?: CiphertextForm | undefined;
}

const longest = 500;
/** No sentence for a person is longer. A longer one would have to be cut before it is masked, which could leave half a value. */
const longestRead = 256 * 1024;
/** Lists in lists, as deep as vendors use them. */
const deepest = 4;
const mostTexts = 20;

/**
 * DigitalOcean: `{id, message, request_id}`. Netlify: `{code, message}` by its specification, `{msg}` in practice.
 * Infisical: `{reqId, message, error}`. Vault: `{errors: [text]}`. Doppler: `{messages: [text]}`.
 */
export function readVendorProblem(answer: Answer, mask: readonly Redacted[]): VendorProblem {
  const { headers, text, ciphertext } = answer;
  const body = parseObject(text);
  const id = firstText([body["id"], body["code"], body["error"]], isName);
  const said = firstText([
    body["message"],
    body["msg"],
    body["error_description"],
    body["errors"],
    body["messages"],
    body["error"],
  ]);
  const words = shorten(said ?? describeForeign(text), ciphertext);
  const message = cleanText(words, mask);
  const requestId = firstText(
    [body["request_id"], body["reqId"], headers["x-request-id"], headers["x-nf-request-id"]],
    isName,
  );
  return {
    ...(id === undefined || maskText(id, mask) !== id ? {} : { vendorId: id }),
    ...(message === "" ? {} : { vendorMessage: message }),
    ...(message === cleanText(words, []) ? {} : { quotesValue: true }),
    ...(requestId === undefined || maskText(requestId, mask) !== requestId ? {} : { requestId }),
  };
}

function shorten(text: string, ciphertext: CiphertextForm | undefined): string {
  return ciphertext === undefined ? text : shortenCiphertexts(text, ciphertext);
}

/** Masked before it is cut: half a value would slip through. Masked again after cleaning, which may have joined one. */
export function cleanText(text: string, mask: readonly Redacted[]): string {
  if (text.length > longestRead) return "(text too long to show)";
  const bare = plainText(maskText(text, mask));
  const clean = maskText(bare, mask);
  return clean.length <= longest ? clean : `${clean.slice(0, longest - 1)}…`;
}

function parseObject(text: string): Record<string, unknown> {
  const read = readJson(text);
  if (read.kind !== "json") return {};
  const { body } = read;
  return typeof body === "object" && body !== null && !Array.isArray(body) ? { ...body } : {};
}

/** The edge in front of an API answers with HTML pages, which do not belong in a terminal. */
function describeForeign(text: string): string {
  if (/^\s*<(?:!doctype|html|head|body|\?xml)/i.test(text)) return "(html answer)";
  return /^\s*[[{"]/.test(text) ? "" : text;
}

function firstText(candidates: readonly unknown[], fits: (text: string) => boolean = () => true): string | undefined {
  return candidates
    .map((candidate) => listTexts(candidate, deepest).slice(0, mostTexts).join("; "))
    .find((text) => text !== "" && fits(text));
}

function listTexts(value: unknown, depth: number): string[] {
  if (typeof value === "string") return value === "" ? [] : [value];
  if (typeof value === "number") return [String(value)];
  if (Array.isArray(value))
    return depth === 0 ? [] : value.slice(0, mostTexts).flatMap((one) => listTexts(one, depth - 1));
  const message = typeof value === "object" && value !== null ? (value as { message?: unknown }).message : undefined;
  return typeof message === "string" && message !== "" ? [message] : [];
}

function isName(text: string): boolean {
  return /^[\w.:-]{1,128}$/.test(text);
}
