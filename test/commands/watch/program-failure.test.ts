// What fails before a resource is reached, as the CLI says it: a code, the cause's own lines, the cure, and no line of the program.

import { expect, test } from "vitest";
import { findProgramProblem } from "../../../provider/commands/watch/program-failure.js";

const running = "error: Running program '/srv/shop/index.js' failed with an unhandled exception:";

test.each<[string, string, string, RegExp]>([
  [
    "a program that throws",
    `${running}\nError: my program is broken\n    at Object.<anonymous> \u001B[90m(/srv/shop/\u001B[39mindex.js:8:7)`,
    "program.failed",
    /^pulumi preview failed: Error: my program is broken; correct the program$/,
  ],
  [
    "a program with a syntax error, whose line is not told",
    `${running}\n/srv/shop/index.js:1\nconst token = "canary-1;\n              ^\n\nSyntaxError: Invalid or unexpected token\n`,
    "program.failed",
    /^(?!.*canary).*SyntaxError: Invalid or unexpected token/,
  ],
  [
    "a program that does not compile",
    "error: Running program '/srv/shop' failed with an unhandled exception:\nTSError: ⨯ Unable to compile TypeScript:\nindex.ts(3,7): error TS2322: Type 'string' is not assignable to type 'number'.\n",
    "program.failed",
    /Unable to compile TypeScript: \| index\.ts\(3,7\): error TS2322/,
  ],
  [
    "packages that are not installed, as while npm ci is under way",
    `${running}\nError: Cannot find module '@pulumi/pulumi'\nRequire stack:\n- /srv/shop/index.js`,
    "package.missing",
    /Cannot find module '@pulumi\/pulumi'; install .* watch tries again by itself/,
  ],
  [
    "a package of an ES module",
    `${running}\nError [ERR_MODULE_NOT_FOUND]: Cannot find package 'pulumi-secret-sync' imported from /srv/shop/index.js`,
    "package.missing",
    /Cannot find package/,
  ],
  [
    "a missing TMPDIR",
    "error: stat /nowhere/tmp: no such file or directory\n",
    "watch.temporary",
    /stat \/nowhere\/tmp.*TMPDIR/,
  ],
  [
    "a full disk below the state",
    "error: writing object: open /srv/state/.pulumi/stacks/x.json: no space left on device",
    "stack.disk_full",
    /no space left on device; make room/,
  ],
  [
    "no Node",
    'error: could not find node on the $PATH: exec: "node": executable file not found in $PATH',
    "node.unsupported",
    /Node on the PATH/,
  ],
  [
    "anything else",
    "error: no stack named 'prod' found",
    "stack.failed",
    /^pulumi preview failed: no stack named 'prod' found; run it by hand/,
  ],
  ["silence", "", "stack.failed", /it printed no reason; run it by hand/],
])("%s", (...[, said, code, message]) => {
  expect(findProgramProblem(said, "preview")).toMatchObject({
    code,
    message: expect.stringMatching(message) as string,
  });
});

test("an address with credentials in it is told without them", () => {
  const said = "error: could not open s3://key:canary-1@host/bucket and postgres://u:canary-2@db/x";
  expect(findProgramProblem(said, "preview").message).not.toContain("canary");
});

test("what is quoted has an end", () => {
  expect(findProgramProblem(`error: ${"x".repeat(5000)}`, "preview").message.length).toBeLessThan(500);
});
