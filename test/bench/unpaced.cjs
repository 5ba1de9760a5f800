// Preloaded into the provider process while a large stack is made, which is not measured. Lifts the client's own pace,
// 250 requests a minute, that would make it wait for minutes. No measured run loads this.
"use strict";

const path = require("node:path");

if (process.argv.some((argument) => argument.includes("cmd/dynamic-provider"))) {
  require(path.join(__dirname, "../../dist/provider/http/pace.js")).defaultPaceLimits.requests =
    Number.MAX_SAFE_INTEGER;
}
