// What a target is called, in `status` and in `map`: by a name that people know, before an id that nobody does.

import { expect, test } from "vitest";
import { nameTarget } from "../../provider/commands/target-name.js";

const id = "f5b8c1aa-c3e7-4c5f-bac6-f384d70ecd56";
const other = "5b8c7e0f-0000-4000-8000-000000000000";
const url = "https://shop-f5b8c.ondigitalocean.app/path";
const host = "shop-f5b8c.ondigitalocean.app";

test.each<[string, Partial<Parameters<typeof nameTarget>[0]>, string | undefined]>([
  ["its name", { name: "shop", id, url }, "shop"],
  ["its name, without an address", { name: "shop", id }, "shop"],
  ["the host of its address where its name is empty", { name: "", id, url }, host],
  ["the host of its address where its name is unknown", { id, url }, host],
  ["the host of its address where its name is its id", { name: "app-1", id: "app-1", url }, host],
  ["the host of its address where its name looks like an id", { name: other, id, url }, host],
  ["what the arguments call it where it has no address", { name: other, id }, other],
  ["its id where its address is none", { id, url: "no address" }, id],
  ["its id where nothing else is known", { id }, id],
  ["its id where its name is empty", { name: "", id }, id],
  ["nothing where nothing is known", {}, undefined],
  ["nothing where its name is empty and nothing else is known", { name: "" }, undefined],
])("a target is called by %s", (_, known, called) => {
  expect(nameTarget({ name: undefined, id: undefined, url: undefined, ...known })).toBe(called);
});
