// What a person does who reads what a failed run advises.

import type { Variant } from "../emulators/digitalocean/index.js";
import type { Program, Run } from "../lifecycle/stack.js";
import { unless } from "./laws.js";
import { ours, type Scene } from "./scene.js";

export interface Advice {
  readonly program: Program;
  /** Deployments that a person starts on the advice of a run. */
  readonly deployments: number;
  readonly complaints: readonly string[];
}

/** A second run that fails has to say what to do, and doing it has to help. */
export async function followAdvice(
  program: Program,
  { scene, secondRun }: { scene: Scene; secondRun: Run },
): Promise<Advice> {
  const { cloud, appId, stack } = scene;
  if (secondRun.problems === "") return { program, deployments: 0, complaints: [] };
  const again = async (asked: Program, deployments: number) => {
    const { problems } = await stack.up(asked);
    const complaints = unless(problems === "", `the run that followed the advice failed: ${problems}`);
    return { program: asked, deployments, complaints };
  };
  if (isAdoptionAsked(secondRun)) {
    const adopting = program.map((one) => ({ ...one, args: { ...one.args, syncOptions: { adoptExisting: ours } } }));
    return again(adopting, 0);
  }
  if (isDeploymentAsked(secondRun, cloud.variant)) {
    cloud.deploy(appId);
    cloud.settle(appId);
    return again(program, 1);
  }
  return { program, deployments: 0, complaints: [`the second run failed: ${secondRun.problems}`] };
}

/** Keys of a create that was killed look foreign: the second run names them, and says how to take them over. */
export function isAdoptionAsked({ problems }: Run): boolean {
  return (
    ours.every((key) => new RegExp(`conflict\\.exists: [\\w:-]+/${key}\\b`).test(problems)) &&
    problems.includes("adoptExisting")
  );
}

/** A platform that keeps the ciphertext of an unchanged secret deploys nothing for it, so no write of ours can bring it live. */
function isDeploymentAsked({ problems }: Run, { resubmittedSecret }: Pick<Variant, "resubmittedSecret">): boolean {
  return (
    resubmittedSecret === "kept" && problems.includes("deployment.stale: ") && problems.includes("deploy the app once")
  );
}
