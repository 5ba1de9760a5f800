// The import of a first run: into which source, what is written there, and when nothing is.

import { describe, expect, test } from "vitest";
import type { ImportPriority } from "../../provider/core/imports.js";
import { SecretSyncError } from "../../provider/errors.js";
import { redact } from "../../provider/redacted.js";
import { carryOutImport, planImport, rehearseImport } from "../../provider/reconciler/imports/importing.js";
import type { World } from "../../provider/reconciler/world.js";
import type { SourceRequest } from "../../provider/sources/source.js";
import type { Source } from "../../schema/index.js";
import { editByHand } from "../scenarios/scenario.js";
import { recordCalls, setStage } from "./jobs.js";

interface Setup {
  readonly priority?: ImportPriority;
  readonly sources?: readonly Partial<Record<string, unknown>>[];
  readonly values?: Readonly<Record<string, string>>;
}

const file = { type: "file", path: ".env" };

/** An app with A and B in clear, and what is written into which source. */
async function open({ priority = "destination", sources = [file], values = {} }: Setup = {}) {
  const { app, job } = setStage({ name: "shop", envs: ["A", "B"].map((key) => ({ key, value: `live ${key}` })) });
  const { job: recorded, calls } = recordCalls(job("web", {}));
  const { target } = recorded;
  const done: unknown[] = [];
  const world = {
    isWritable: ({ type }: Source) => type === "file",
    confirmWholeSource: async ({ source }: SourceRequest) => void done.push(["confirm", source]),
    writeSource: async (source, credentials, { edits, rehearse }) =>
      void done.push([
        rehearse ? "rehearse" : "write",
        source,
        credentials,
        edits.map(({ key, value, before }) => `${key} = ${value.reveal()} (${before?.reveal()})`),
      ]),
  } satisfies Partial<World> as unknown as World;
  const requests = sources.map((source) => ({ source, secrets: new Map() })) as unknown as SourceRequest[];
  const given = new Map(Object.entries(values).map(([key, value]) => [key, redact(value)]));
  const question = {
    priority,
    target,
    salt: "salt",
    keySchema: undefined,
    environment: "prod",
    claims: [],
    sources: requests,
    values: requests.map(({ source }) => (source.type === "file" ? given : new Map())),
    snapshot: await target.observe({ fresh: false }),
  };
  calls.looks.length = 0;
  return { app, world, done, question, calls };
}

const codeOf = (error: unknown) => (error instanceof SecretSyncError ? error.problems : [error]);

describe("an import", () => {
  test("is rehearsed without a look, and carried out after a fresh one, into a source that is as it was", async () => {
    const { world, done, question, calls } = await open({ values: { A: "source" } });
    const importing = planImport(question, world);
    const edits = ["A = live A (source)", "B = live B (undefined)"];
    await rehearseImport(importing, world);
    expect([done, calls.looks]).toEqual([[["rehearse", file, undefined, edits]], []]);
    done.length = 0;
    await carryOutImport(importing, world);
    expect([done, calls.looks]).toEqual([
      [
        ["confirm", file],
        ["write", file, undefined, edits],
      ],
      [true],
    ]);
  });

  test("goes into the last source that takes values, and only what that one would read again", async () => {
    const { world, done, question } = await open({
      sources: [{ ...file, path: "first" }, { ...file, path: "last", include: ["B"] }, { type: "inline" }],
    });
    const importing = planImport(question, world);
    await carryOutImport(importing, world);
    expect(importing.index).toBe(1);
    expect(done.at(-1)).toEqual(["write", question.sources[1]?.source, undefined, ["B = live B (undefined)"]]);
    expect(importing.decision.left).toEqual([{ key: "A", because: "filtered", given: false }]);
  });

  test("is refused where no source takes values, with the types that there are", async () => {
    const { world, question } = await open({ sources: [{ type: "inline" }, { type: "exec" }, { type: "inline" }] });
    expect.assertions(1);
    try {
      planImport(question, world);
    } catch (error) {
      expect(codeOf(error)).toEqual([
        {
          code: "import.no_writable_source",
          message:
            'syncOptions.initialSyncBehavior imports values, and no source here can store them (inline, exec); add a file, infisical or vault source, or use "merge" and adoptExisting',
        },
      ]);
    }
  });

  test("writes nothing once the destination has changed", async () => {
    const { app, world, done, question } = await open();
    const importing = planImport(question, world);
    app.replace((spec) => editByHand(spec, { A: "changed" }));
    expect(await carryOutImport(importing, world).catch(codeOf)).toMatchObject([
      {
        code: "import.changed",
        message: "what can be imported from shop changed after it was read, and nothing was written; run again",
      },
    ]);
    expect(done).toEqual([]);
  });

  test("that finds equal values writes nothing, and looks whether they still are", async () => {
    const { app, world, done, question, calls } = await open({ values: { A: "live A", B: "live B" } });
    const importing = planImport(question, world);
    await rehearseImport(importing, world);
    await carryOutImport(importing, world);
    expect([done, calls.looks]).toEqual([[], [true]]);
    app.replace((spec) => editByHand(spec, { A: "changed" }));
    expect(await carryOutImport(importing, world).catch(codeOf)).toMatchObject([{ code: "import.changed" }]);
  });

  test("that takes over nothing does not even look", async () => {
    const { app, world, done, question, calls } = await open();
    app.replace((spec) => editByHand(spec, { A: null, B: null }));
    const snapshot = await question.target.observe({ fresh: true });
    calls.looks.length = 0;
    await carryOutImport(planImport({ ...question, snapshot }, world), world);
    expect([done, calls.looks]).toEqual([[], []]);
  });

  test("of a text that looks like a reference needs a source that may hold one", async () => {
    const reference = "op://vault/item/field";
    const leftBy = async (more: object) => {
      const { app, world, question } = await open({ sources: [{ ...file, ...more }] });
      app.replace((spec) => editByHand(spec, { A: reference }));
      const snapshot = await question.target.observe({ fresh: true });
      return planImport({ ...question, snapshot }, world).decision.imports.map(({ key }) => key);
    };
    expect(await leftBy({})).toEqual(["B"]);
    expect(await leftBy({ allowReferences: ["A"] })).toEqual(["A", "B"]);
  });
});
