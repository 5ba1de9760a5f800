// Pure: the settings of `watch`, from its arguments and environment.

import { SecretSyncError } from "../../errors.js";
import { webhookSecretVariable } from "../../withheld-variables.js";
import { refuseEmpty } from "../given-options.js";
import { readDuration } from "../time.js";
import type { StackChoice } from "../stack.js";
import { type HoldRules, usualRules } from "./holds.js";
import type { Address } from "./listener.js";
import { type Timing, usualTiming } from "./schedule.js";

/** As the command line gives them. */
export interface WatchOptions {
  readonly stack?: string;
  readonly interval?: string;
  readonly once?: boolean;
  readonly json?: boolean;
  readonly parallel?: string;
  readonly webhookPort?: string;
  readonly webhookHost?: string;
  readonly healthPort?: string;
  readonly healthHost?: string;
  readonly timeout?: string;
  readonly minDeployInterval?: string;
  readonly notify?: string;
  readonly dryRun?: boolean;
}

export interface WatchSettings {
  readonly stacks: readonly StackChoice[];
  readonly timing: Timing;
  readonly once: boolean;
  readonly json: boolean;
  /** How many stacks run at the same time. */
  readonly parallel: number;
  readonly webhook?: { readonly address: Address; readonly secret: string } | undefined;
  readonly health?: Address | undefined;
  /** Milliseconds that a look may take. */
  readonly limit: number;
  readonly rules: HoldRules;
  /** A program, or an http or https address. */
  readonly notify?: string | undefined;
  readonly isDryRun: boolean;
}

/** @throws SecretSyncError `argument.invalid` */
export function readSettings(
  { programs, options }: { programs: readonly string[]; options: WatchOptions },
  environment: Readonly<Record<string, string | undefined>>,
): WatchSettings {
  refuseEmpty(options);
  const { webhookPort, healthPort } = options;
  const secret = environment[webhookSecretVariable];
  if (webhookPort !== undefined && !secret) {
    throw invalid(
      `--webhook-port needs the secret of the webhook in the environment variable ${webhookSecretVariable}`,
    );
  }
  if (options.once === true && (webhookPort ?? healthPort) !== undefined) {
    throw invalid("--once ends after one pass and does not listen: leave out --webhook-port and --health-port");
  }
  const at = (host: string | undefined, port: string) => ({ host: host ?? "127.0.0.1", port: readPort(port) });
  return {
    stacks: readPrograms(programs, options.stack),
    timing: { ...usualTiming, interval: readDuration({ option: "--interval", text: options.interval ?? "5m" }) },
    once: options.once === true,
    json: options.json === true,
    parallel: readCount(options.parallel ?? "1"),
    webhook: webhookPort && secret ? { address: at(options.webhookHost, webhookPort), secret } : undefined,
    health: healthPort ? at(options.healthHost, healthPort) : undefined,
    limit: readDuration({ option: "--timeout", text: options.timeout ?? "10m" }),
    rules: { ...usualRules, minDeployInterval: readLeastTime(options.minDeployInterval) },
    notify: options.notify,
    isDryRun: options.dryRun === true,
  };
}

/** `folder` or `folder#stack`; a stack's name contains no `#`, so the last one counts. */
function readPrograms(programs: readonly string[], stack: string | undefined): StackChoice[] {
  const given = programs.length === 0 ? ["."] : programs;
  const choices = given.map((program) => {
    const at = program.lastIndexOf("#");
    const [directory, named] = at < 0 ? [program, stack] : [program.slice(0, at), program.slice(at + 1)];
    if (program === "") throw invalid("a program folder is empty: name it, or leave it out");
    if (named === "") throw invalid(`${program} names no stack after the #`);
    return { directory: directory === "" ? "." : directory, stack: named };
  });
  const names = choices.map((choice) => JSON.stringify([choice.directory, choice.stack]));
  if (new Set(names).size < names.length) throw invalid("a stack is named twice");
  return choices;
}

function readLeastTime(text: string | undefined): number {
  return text === undefined ? 0 : readDuration({ option: "--min-deploy-interval", text });
}

function readPort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw invalid(`${text} is not a port: write a number up to 65535`);
  return port;
}

function readCount(text: string): number {
  if (!/^[1-9]\d?$/.test(text)) throw invalid(`--parallel ${text} is not a count: write a number from 1 to 99`);
  return Number(text);
}

function invalid(message: string): SecretSyncError {
  return new SecretSyncError({ code: "argument.invalid", message });
}
