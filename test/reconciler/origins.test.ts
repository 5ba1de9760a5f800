// Where a key comes from that is taken over: from the sync of the stack that wrote what stands there, and from nobody else.

import { expect, test } from "vitest";
import { traceOrigins } from "../../provider/reconciler/origins.js";
import { editByHand } from "../scenarios/scenario.js";
import { outcomeOf, setStage } from "./jobs.js";

const place = (key: string) => ({ slot: "app", key });

test("an origin is that of the sync that wrote the entry, at this target, as long as nobody has changed it", async () => {
  const { app, job, run } = setStage({ name: "shop", envs: [{ key: "THEIRS", value: "x" }] });
  const { ledger } = outcomeOf((await run(job("old", { A: "1", B: "2", C: "3" })))[0]);
  app.replace((spec) => editByHand(spec, { B: "theirs", C: null }));
  const { target } = job("web", {});
  const snapshot = await target.observe({ fresh: true });
  const trace = (targetId: string, salt = "old") =>
    ["A", "B", "C", "THEIRS", "NOWHERE"].filter(
      (key) => traceOrigins([{ targetId, salt, ledger }], { target, snapshot })(place(key)) !== undefined,
    );
  expect(trace(snapshot.targetId)).toEqual(["A"]);
  expect(trace("another")).toEqual([]);
  expect(trace(snapshot.targetId, "another salt")).toEqual([]);
});

test("the first sync that fits is the one, and each entry is its own", async () => {
  const { job, run } = setStage();
  const [a, b] = (await run(job("a", { A: "1" }), job("b", { B: "2" }))).map((end) => outcomeOf(end).ledger);
  const { target } = job("web", {});
  const snapshot = await target.observe({ fresh: true });
  const formers = [a, b].map((ledger, at) => ({ targetId: "id", salt: at === 0 ? "a" : "b", ledger: ledger ?? {} }));
  const trace = traceOrigins(formers, { target, snapshot });
  expect(["A", "B"].map((key) => trace(place(key)))).toEqual([a?.["app"]?.["A"], b?.["app"]?.["B"]]);
});
