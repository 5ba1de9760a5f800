// The package as it is published, in programs of every kind, installed by npm and pnpm into folders of their own.

import { execFile } from "node:child_process";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { cliEnvironment, ensurePulumi } from "../../tools/pulumi-cli/index.mjs";
import { openWorld, type Run, startProgram, succeed } from "./harness.js";

const repository = path.join(__dirname, "../..");
const execute = promisify(execFile);

/** `PULUMI_SDK=3.216.0` proves the other end of the peer range. */
const sdk = process.env["PULUMI_SDK"] ?? "3.270.0";

export interface Program {
  /** Name and text of the main file. */
  readonly main: readonly [file: string, text: string];
  readonly type?: "module";
  /** `runtime` of `Pulumi.yaml`, as JSON. */
  readonly runtime?: string;
  /** Instead of the SDK and this package. */
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** The name under which a library of a workspace offers this package. */
export const library = "@acme/secrets";

const sync = `
const secrets = new SecretSync("web", {
  source: { type: "file", path: "secrets.json" },
  destination: { type: "digital-ocean-app-platform", appName: "shop" },
});`;
const commonJs = `const { SecretSync } = require("pulumi-secret-sync");${sync}\nexports.keys = secrets.managedKeys;\n`;
const imports = `import { SecretSync } from "pulumi-secret-sync";${sync}\nexport const keys = secrets.managedKeys;\n`;
const typed = `import type { DestinationArgs } from "pulumi-secret-sync";\n${imports}export const type: DestinationArgs["type"] = "digital-ocean-app-platform";\n`;
const typescript = { typescript: "6.0.3", "@types/node": "22.20.0" };

/** The ways in which a program can be written. */
export const programs = {
  "common-js": { main: ["index.js", commonJs] },
  "es-module": { main: ["index.js", imports], type: "module" },
  mjs: { main: ["index.mjs", imports] },
  "behind-a-library": {
    main: ["index.js", commonJs.replace("pulumi-secret-sync", library)],
    dependencies: { "@pulumi/pulumi": sdk, [library]: "workspace:*" },
  },
  "ts-node": { main: ["index.ts", typed], devDependencies: typescript },
  tsx: {
    main: ["index.ts", typed],
    type: "module",
    runtime: '{ name: nodejs, options: { typescript: false, nodeargs: "--import tsx" } }',
    devDependencies: { ...typescript, tsx: "4.23.15" },
  },
} satisfies Record<string, Program>;

export interface Place {
  readonly folder: string;
  /** Runs npm or pnpm there, with the project's own Node; @returns all that it prints. */
  manage(manager: "npm" | "pnpm", ...args: string[]): Promise<string>;
  write(file: string, text: string): Promise<void>;
  /** The dependencies of a program, this package as a tarball. */
  readonly ours: Readonly<Record<string, string>>;
  /** Writes a program into a folder of the place. */
  writeProgram(folder: string, program: Program): Promise<void>;
  close(): Promise<void>;
}

/** Packs this package, as `npm publish` would, and opens an empty folder. */
export async function openPlace(): Promise<Place & { readonly tarball: string }> {
  const folder = await realpath(await mkdtemp(path.join(tmpdir(), "secret-sync-installed-")));
  const env = cliEnvironment(await ensurePulumi({ log: () => undefined }));
  const tarball = path.join(folder, "pulumi-secret-sync.tgz");
  const { stdout } = await execute("npm", ["pack", "--json", "--loglevel=error", "--pack-destination", folder], {
    cwd: repository,
    env,
  });
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
  await execute("mv", [path.join(folder, filename), tarball]);
  const write = async (file: string, text: string) => {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await writeFile(path.join(folder, file), text);
  };
  return {
    folder,
    tarball,
    write,
    manage: async (manager, ...args) => {
      const program = manager === "npm" ? "npm" : path.join(repository, "node_modules/.bin/pnpm");
      const options = { cwd: folder, env: { ...env, CI: "true" }, maxBuffer: 1e8 };
      const ran = await execute(program, args, options).catch((error: { stdout?: string; stderr?: string }) => {
        throw new Error(`${manager} ${args.join(" ")} failed\n${error.stdout}\n${error.stderr}`);
      });
      return ran.stdout + ran.stderr;
    },
    ours: { "@pulumi/pulumi": sdk, "pulumi-secret-sync": `file:${tarball}` },
    writeProgram: async (where, { main: [file, text], runtime = "nodejs", ...rest }) => {
      // Not the kind alone: a package called `ts-node` is what the SDK would load as that.
      const name = `program-${path.basename(where)}`;
      const dependencies = { "@pulumi/pulumi": sdk, "pulumi-secret-sync": `file:${tarball}` };
      const manifest = { name, private: true, version: "1.0.0", main: file, dependencies, ...rest };
      await write(path.join(where, "package.json"), JSON.stringify(manifest));
      await write(path.join(where, "Pulumi.yaml"), `name: ${name}\nruntime: ${runtime}\n`);
      if (file.endsWith(".ts")) await write(path.join(where, "tsconfig.json"), tsconfig);
      await write(path.join(where, file), text);
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

const tsconfig = JSON.stringify({
  compilerOptions: {
    target: "es2022",
    module: "nodenext",
    moduleResolution: "nodenext",
    strict: true,
    types: ["node"],
  },
});

export interface Outcome {
  /** What the plan says of the one secret. */
  readonly plan: string | undefined;
  /** Whether the app holds it after the update. */
  readonly isWritten: boolean;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** Brings up a program in its own folder. */
export async function runInstalled(folder: string): Promise<Outcome> {
  const world = await openWorld({ stack: false });
  try {
    const { id } = world.cloud.createApp({ name: "shop", services: [{ name: "web" }] });
    const value = world.secret("url");
    await writeFile(path.join(folder, "secrets.json"), JSON.stringify({ DATABASE_URL: value }));
    const pulumi = async (...args: string[]): Promise<Run> => {
      const call = ["pulumi", "--cwd", folder, ...args, "--non-interactive", "--color", "never"];
      return succeed(await startProgram(world, call).done);
    };
    await pulumi("stack", "init", "test", ...world.encryption);
    // A preview would start both processes once more, to say the same.
    const { text } = await pulumi("up", "--yes", "--skip-preview");
    return {
      plan: /^ +(.*app\/DATABASE_URL.*)$/m.exec(text)?.[1],
      isWritten: world.cloud.running(id)["web"]?.["DATABASE_URL"]?.value === value,
      outputs: JSON.parse((await pulumi("stack", "output", "--json")).stdout) as Record<string, unknown>,
    };
  } finally {
    await world.close();
  }
}
