// The file source against real files in a temporary directory.

import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FileSource } from "../../schema/index.js";
import { fileStatesVariable, formatFileState } from "../../provider/file-states.js";
import { takeFrom } from "../../provider/sources/documents/content.js";
import { guessFormat, readFileSource } from "../../provider/sources/local/file.js";
import { readWhole } from "../../provider/sources/local/whole-file.js";
import { canary, failureOf, problemsOfFailure, reveal, sourceOptions } from "./canary.js";
import { sourcesWith } from "./reading.js";

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(path.join(tmpdir(), "file-source-"));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const write = (name: string, content: string) => writeFileSync(path.join(directory, name), content);
const read = async (source: Omit<FileSource, "type">) =>
  takeFrom(await readFileSource({ type: "file", ...source }, sourceOptions({ directory })));

describe("a file", () => {
  test.each([
    [".env", "dotenv"],
    [".env.production", "dotenv"],
    ["config/app.env", "dotenv"],
    ["A.ENV", "dotenv"],
    ["secrets.json", "json"],
    [".env.json", "json"],
    ["a.yaml", "yaml"],
    ["a.enc.YML", "yaml"],
    [".envrc", "dotenv"],
    [".envrc.local", "dotenv"],
    [".dev.vars", "dotenv"],
    [".dev.vars.staging", "dotenv"],
    [".env-prod", "dotenv"],
    [".env_local", "dotenv"],
    ["env.example", "dotenv"],
    ["env-staging", "dotenv"],
    ["env", "dotenv"],
    ["app.env.local", "dotenv"],
    [".flaskenv", "dotenv"],
    [".env-prod.yaml", "yaml"],
    ["env.json", "json"],
    ["env.ts", undefined],
    ["env.d.ts", undefined],
    ["env.sh", undefined],
    [".env.toml", undefined],
    ["environment", undefined],
    ["envelope.txt", undefined],
    ["terraform.tfvars", undefined],
    ["secrets.toml", undefined],
    [".env.d/secrets", undefined],
  ])("named %s is taken for %s", (name, format) => {
    expect(guessFormat(name)).toBe(format);
  });

  test("is read from the directory of the program, in the format that its name tells", async () => {
    mkdirSync(path.join(directory, "config"), { recursive: true });
    write("config/.env.test", `A=${canary}`);
    write("nested.yaml", "db: {url: u}");
    expect(reveal(await read({ path: "config/.env.test" }))).toEqual({ A: canary });
    expect(reveal(await read({ path: path.join(directory, "nested.yaml"), separator: "__" }))).toEqual({
      db__url: "u",
    });
  });

  test("is read in the format that the program says, whatever its name", async () => {
    write("secrets", "A: x");
    write("wrong.json", "A: y");
    expect(reveal(await read({ path: "secrets", format: "yaml" }))).toEqual({ A: "x" });
    expect(reveal(await read({ path: "wrong.json", format: "yaml" }))).toEqual({ A: "y" });
  });

  test("gives values that print as a mask", async () => {
    write("masked.env", `A=${canary}`);
    expect(JSON.stringify([...(await read({ path: "masked.env" }))])).toBe('[["A","[secret]"]]');
  });

  test("may be a link", async () => {
    write("target.env", "A=x");
    symlinkSync("target.env", path.join(directory, "link.env"));
    expect(reveal(await read({ path: "link.env" }))).toEqual({ A: "x" });
  });
});

// Skipped where there is no /proc.
test.skipIf(process.platform !== "linux")("a file that says no size is read to its end", async () => {
  expect(String(await readWhole("/proc/self/status", 1024 * 1024))).toMatch(/^Name:[^]*\n$/);
  expect(await readWhole("/proc/self/status", 10)).toBe("too-large");
});

describe("a file that cannot be read is a failure with a remedy:", () => {
  test("it does not exist", async () => {
    expect(await failureOf(read({ path: "no/such.env" }))).toEqual([
      `source.unreadable: file source "no/such.env": ${directory}/no/such.env does not exist; create it, or correct \`path\` (relative paths start at ${directory})`,
    ]);
    const absolute = path.join(directory, "no/such.env");
    expect(await failureOf(read({ path: absolute }))).toEqual([
      `source.unreadable: file source "${absolute}": ${absolute} does not exist; create it, or correct \`path\``,
    ]);
  });

  test("a part of its path is a file", async () => {
    write("plain.env", "A=x");
    expect((await failureOf(read({ path: "plain.env/x.env" })))[0]).toMatch(/^source\.unreadable: .* does not exist/);
  });

  test("it is a directory", async () => {
    mkdirSync(path.join(directory, "folder.env"));
    expect((await failureOf(read({ path: "folder.env" })))[0]).toMatch(
      /^source\.unreadable: .* is a directory; name a file/,
    );
  });

  test("its permissions forbid it", async () => {
    write("locked.env", `A=${canary}`);
    chmodSync(path.join(directory, "locked.env"), 0o000);
    expect((await asNobody(() => failureOf(read({ path: "locked.env" }))))[0]).toMatch(
      /^source\.unreadable: .* change its permissions/,
    );
  });

  // Skipped on Windows, which has no named pipes in folders.
  test.skipIf(process.platform === "win32")("it is a pipe, which might never end", async () => {
    expect(spawnSync("mkfifo", [path.join(directory, "pipe.env")]).status).toBe(0);
    expect((await failureOf(read({ path: "pipe.env" })))[0]).toMatch(/^source\.unreadable: .* exec source/);
  });

  test("its path holds a character that no path can hold", async () => {
    expect((await failureOf(read({ path: "a\0b.env" })))[0]).toMatch(/^source\.unreadable: .*ERR_INVALID_ARG_VALUE/);
  });

  test("it is far too large", async () => {
    write("large.env", "");
    truncateSync(path.join(directory, "large.env"), 10 * 1024 * 1024 + 1);
    expect((await failureOf(read({ path: "large.env" })))[0]).toMatch(/^source\.too_large: .* larger than 10 MiB/);
  });

  // Skipped where there is no /proc.
  test.skipIf(process.platform !== "linux").each(["/proc/self/pagemap", "/proc/self/mem"])(
    "it has no size and no end: %s",
    async (file) => {
      expect((await failureOf(read({ path: file, format: "dotenv" })))[0]).toMatch(
        /^source\.(?:too_large: .* larger than 10 MiB|unreadable: .* cannot be read)/,
      );
    },
  );

  test("its name does not tell its format", async () => {
    write("unknown.txt", `A=${canary}`);
    expect(await failureOf(read({ path: "unknown.txt" }))).toEqual([
      'source.unknown_format: file source "unknown.txt" has a name that does not show its format; set `format` to "dotenv", "json", "yaml" or "kubernetes"',
    ]);
  });

  test("it does not parse, and no problem may go away by itself", async () => {
    write("broken.env", `${canary}\nA=${canary}`);
    const problems = await problemsOfFailure(read({ path: "broken.env" }));
    expect(problems.map(({ code, retryable }) => [code, retryable])).toEqual([["source.unparsable", undefined]]);
  });
});

test("of all sources only a file is looked at without being read", async () => {
  write("looked-at.env", "A=1\n");
  const sources = sourcesWith();
  expect(await sources.look({ type: "file", path: "looked-at.env" }, directory)).toMatch(/./);
  expect(await sources.look({ type: "exec", command: ["looked-at.env"] }, directory)).toBeUndefined();
});

describe("a file that the runner has looked at", () => {
  const expecting = (states: unknown) =>
    sourceOptions({ directory, environment: { [fileStatesVariable]: JSON.stringify(states) } });
  const readExpecting = (states: unknown) => readFileSource({ type: "file", path: "app.env" }, expecting(states));
  const stateOf = () => formatFileState(statSync(path.join(directory, "app.env"), { bigint: true }));

  test("is read as long as it is the same", async () => {
    write("app.env", `A=${canary}`);
    expect(reveal(takeFrom(await readExpecting({ [path.join(directory, "app.env")]: stateOf() })))).toEqual({
      A: canary,
    });
  });

  test("is read where the runner has looked at others only, or has said nothing that can be read", async () => {
    write("app.env", "A=1");
    for (const states of [{ "/other.env": "1 2 3 4" }, {}, [], null, { __proto__: null }]) {
      expect(reveal(takeFrom(await readExpecting(states)))).toEqual({ A: "1" });
    }
  });

  test.each([
    ["truncated", () => truncateSync(path.join(directory, "app.env"), 3)],
    [
      "replaced by one of the same size",
      () => {
        write("new.env", "A=2\nB=2");
        renameSync(path.join(directory, "new.env"), path.join(directory, "app.env"));
      },
    ],
  ])("is not read after it was %s", async (_how, change) => {
    write("app.env", "A=1\nB=1");
    const states = { [path.join(directory, "app.env")]: stateOf() };
    change();
    expect(await failureOf(readExpecting(states))).toEqual([
      expect.stringMatching(/^source\.changed: file source "app\.env" changed after/),
    ]);
  });
});

/** Permissions forbid root nothing, so root becomes somebody else for a moment. */
async function asNobody<T>(act: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return act();
  chmodSync(directory, 0o755);
  process.seteuid?.(65_534);
  try {
    return await act();
  } finally {
    process.seteuid?.(0);
  }
}
