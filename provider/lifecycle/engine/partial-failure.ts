// Pure: the error shape that Pulumi records as "initialised with errors": state is kept, the run fails, the next up continues.

import { type Problem, renderProblems } from "../../errors.js";
import type { Properties } from "./wire.js";

interface PartialState {
  readonly id: string;
  readonly properties: Properties;
  readonly problems: readonly Problem[];
}

/** Something was written, or may have been: state must know it. */
export class PartialFailure extends Error {
  readonly id: string;
  /** The complete outputs, with `__provider`: without it the resource could never be deleted. */
  readonly properties: Properties;
  readonly reasons: readonly string[];

  constructor({ id, properties, problems }: PartialState) {
    const text = renderProblems(problems);
    super(text);
    this.name = "PartialFailure";
    this.stack = text;
    this.id = id;
    this.properties = properties;
    this.reasons = [text];
  }
}
