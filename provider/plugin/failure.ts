// Pure: an error as gRPC carries it: a status, the text with every problem, and what a write that ended half-way has left. No stack.

import { type ErrorCode, listProblems, renderProblems } from "../errors.js";
import { PartialFailure } from "../lifecycle/engine/partial-failure.js";
import type { Properties } from "../lifecycle/engine/wire.js";

/** https://grpc.io/docs/guides/status-codes/ */
const statusCodes = {
  cancelled: 1,
  unknown: 2,
  invalidArgument: 3,
  notFound: 5,
  permissionDenied: 7,
  failedPrecondition: 9,
  internal: 13,
  unavailable: 14,
  unauthenticated: 16,
} as const;

export interface Failure {
  readonly code: number;
  readonly message: string;
  /** The resource is there, but not as it should be: the engine records it, and the next run goes on from there. */
  readonly unfinished?: Unfinished;
}

export interface Unfinished {
  readonly id: string;
  readonly properties: Properties;
  readonly reasons: readonly string[];
}

/** `close` turns the lifecycle's outputs into those for the engine. */
export function describeFailure(error: unknown, close: (outputs: Properties) => Properties): Failure {
  if (error instanceof PartialFailure) {
    const { id, properties, reasons, message } = error;
    return { code: statusCodes.unknown, message, unfinished: { id, properties: close(properties), reasons } };
  }
  const problems = listProblems(error);
  return { code: findStatus(problems.map(({ code }) => code)), message: renderProblems(problems) };
}

const exact: Partial<Record<ErrorCode, number>> = {
  "engine.gone": statusCodes.cancelled,
  "http.unauthorized": statusCodes.unauthenticated,
  "http.forbidden": statusCodes.permissionDenied,
  "connection.forbidden": statusCodes.permissionDenied,
  "connection.read_only": statusCodes.permissionDenied,
  "destination.not_found": statusCodes.notFound,
  "internal.unexpected": statusCodes.internal,
};

/** Several problems get one status: their own if they share it. */
function findStatus(codes: readonly ErrorCode[]): number {
  const found = new Set(codes.map(readStatus));
  const [first] = found;
  return found.size === 1 && first !== undefined ? first : statusCodes.failedPrecondition;
}

function readStatus(code: ErrorCode): number {
  const own = exact[code];
  if (own !== undefined) return own;
  return code.startsWith("argument.") ? statusCodes.invalidArgument : statusCodes.failedPrecondition;
}
