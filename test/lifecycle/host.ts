// The two hosts of the lifecycle, as the stand-in for the engine meets them. Every suite that uses a stack runs against both: the
// environment says which one a run uses, so that each test is written once.

import type { ListRecorded } from "../../provider/lifecycle/engine/stack-export.js";
import type { Properties } from "../../provider/lifecycle/engine/wire.js";
import type { Clock } from "../../provider/clock.js";
import type { Reporter } from "../../provider/reconciler/world.js";
import { dynamicHost } from "./dynamic-host.js";
import { pluginHost } from "./plugin-host.js";

/** One resource in state, as the host records it. */
export interface Resource {
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
  readonly initErrors: readonly string[];
  readonly customTimeouts?: Properties | undefined;
  /** Deleted before its replacement, which was not made. */
  readonly isRemoved?: true;
}

/** What the program registers: the raw inputs of one resource. */
export interface Registered {
  readonly urn: string;
  readonly kind: Declaration["kind"];
  readonly inputs: Properties;
  readonly options?: ResourceOptions | undefined;
}

/** What the engine does by itself, without asking the provider. */
export interface ResourceOptions {
  /** Names of inputs, `*` for all, and paths into maps of one level; the real option takes every path. */
  readonly ignoreChanges?: readonly string[];
  /** What is ignored in the comparison alone, as a path into an input that only `check` writes is. */
  readonly ignoreCompared?: readonly string[];
  /** `targeted`: `--replace` and `state taint`, where the provider is asked nothing; `triggered`: `replacementTrigger`. */
  readonly replace?: "targeted" | "triggered";
  readonly deleteBeforeReplace?: boolean;
  /** `aliases`: the name under which state has it. */
  readonly alias?: string;
  /** Names of resources whose steps have to end before this one is registered. */
  readonly dependsOn?: readonly string[];
  /** Durations in Go's notation. */
  readonly customTimeouts?: Properties;
}

/** The arguments of a resource as a program writes them, and the name it gives. */
export interface Declaration {
  readonly kind: "secret-sync" | "connection";
  readonly name: string;
  readonly args: Properties;
  readonly options?: ResourceOptions;
}

/** What a constructor knows beside the arguments. */
export interface Registering {
  readonly isPreview: boolean;
  /** Everything that the program declares, where it counts. */
  readonly program: readonly Declaration[];
  readonly parallel: number | undefined;
}

export interface Differences {
  readonly acts: boolean;
  readonly replaces: boolean;
  /** Paths of inputs that the CLI would print as changed; `*` where it prints the whole body. */
  readonly shown: readonly string[];
}

/** What a write left: outputs, and why they are not what they should be. */
export interface Written {
  readonly id: string;
  readonly outputs: Properties;
}

export interface Compared {
  readonly urn: string;
  readonly old: Resource;
  readonly news: Properties;
  readonly options: ResourceOptions;
}

/** A provider process, as the engine asks it. */
export interface Provider {
  check(urn: string, olds: Properties, news: Properties): Promise<{ inputs: Properties; reasons: readonly string[] }>;
  diff(compared: Compared): Promise<Differences>;
  /** In place of a write, in a preview. */
  preview(urn: string, news: Properties, old: Resource | undefined): Promise<void>;
  create(urn: string, inputs: Properties, customTimeouts?: Properties): Promise<Written>;
  /** `old` has the time limits of this run. */
  update(urn: string, news: Properties, old: Resource): Promise<Written>;
  /** `pulumi import`, which a dynamic provider cannot do. */
  import(urn: string, id: string): Promise<Resource>;
  /** Undefined for a resource that is gone. */
  read(urn: string, old: Resource): Promise<Properties | undefined>;
  delete(urn: string, old: Resource): Promise<void>;
  close(): Promise<void>;
}

/** What a provider process runs in. */
export interface Machine {
  readonly clock: Clock;
  readonly reporter: Reporter;
  readonly listRecorded: ListRecorded | undefined;
  readonly isEngineThere: () => Promise<boolean>;
  readonly config: Readonly<Record<string, string | undefined>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly directory: string;
  readonly timeoutMs: number | undefined;
  /** Takes every answer as everybody sees it: without what is marked as a secret. */
  readonly show: (answer: unknown) => void;
}

export interface TestedHost {
  readonly name: "dynamic" | "plugin";
  /** How much faster than the emulator's the time of the provider may run: what the engine does between two requests takes real time. */
  readonly speed: number;
  urnOf(kind: Declaration["kind"], name: string): string;
  /** How a person writes a key of stack configuration. */
  nameConfig(key: string): string;
  /** What the program sends for a declaration. */
  register(declaration: Declaration, registering: Registering): Registered;
  open(machine: Machine): Promise<Provider>;
  /** State as whoever can decrypt it reads it. */
  readState(resource: Resource): Resource;
}

export const host: TestedHost = process.env["TESTED_HOST"] === "plugin" ? pluginHost : dynamicHost;
