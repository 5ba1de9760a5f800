// How many steps the stand-in for the engine runs at once, in which order it takes resources, and which of them.

import type { Registered } from "./engine.js";

/** How the engine runs, as its command line says it. */
export interface EngineOptions {
  /** `--parallel`: one resource more is checked, and then nothing until a step ends. Without it there is no limit. */
  readonly parallel?: number | undefined;
  /** `--target`: names of resources; the provider is not called for the others. */
  readonly targets?: readonly string[] | undefined;
  /** `--continue-on-error`: what does not depend on a failed step is still done. */
  readonly continueOnError?: boolean | undefined;
}

export function createWorkers(most = Infinity): { enter(): Promise<() => void> } {
  let busy = 0;
  const waiting: Array<() => void> = [];
  const leave = () => {
    const next = waiting.shift();
    if (next === undefined) busy -= 1;
    else next();
  };
  return {
    enter: async () => {
      if (busy < most) busy += 1;
      else
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
        });
      return leave;
    },
  };
}

export function nameOf(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}

export function isTargeted(urn: string, targets: readonly string[] | undefined): boolean {
  return targets === undefined || targets.includes(nameOf(urn));
}

/** What depends on others is registered after everything that does not wait. */
export function orderByDependencies(program: readonly Registered[]): Registered[] {
  const depth = ({ options }: Registered): number =>
    Math.max(
      0,
      ...(options?.dependsOn ?? []).map((name) => {
        const before = program.find(({ urn }) => nameOf(urn) === name);
        return before === undefined ? 0 : 1 + depth(before);
      }),
    );
  return program.toSorted((a, b) => depth(a) - depth(b));
}
