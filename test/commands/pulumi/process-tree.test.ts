// Which processes belong to one, from what `ps` prints. What is listed is killed, so nothing may get in by a gap.

import { expect, test } from "vitest";
import { listOwnDescendants, listTree } from "../../../provider/commands/pulumi/process-tree.js";
import { list, playPs } from "./played-ps.js";

const play = playPs();

test("a process comes with its children and theirs, in whatever order they are listed", async () => {
  play(
    list(
      "    1     0",
      "    2     0",
      "   74    73",
      "   73    72",
      "   72     1",
      "  720     1",
      "   75    72",
      "   76     2",
    ),
  );
  expect(await listTree(72)).toEqual([72, 73, 75, 74]);
  expect(await listTree(99)).toEqual([99]);
});

test("this process is not among what it has started", () => {
  play(list(`  81 ${process.pid}`, `${process.pid} 1`, "82 81", "83 1"));
  expect(listOwnDescendants()).toEqual([81, 82]);
});

test("a list that cannot be had, or is none, adds no process", async () => {
  play(list("", "0", "   5", "no such option", "   9   x", "-7 72", "0 72", "1 0", "2 1"));
  for (const root of [72, 0, NaN, undefined as unknown as number]) expect(await listTree(root)).toEqual([root]);
  play("exit 1");
  expect([await listTree(72), listOwnDescendants()]).toEqual([[72], []]);
});
