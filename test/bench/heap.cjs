// Preloaded into the provider process; collects twice a second and notes the megabytes that are still in use.
"use strict";

const { appendFileSync } = require("node:fs");
const { setFlagsFromString } = require("node:v8");
const { runInNewContext } = require("node:vm");

const file = process.env["BENCH_HEAP_FILE"];

if (file !== undefined && process.argv.some((argument) => argument.includes("cmd/dynamic-provider"))) {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc");
  const note = () => {
    collect();
    appendFileSync(file, `${Math.round(process.memoryUsage().heapUsed / 1_000_000)}\n`);
  };
  setInterval(note, 500).unref();
}
