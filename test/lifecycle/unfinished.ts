// A write that ended half-way: the engine records what it left, and the next run goes on from there.

import type { Written } from "./host.js";

export class Unfinished extends Error {
  readonly left: Written;
  readonly reasons: readonly string[];

  constructor(message: string, { left, reasons }: { left: Written; reasons: readonly string[] }) {
    super(message);
    this.stack = message;
    this.left = left;
    this.reasons = reasons;
  }
}
