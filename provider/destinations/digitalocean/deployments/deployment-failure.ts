// Pure: why a deployment failed, in the platform's own words, and the command that shows its log.

import type { Problem } from "../../../errors.js";
import type { Deployment, Step } from "../wire.js";

/** What a deployment does not say about itself. */
export interface FailureContext {
  readonly appId: string;
  /** Hides values in foreign words, and cuts them. */
  readonly clean: (text: string) => string;
}

// What runs has not changed; what is stored has, and anybody's next deployment brings it.
export const wayBack =
  'to go back, put the earlier values into the source, or let deployment.onFailure: "restore" do it from now on';

/** A step and its ancestors. */
interface Node {
  readonly step: Step;
  readonly above: Node | undefined;
  readonly depth: number;
}

// A documented deployment has four levels and a few steps for each component.
const deepest = 50;
const mostSteps = 5_000;
const longestName = 80;

export function describeFailure(deployment: Deployment, { appId, clean }: FailureContext): Problem {
  const { end, told } = findFailure(listSteps(deployment.progress?.steps ?? []));
  const name = (text: string) => clean(text).slice(0, longestName);
  const component = name(nearest(end, ({ component_name }) => component_name ?? ""));
  const step = name(nearest(end, (one) => one.name ?? ""));
  const code = name(told?.step.reason?.code ?? "");
  const words = clean(told?.step.reason?.message ?? "");
  const where = [component === "" ? "" : `component ${component}`, step === "" ? "" : `step ${step}`];
  const why = joinReason(where, { code, words });
  const command = writeCommand([appId, quoteWord(component), "--deployment", deployment.id, "--type", readType(end)]);
  return {
    code: "deployment.failed",
    message:
      `the variables are written, but deployment ${deployment.id} failed (${why}), so the app still runs with the earlier values; ` +
      `read its log with "${command}" or in the console, then run up again`,
  };
}

function joinReason(where: readonly string[], { code, words }: { code: string; words: string }): string {
  const parts = [code === "" && words === "" ? "no reason given" : code, ...where].filter((part) => part !== "");
  return [parts.join(", "), words === "" ? "" : JSON.stringify(words)].filter((part) => part !== "").join(": ");
}

/** Without a type, doctl shows the log of what runs, which is not what failed. */
function writeCommand(words: readonly string[]): string {
  return ["doctl apps logs", ...words].filter((word) => word !== "").join(" ");
}

/** Every step in its order, without recursion: how deep they nest is the platform's choice. */
function listSteps(roots: readonly Step[]): Node[] {
  const listed: Node[] = [];
  const open: Node[] = listNodes(roots, undefined).toReversed();
  for (let node = open.pop(); node !== undefined && listed.length < mostSteps; node = open.pop()) {
    listed.push(node);
    if (node.depth < deepest) open.push(...listNodes(node.step.steps ?? [], node).toReversed());
  }
  return listed;
}

function listNodes(steps: readonly Step[], above: Node | undefined): Node[] {
  return steps.slice(0, mostSteps).map((step) => ({ step, above, depth: (above?.depth ?? 0) + 1 }));
}

/**
 * `end` is the deepest failed step, which shows where; `told` is the one that says why. A phase repeats what its component said in
 * fewer words, and the innermost step may say nothing, so the deepest reason counts, and `end` is searched below it.
 */
function findFailure(steps: readonly Node[]): { end: Node | undefined; told: Node | undefined } {
  const failed = steps.filter(({ step }) => step.status === "ERROR");
  const telling = findDeepest(failed.filter(hasReason));
  const end = findDeepest(telling === undefined ? failed : failed.filter((node) => isWithin(node, telling)));
  return { end, told: telling ?? climb(end).find(hasReason) };
}

function hasReason({ step: { reason } }: Node): boolean {
  return Boolean(reason?.code) || Boolean(reason?.message);
}

/** The first of them. */
function findDeepest(nodes: readonly Node[]): Node | undefined {
  return nodes.reduce<Node | undefined>((best, node) => (best && best.depth >= node.depth ? best : node), undefined);
}

function isWithin(node: Node, outer: Node): boolean {
  return climb(node).includes(outer);
}

/** The step and its ancestors, from the inside out. */
function climb(node: Node | undefined): Node[] {
  const way: Node[] = [];
  for (let at = node; at !== undefined; at = at.above) way.push(at);
  return way;
}

function nearest(node: Node | undefined, read: (step: Step) => string): string {
  return (
    climb(node)
      .map(({ step }) => read(step))
      .find((text) => text !== "") ?? ""
  );
}

/** Which log: that of the step's phase. A failure without any information usually came before the first phase. */
function readType(node: Node | undefined): "build" | "deploy" {
  const phase = climb(node).at(-1)?.step.name ?? "build";
  return phase.startsWith("build") ? "build" : "deploy";
}

/** A component's name by the platform's own rule; anything else is left out of a command. */
function quoteWord(component: string): string {
  return /^[a-z][a-z0-9-]*$/.test(component) ? component : "";
}
