// Leaf of the network side: the one error that a call can end in. It keeps no cause, because foreign errors hold the request.

import { type ErrorCode, isSecretSyncError, SecretSyncError } from "../errors.js";
import { shownInstead } from "../redacted.js";
import type { VendorProblem } from "./vendor-problem.js";

export type HttpCode = Extract<ErrorCode, `http.${string}`>;

export interface HttpErrorDetails extends VendorProblem {
  readonly status?: number;
  /** How long the server asks to wait, if it said so. */
  readonly askedMs?: number;
  /** The call carried values. */
  readonly isWrite?: boolean;
}

export class HttpError extends SecretSyncError {
  readonly status: number | undefined;
  readonly vendorId: string | undefined;
  /** Masked, without control characters, at most 500 characters. */
  readonly vendorMessage: string | undefined;
  /** What may be shown of it. */
  readonly vendorWords: string | undefined;
  readonly requestId: string | undefined;
  readonly askedMs: number | undefined;
  /** Whether a write may or may not have taken effect: look before writing again. */
  override readonly ambiguous: boolean;

  constructor(code: HttpCode, message: string, details: HttpErrorDetails) {
    super({ code, message });
    this.name = "HttpError";
    this.status = details.status;
    this.vendorId = details.vendorId;
    this.vendorMessage = details.vendorMessage;
    this.vendorWords = readVendorWords(details);
    this.requestId = details.requestId;
    this.askedMs = details.askedMs;
    this.ambiguous = code === "http.ambiguous";
  }
}

const withheld = `${shownInstead} (the whole message, because it quotes a value)`;

/**
 * A vendor that quotes what was written may have cut or changed it in a way that no mask knows: then only its code and the id of the
 * request are shown.
 */
export function readVendorWords({ isWrite, quotesValue, vendorMessage }: HttpErrorDetails): string | undefined {
  return isWrite === true && quotesValue === true ? withheld : vendorMessage;
}

export function isHttpCode(code: ErrorCode): code is HttpCode {
  return code.startsWith("http.");
}

/** By name and shape, so that it also holds across two copies of this package. */
export function isHttpError(error: unknown): error is HttpError {
  return isSecretSyncError(error) && error.name === "HttpError";
}
