// What fails before a resource is reached, as the CLI says it: a code, the cause's own lines, the cure, and no line of the program.

import { describe, expect, test } from "vitest";
import { problemsIn } from "../../../provider/commands/pulumi/preview.js";
import { findProgramProblem } from "../../../provider/commands/pulumi/program-failure.js";

const running = "error: Running program '/srv/shop/index.js' failed with an unhandled exception:";

test.each<[string, string, string, RegExp]>([
  [
    "a program that throws",
    `${running}\nError: my program is broken\n    at Object.<anonymous> \u001B[90m(/srv/shop/\u001B[39mindex.js:8:7)`,
    "program.failed",
    /^pulumi preview failed: Error: my program is broken \(index\.js:8\); correct the program$/,
  ],
  [
    "a program that throws in a package that it calls",
    "error: Running program '/srv/shop/' failed with an unhandled exception:\nTypeError: no\n    at check (/srv/shop/node_modules/x/y.js:1:1)\n    at node:internal/z:2:2\n    at async file:///srv/shop/src/apps.mjs:31:9\n    at /srv/shop/index.js:2:1",
    "program.failed",
    /TypeError: no \(src\/apps\.mjs:31\); correct the program$/,
  ],
  [
    "a program that throws below another folder, or on Windows",
    "error: Running program 'C:\\shop' failed with an unhandled exception:\nError: no\n    at f (C:\\lib\\apps.js:4:5)",
    "program.failed",
    /Error: no \(C:\\lib\\apps\.js:4\); correct the program$/,
  ],
  [
    "a program with a syntax error, whose line is not told",
    `${running}\n/srv/shop/index.js:1\nconst token = "canary-1;\n              ^\n\nSyntaxError: Invalid or unexpected token\n`,
    "program.failed",
    /^(?!.*canary).*SyntaxError: Invalid or unexpected token \(index\.js:1\); correct/,
  ],
  [
    "a program that does not compile",
    "error: Running program '/srv/shop' failed with an unhandled exception:\nTSError: ⨯ Unable to compile TypeScript:\nindex.ts(3,7): error TS2322: Type 'string' is not assignable to type 'number'.\n",
    "program.failed",
    /Unable to compile TypeScript: \| index\.ts\(3,7\): error TS2322.* 'number'; correct the program$/,
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
    "a folder without a program",
    "error: no Pulumi.yaml project file found (searching upwards from ). If you have not created a project yet, use `pulumi new` to do so: no project file found\n",
    "program.missing",
    /^pulumi preview failed: no Pulumi\.yaml project file found; run this in the folder that has Pulumi\.yaml, or name that folder$/,
  ],
  [
    "a stack without its program",
    "error: if you're using the --stack flag, pass the fully qualified name (organization/project/stack)",
    "program.missing",
    /pass the fully qualified name \(organization\/project\/stack\); run this in the program's folder, name that folder, /,
  ],
  [
    "a stack that is not there",
    "error: no stack named 'prod' found",
    "stack.missing",
    /^pulumi preview failed: no stack named 'prod' found; pulumi stack ls names those of the program$/,
  ],
  [
    "anything else",
    "error: the passphrase is wrong",
    "stack.failed",
    /^pulumi preview failed: the passphrase is wrong; run it by hand/,
  ],
  ["silence", "", "stack.failed", /it printed no reason; run it by hand/],
])("%s", (...[, said, code, message]) => {
  expect(findProgramProblem(said, "preview")).toMatchObject({
    code,
    message: expect.stringMatching(message) as string,
  });
});

describe("an answer of the CLI", () => {
  const witness = { now: 0, host: "here", isAlive: () => true };
  const read = (command: "preview" | "up", { stdout = "", stderr = "" }) =>
    problemsIn({ code: 1, stdout, stderr }, command, witness);
  const preview = (...diagnostics: object[]) =>
    read("preview", { stdout: JSON.stringify({ diagnostics, duration: 1 }) });
  const lost = { message: "error: error reading from server: EOF\n", severity: "error" };
  const aside = (message: string) => ({ message, severity: "info#err" });

  test("that counts several errors is told by the one that matters", () => {
    const full =
      "error: 2 errors occurred:\n    1) write /srv/state/.pulumi/locks/x.json.tmp: no space left on device\n    2) Unknown\n";
    const message =
      "pulumi up failed: write /srv/state/.pulumi/locks/x.json.tmp: no space left on device; make room on the disk of the state and of the temporary folder";
    expect(read("up", { stderr: full })).toEqual([{ code: "stack.disk_full", message }]);
    const odd = "error: 3 errors occurred:\n\t* first reason\n\t* second reason\n\nUsage: canary-1";
    expect(read("up", { stderr: odd })).toEqual([
      { code: "stack.failed", message: "pulumi up failed: first reason; run it by hand to see more" },
    ]);
  });

  test("whose language host has gone is told by what that said last, of which only known words are repeated", () => {
    const sdk =
      "error: It looks like the Pulumi SDK has not been installed. Have you run npm install or yarn install?\n\n";
    expect(preview(aside(sdk), lost)).toEqual([
      {
        code: "package.missing",
        message:
          "pulumi preview failed: It looks like the Pulumi SDK has not been installed; install the program's packages; while an installation is under way, watch tries again by itself",
      },
    ]);
    const told = preview(aside("canary-1 ENOSPC canary-2\n"), lost);
    expect(told).toMatchObject([{ code: "stack.disk_full" }]);
    expect(JSON.stringify(told)).not.toContain("canary");
  });

  test("that names no error is told by what its language host said, of which only known words are repeated", () => {
    const entry = "We failed to locate the entry point for your program: /srv/canary-1/\n\n";
    expect(preview(aside(entry), aside("Here's what we think went wrong:\n\n"))).toEqual([
      {
        code: "program.missing",
        message:
          "pulumi preview failed: We failed to locate the entry point for your program; write it, build it, or correct main in Pulumi.yaml or package.json",
      },
    ]);
  });

  test.each([
    "error reading from server: EOF",
    "error reading from server: read tcp 127.0.0.1:41218->127.0.0.1:38123: read: connection reset by peer",
    "rpc error: code = Unavailable desc = transport is closing",
    'connection error: desc = "transport: Error while dialing: dial tcp 127.0.0.1:38123: connect: connection refused"',
  ])("whose language host has gone without a word (%s) is told as that", (message) => {
    const told = preview(aside("canary-1"), { message: `error: ${message}\n`, severity: "error" });
    expect(told).toMatchObject([{ code: "stack.failed" }]);
    expect(told[0]?.message).toBe(
      `pulumi preview failed: ${message}; what runs the program, or a plugin, ended in the middle of it, as without memory: watch tries again by itself`,
    );
  });

  test("that has another reason is not told by what the program has printed", () => {
    const reason = { message: "error: no stack named 'prod' found\n", severity: "error" };
    expect(preview(aside("ENOSPC"), reason)).toMatchObject([
      { code: "stack.missing", message: expect.stringContaining("no stack named") as string },
    ]);
  });
});

test("an address with credentials in it is told without them", () => {
  const said = "error: could not open s3://key:canary-1@host/bucket and postgres://u:canary-2@db/x";
  expect(findProgramProblem(said, "preview").message).not.toContain("canary");
});

test("what is quoted has an end", () => {
  expect(findProgramProblem(`error: ${"x".repeat(5000)}`, "preview").message.length).toBeLessThan(500);
});
