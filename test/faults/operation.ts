// What an operation of the grid is, and what several of them share.

import type { Program, Run, Stack } from "../lifecycle/stack.js";
import { programOf, type Scene, well } from "./scene.js";

export interface Operation {
  /** Heads a group of the table. */
  readonly name: string;
  /** Meets every fault; the others meet one of each family. */
  readonly thorough?: true;
  /** Meets none: it is trouble enough by itself. */
  readonly undisturbed?: true;
  /** What the run sends when nothing goes wrong. */
  readonly requests: readonly string[];
  prepare(scene: Scene): Promise<unknown>;
  /** The run that a fault hits. */
  act(stack: Stack, scene: Scene): Promise<Run>;
  /** The program at the end; empty when everything of ours shall be gone. */
  program(scene: Scene): Program;
  /** Our variables at the end, by key. */
  wanted(scene: Scene): Readonly<Record<string, { value: string; scope: string }>>;
  /** Keys that were live before and stay wanted: they must never be missing, not even after a failed run. */
  readonly lasting: readonly string[];
}

/** Without a scope of the program's, a SECRET is for run time alone. */
export function wantedOf(values: Readonly<Record<string, string>>, scope?: string) {
  const scopeOf = (key: string) => scope ?? (key === "PLAIN" ? "RUN_AND_BUILD_TIME" : "RUN_TIME");
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, { value, scope: scopeOf(key) }]));
}

export const allOf = ({ values }: Scene) => ({ A: values.a, B: values.b, PLAIN: "readable" });
export const changedOf = ({ values }: Scene) => ({ A: values.next, B: values.b, PLAIN: "readable again" });

export const write = ["GET app", "PUT app", "GET deployments"];
export const polls = ["GET deployment", "GET deployment"];
/** Where the newest deployment is none that the app shows: the list tells, before the write, what is history. */
export const afterHistory = [
  "GET app",
  "GET deployments",
  "GET app",
  "PUT app",
  "GET deployments",
  ...polls,
  "GET app",
];
export const written = [...write, ...polls, "GET app"];

export const first = (scene: Scene) => well(scene.stack.up(programOf(scene)));
const nothingBefore = async () => undefined;
export const upTo = (program: (scene: Scene) => Program) => ({
  program,
  act: (stack: Stack, scene: Scene) => stack.up(program(scene)),
});
export const creation = {
  requests: written,
  prepare: nothingBefore,
  lasting: [],
  wanted: (scene: Scene) => wantedOf(allOf(scene)),
};
export const change = { requests: ["GET app", ...written], prepare: first, lasting: ["A", "B", "PLAIN"] };
