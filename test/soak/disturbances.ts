// What happens around a runner that is left alone: files are rotated, cut off and broken, people edit, the platform fails, processes die.

import { editConsole } from "../e2e/evidence.js";
import type { Soak } from "./soak.js";

interface Disturbance {
  readonly name: string;
  /** How often, compared with the others. */
  readonly weight: number;
  readonly play: (soak: Soak) => Promise<void> | void;
}

const disturbances: readonly Disturbance[] = [
  { name: "rotate", weight: 5, play: (soak) => soak.rotate(soak.pickSync()) },
  {
    name: "rotate several",
    weight: 2,
    play: (soak) => Promise.all(soak.syncs.map((sync) => soak.rotate(sync))).then(),
  },
  { name: "slow write", weight: 4, play: (soak) => soak.writeSlowly(soak.pickSync()) },
  { name: "broken file", weight: 2, play: (soak) => soak.breakFor(soak.pickSync(), 8000) },
  { name: "key removed from the source", weight: 1, play: (soak) => soak.dropKey(soak.pickSync()) },
  {
    name: "drift",
    weight: 3,
    play: (soak) => {
      const { appId, keys, removedByHand } = soak.pickSync();
      const [gone = ""] = Object.keys(keys);
      removedByHand.add(gone);
      editConsole(soak.world, appId, (spec) => (spec.envs = (spec.envs ?? []).filter(({ key }) => key !== gone)));
    },
  },
  {
    name: "platform down",
    weight: 2,
    play: async (soak) => {
      const fault = soak.world.cloud.faults.add({ match: { times: Infinity }, status: 503 });
      await soak.pause(6000);
      fault.remove();
    },
  },
  {
    name: "writes refused",
    weight: 1,
    play: async (soak) => {
      const fault = soak.world.cloud.faults.add({ match: { method: "PUT", times: Infinity }, status: 500 });
      await soak.pause(5000);
      fault.remove();
    },
  },
  {
    name: "failed deployment",
    weight: 1,
    play: (soak) => {
      const sync = soak.pickSync();
      soak.world.cloud.failNextDeployment(sync.appId, { step: "deploy" });
      return soak.rotate(sync);
    },
  },
  { name: "run now", weight: 1, play: (soak) => void process.kill(soak.runner().pid, "SIGUSR1") },
  { name: "reload", weight: 1, play: (soak) => void process.kill(soak.runner().pid, "SIGHUP") },
  { name: "kill", weight: 1, play: (soak) => soak.restart("SIGKILL") },
  { name: "stop and start", weight: 1, play: (soak) => soak.restart("SIGTERM") },
];

export function pickDisturbance(random: () => number): Disturbance {
  let at = random() * disturbances.reduce((sum, { weight }) => sum + weight, 0);
  for (const one of disturbances) {
    at -= one.weight;
    if (at < 0) return one;
  }
  throw new Error("chance is not below 1");
}
