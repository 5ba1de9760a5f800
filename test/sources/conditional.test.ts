// A question is asked conditionally only where a whole answer was kept.

import { expect, test } from "vitest";
import type { HttpCall } from "../../provider/http/client.js";
import { askConditionally } from "../../provider/sources/remote/conditional.js";

const call: HttpCall = { method: "GET", path: "/secrets", repeat: "safe", accept: [404] };

function scripted(...statuses: readonly number[]) {
  const asked: Array<string | undefined> = [];
  const left = [...statuses];
  const ask = askConditionally((given) => {
    asked.push(given.headers?.["if-none-match"]);
    const status = left.shift() ?? 200;
    return Promise.resolve({ status, headers: { etag: `"${asked.length}"` }, body: { status }, text: "" });
  });
  return { ask, asked };
}

test("an answer is kept by its tag, and is the answer again while nothing has changed", async () => {
  const { ask, asked } = scripted(200, 304, 200, 304);
  const answers = [];
  for (let at = 0; at < 4; at += 1) answers.push((await ask(call)).body);
  expect(answers).toEqual([200, 200, 200, 200].map((status) => ({ status })));
  expect(asked).toEqual([undefined, '"1"', '"1"', '"3"']);
});

test("an answer that says that there is nothing is not kept", async () => {
  const { ask, asked } = scripted(404, 200);
  expect([(await ask(call)).status, (await ask(call)).status]).toEqual([404, 200]);
  expect(asked).toEqual([undefined, undefined]);
});
