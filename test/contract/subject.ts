// What the contract suite needs of a destination and its emulator, whatever the vendor.
import type { Clock } from "../../provider/clock.js";
import type { Sync } from "./sync.js";

/** Values as they really are at the vendor: slot, then key. */
export type Stored = Record<string, Record<string, string>>;

export interface Subject {
  readonly clock: Clock;
  /** The slot of the default sync, and another one of the same target. */
  readonly slot: string;
  readonly otherSlot: string;
  /** A sync with default arguments, aimed at one slot, as a new process opens it. */
  open(owner?: string, slot?: string): Sync;
  /** What the vendor holds. */
  stored(): Stored;
  /** Somebody else's hand. */
  edit(slot: string, key: string, value: string): void;
  drop(slot: string, key: string): void;
  /** Requests that write, since the start. */
  writes(): number;
  /** Everything of the target that no sync may touch, as text. */
  rest(): string;
  /** The next write takes effect, and its answer is lost. */
  loseNextAnswer(): void;
  /** The next writes are refused. */
  refuseWrites(): void;
  accept(): void;
  /** Fails when the emulator has seen anything that it should not have. */
  close(): Promise<void>;
}
