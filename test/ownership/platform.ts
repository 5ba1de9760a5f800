// What a history needs of the platform on which it takes place: two apps or sites, each with three slots.

import type { DigitalOceanEmulator } from "../emulators/digitalocean/index.js";
import type { Properties } from "../../provider/lifecycle/engine/wire.js";
import type { Edit, Fault } from "./arbitraries.js";
import type { Found, Place } from "./place.js";
import type { Declared } from "./program.js";

export interface Platform {
  /** The stack looks for App Platform there. */
  readonly cloud: DigitalOceanEmulator;
  readonly environment: Readonly<Record<string, string>>;
  /** Of the two apps or sites. */
  readonly ids: readonly string[];
  readonly slots: readonly string[];
  /** Whether values in several slots are parts of one variable, which shows when one of them is written. */
  readonly hasSharedVariables: boolean;
  nameOf(app: number): string;
  /** Every variable of both. */
  look(): Map<string, Found>;
  /** Somebody sets or removes a variable. */
  edit(edit: Edit): void;
  /** Whether somebody could do that unseen: nothing but a value that is not shown would change. */
  hides(edit: Edit): boolean;
  /** Lets every write fail in one way; a fault of the program is none of its own. @returns what ends it */
  fail(fault: Fault | undefined): () => void;
  /** Once so many writes have taken effect, nothing is answered any more. @returns what ends that */
  stopAfter(writes: number, onStop: () => void): () => void;
  /** Waits for whatever is under way. */
  settle(): void;
  /** Brings to life whatever is stored. */
  deploy(): void;
  /** Lets every sync of a variable that belongs to several declare it as it is, and shows every variable there is. */
  agree(syncs: readonly Declared[]): void;
  /** The arguments of a sync. */
  destinationOf(one: Declared): Properties;
  /** What `pulumi import` takes for a slot. */
  importId(place: Pick<Place, "app" | "slot">): string;
  /** As a sync wants them for a key. */
  settingsOf(one: Declared, key: string): string;
  /** Whether a variable is deleted before it is made with other settings. */
  isRemovedFirst(from: string, wanted: string): boolean;
  /** Requests that have changed something, so far. */
  countWrites(): number;
}
