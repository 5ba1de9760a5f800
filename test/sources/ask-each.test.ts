// Many questions to one service: a failure ends them, and nothing goes on asking behind it.

import { expect, test } from "vitest";
import { askEach } from "../../provider/sources/remote/ask-each.js";

const things = Array.from({ length: 100 }, (_, at) => at);

/** Answers when it is told to. */
function play() {
  const asked = new Map<number, { answer: (text: string) => void; fail: (error: Error) => void }>();
  const ask = (thing: number) => new Promise<string>((answer, fail) => void asked.set(thing, { answer, fail }));
  return { asked, ask };
}

/** Lets everything run that waits for nothing else. */
const turn = () => new Promise((resolve) => void setImmediate(resolve));

test("the answers are in the order of the questions, whichever comes first", async () => {
  const { asked, ask } = play();
  const answers = askEach([1, 2, 3], ask);
  for (const thing of [3, 1, 2]) asked.get(thing)?.answer(`of ${thing}`);
  expect(await answers).toEqual(["of 1", "of 2", "of 3"]);
});

test("nothing is asked about nothing", async () => {
  expect(await askEach([], () => Promise.reject(new Error("asked")))).toEqual([]);
});

test("sixteen are asked about at once, and the next one when one of them is answered", async () => {
  const { asked, ask } = play();
  const answers = askEach(things, ask);
  expect(asked.size).toBe(16);
  asked.get(7)?.answer("");
  await turn();
  expect([...asked.keys()]).toEqual(things.slice(0, 17));
  for (let at = 0; at < things.length; at += 1) {
    asked.get(at)?.answer("");
    await turn();
  }
  expect(await answers).toHaveLength(100);
});

test("after a failure nothing more is asked, and the failure waits for what is under way", async () => {
  const { asked, ask } = play();
  const ended: string[] = [];
  const answers = askEach(things, ask).catch((error: Error) => void ended.push(error.message));
  asked.get(3)?.fail(new Error("first"));
  await turn();
  for (let at = 4; at < 16; at += 1) asked.get(at)?.fail(new Error("later"));
  for (const at of [0, 1]) asked.get(at)?.answer("");
  await turn();
  expect([ended, asked.size]).toEqual([[], 16]);
  asked.get(2)?.answer("");
  await answers;
  expect([ended, asked.size]).toEqual([["first"], 16]);
});
