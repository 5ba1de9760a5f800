// Build: both programs from the Go module proxy, through two wrapper modules whose go.sum files pin every dependency.
import { mkdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { runCommand } from "./command.mjs";
import { programNames } from "./places.mjs";
import { cliModule, isAtLeast, languageHostModule, parseVersion } from "./version.mjs";

const tellEvery = 10_000;
const flags = ["-mod=readonly", "-buildvcs=false", "-trimpath", "-tags", "osusergo,grpcnotrace"];

/**
 * Puts the programs into `bin`. Throws with one line that says why it could not.
 * @param {import("./index.mjs").Machine} machine
 * @param {string} bin
 */
export async function buildCli({ env, platform, log }, bin) {
  // No toolchain downloads, no surrounding workspace, no C compiler: the same build on every machine.
  const goEnv = { ...env, GOTOOLCHAIN: "local", GOWORK: "off", GO111MODULE: "on", CGO_ENABLED: "0" };
  await requireGo(goEnv);
  const names = programNames(platform);
  const programs = [
    {
      folder: "cli",
      source: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
      version: cliModule.required,
      output: path.join(bin, names.cli),
    },
    {
      folder: "language-host",
      source: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
      version: languageHostModule.required,
      output: path.join(bin, names.languageHost),
    },
  ];
  mkdirSync(bin, { recursive: true });
  const progress = { phase: "fetching Go modules", modules: 0, packages: 0, total: 0 };
  const started = Date.now();
  const timer = setInterval(() => log(describe(progress, started)), tellEvery);
  try {
    log(`building pulumi ${cliModule.required} from Go modules: 2 to 8 minutes, once per machine`);
    for (const program of programs) progress.total += await countPackages(program, goEnv, progress);
    progress.phase = "compiling";
    await Promise.all(programs.map((program) => buildProgram(program, goEnv, progress)));
    log(`built in ${elapsed(started)} s`);
  } finally {
    clearInterval(timer);
  }
}

/** @param {NodeJS.ProcessEnv} env */
async function requireGo(env) {
  const answer = await runCommand("go", ["version"], { env, timeout: 20_000 });
  if (!answer.ok) throw new Error("go is not on PATH");
  const version = parseVersion(answer.stdout);
  if (version === undefined || !isAtLeast(version, cliModule.go)) {
    throw new Error(`go is ${version ?? "of unknown version"}, ${cliModule.go} or newer is needed`);
  }
}

/**
 * Listing the packages fetches every module, so that the two phases can be told apart.
 * @param {{ folder: string, source: string }} program
 * @param {NodeJS.ProcessEnv} env
 * @param {{ modules: number }} progress
 */
async function countPackages({ folder, source }, env, progress) {
  const listed = await runCommand("go", ["list", "-mod=readonly", "-tags", "osusergo,grpcnotrace", "-deps", source], {
    cwd: moduleFolder(folder),
    env,
    onLine: (line) => {
      if (line.startsWith("go: downloading ")) progress.modules += 1;
    },
  });
  if (!listed.ok) throw new Error(`go could not fetch the modules of ${source}: ${listed.stderr}`);
  return listed.stdout.split("\n").length - 1;
}

/**
 * @param {{ folder: string, source: string, version: string, output: string }} program
 * @param {NodeJS.ProcessEnv} env
 * @param {{ packages: number }} progress
 */
async function buildProgram({ folder, source, version, output }, env, progress) {
  const link = `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${version}`;
  const built = await runCommand("go", ["build", "-v", ...flags, "-ldflags", link, "-o", output, source], {
    cwd: moduleFolder(folder),
    env,
    onLine: () => (progress.packages += 1),
  });
  if (!built.ok) throw new Error(`go could not build ${source}: ${built.stderr}`);
}

/** @param {string} folder */
function moduleFolder(folder) {
  return fileURLToPath(new URL(folder, import.meta.url));
}

/**
 * @param {{ phase: string, modules: number, packages: number, total: number }} progress
 * @param {number} started
 */
function describe({ phase, modules, packages, total }, started) {
  // Packages that Go still has in its cache are not built again, hence "at most".
  const count = phase === "compiling" ? `${packages} of at most ${total} packages` : `${modules} so far`;
  return `${phase}: ${count}, ${elapsed(started)} s`;
}

/** @param {number} started */
function elapsed(started) {
  return Math.round((Date.now() - started) / 1000);
}
