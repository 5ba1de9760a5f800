// Where the Pulumi CLI comes from: the order of places, and what each of them is passed over for. Nothing is really built.
import { mkdirSync, readFileSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { cliEnvironment, compiled, ensurePulumi } from "../../tools/pulumi-cli/index.mjs";
import { PretendedMachine, wanted } from "./machine.js";

let machine: PretendedMachine;
beforeEach(() => {
  machine = new PretendedMachine();
});
afterEach(() => machine.remove());

const ensure = () => ensurePulumi(machine.options());

// Skipped on Windows, where the stand-ins for the CLI are no programs.
describe.skipIf(process.platform === "win32")("the Pulumi CLI", () => {
  describe("on PATH", () => {
    test.each(["3.216.0", "3.300.1", "4.0.0", "3.260.0-dev.0+dirty"])("is taken at version %s", async (version) => {
      machine.cli("path", version);
      const found = await ensure();
      expect(found).toEqual({
        root: machine.root,
        bin: path.join(machine.root, "path"),
        version: /^[\d.]+/.exec(version)![0],
        origin: "path",
      });
      expect(machine.requested).toEqual([]);
    });

    test.each(["3.215.9", "2.999.0"])("is passed over at version %s", async (version) => {
      machine.cli("path", version);
      machine.cli(path.relative(machine.root, machine.cached), wanted);
      expect((await ensure()).origin).toBe("cache");
      expect(machine.lines.join()).toContain(`version ${version}, 3.216.0 or newer is needed`);
    });

    test.each(["pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"])(
      "is passed over without %s",
      async (name) => {
        machine.cli("path", "3.300.0", [name]);
        machine.cli(path.relative(machine.root, machine.cached), wanted);
        expect((await ensure()).origin).toBe("cache");
        expect(machine.lines.join()).toContain(name);
      },
    );

    test("is passed over when it does not run", async () => {
      machine.cli("path", "3.300.0");
      machine.program("path/pulumi", "exit 1");
      machine.cli(path.relative(machine.root, machine.cached), wanted);
      expect((await ensure()).origin).toBe("cache");
    });
  });

  describe("in the cache", () => {
    test("is used without asking the network", async () => {
      machine.cli(path.relative(machine.root, machine.cached), wanted);
      expect(await ensure()).toMatchObject({ bin: machine.cached, version: wanted, origin: "cache" });
      expect(machine.requested).toEqual([]);
    });

    test("gets the script of the installed SDK", async () => {
      machine.cli(path.relative(machine.root, machine.cached), wanted, ["pulumi-resource-pulumi-nodejs"]);
      await ensure();
      expect(readFileSync(path.join(machine.cached, "pulumi-resource-pulumi-nodejs"), "utf8")).toContain(
        "from the sdk",
      );
    });

    test("is replaced when it is incomplete", async () => {
      machine.cli(path.relative(machine.root, machine.cached), wanted, ["pulumi-language-nodejs"]);
      machine.go();
      expect((await ensure()).origin).toBe("built");
    });

    test("lies in the clone when the usual folder cannot be written", async () => {
      machine.go();
      const blocked = path.join(machine.root, "blocked");
      writeFileSync(blocked, "a file, so that no folder can be made below it");
      const options = machine.options();
      const found = await ensurePulumi({ ...options, env: { PATH: options.env.PATH, XDG_CACHE_HOME: blocked } });
      expect(found.root).toBe(path.join(machine.repository, ".tools", "versions", wanted));
    });
  });

  describe("downloaded", () => {
    test("is checked, unpacked and then found in the cache", async () => {
      machine.release();
      expect(await ensure()).toMatchObject({ bin: machine.cached, version: wanted, origin: "download" });
      expect(readdirSync(path.join(machine.home, "versions"))).toEqual([wanted]);
      expect((await ensure()).origin).toBe("cache");
    });

    test("is refused when the checksum differs", async () => {
      machine.release("0".repeat(64));
      await expect(ensure()).rejects.toThrow(/checksum mismatch/);
      expect(readdirSync(path.join(machine.home, "versions"))).toEqual([]);
    });

    test("is refused when no checksum is published for it", async () => {
      machine.release();
      machine.answer(() => Promise.resolve(new Response("nothing of use")));
      await expect(ensure()).rejects.toThrow(/checksums do not list/);
    });

    test.each([
      ["the host is unknown", undefined, "ENOTFOUND"],
      ["it is not there", () => Promise.resolve(new Response("", { status: 403 })), "answered 403"],
    ])("is given up for a build when %s", async (_, network, reason) => {
      if (network) machine.answer(network);
      machine.go();
      expect((await ensure()).origin).toBe("built");
      expect(machine.lines.filter((line) => line.startsWith("no download: "))).toEqual([
        expect.stringContaining(reason),
      ]);
      expect(machine.requested).toHaveLength(1);
    });
  });

  describe("not to be had", () => {
    test("without Go: says what to install", async () => {
      await expect(ensure()).rejects.toThrow(/go is not on PATH.*install pulumi 3\.216\.0 or newer/is);
    });

    test("with a Go that is too old: says which is needed", async () => {
      machine.go("1.24.9");
      await expect(ensure()).rejects.toThrow(/go is 1\.24\.9, 1\.25\.\d+ or newer is needed/);
    });

    test("leaves nothing behind", async () => {
      await expect(ensure()).rejects.toThrow("no usable pulumi cli");
      expect(readdirSync(path.join(machine.home, "versions"))).toEqual([]);
    });
  });

  describe("while somebody else installs", () => {
    const holdLock = (pid: number) => {
      mkdirSync(machine.lock, { recursive: true });
      writeFileSync(path.join(machine.lock, "pid"), `${pid}\n`);
    };

    test("the lock of a dead process is taken over, and what it left is removed", async () => {
      const { pid } = spawnSync(process.execPath, ["-e", ""]);
      holdLock(pid);
      mkdirSync(path.join(machine.home, "versions", `${wanted}.tmp-${pid}`));
      machine.go();
      expect((await ensure()).origin).toBe("built");
      expect(readdirSync(path.join(machine.home, "versions"))).toEqual([wanted]);
      expect(machine.lines.join()).toContain("taking over the lock");
    });

    test("a lock that nobody has touched for long is taken over, whoever holds it", async () => {
      holdLock(process.pid);
      utimesSync(machine.lock, new Date(0), new Date(0));
      machine.go();
      expect((await ensure()).origin).toBe("built");
    });

    test("two callers build once", async () => {
      machine.go();
      const found = await Promise.all([ensure(), ensure()]);
      expect(found.map((cli) => cli.origin).sort()).toEqual(["built", "cache"]);
      expect(machine.lines.join()).toContain("is installing the same version, waiting");
    });
  });
});

describe("the environment for it", () => {
  test("begins PATH with its folder and keeps the CLI quiet", () => {
    const env = cliEnvironment({ bin: "/cli/bin" }, { PATH: "/usr/bin", HOME: "/home/me", EMPTY: undefined });
    const folders = (env["PATH"] ?? "").split(path.delimiter);
    expect([folders[0], folders.at(-1)]).toEqual(["/cli/bin", "/usr/bin"]);
    expect(env).toMatchObject({ HOME: "/home/me", PULUMI_SKIP_UPDATE_CHECK: "true" });
    expect(env).not.toHaveProperty("EMPTY");
  });

  test("leaves what the caller has set", () => {
    const chosen = { PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "false" };
    expect(cliEnvironment({ bin: "/cli/bin" }, chosen)).toMatchObject(chosen);
  });

  test("keeps what Node has compiled, in the folder that the caller has set or else in the project's own", () => {
    expect(cliEnvironment({ bin: "/cli/bin" }, {})).toMatchObject({ NODE_COMPILE_CACHE: compiled });
    const chosen = { NODE_COMPILE_CACHE: "/mine" };
    expect(cliEnvironment({ bin: "/cli/bin" }, chosen)).toMatchObject(chosen);
  });

  test("uses the spelling of PATH that is there", () => {
    const env = cliEnvironment({ bin: "/cli/bin" }, { Path: "/usr/bin" });
    expect(Object.keys(env).filter((name) => name.toUpperCase() === "PATH")).toEqual(["Path"]);
  });
});
