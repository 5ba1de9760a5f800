// A pretended machine in a temporary folder: its PATH, its cache and its network are what a test puts there.
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { execFileSync } from "node:child_process";
import { writeExecutable } from "../executable.js";

const moduleFile = path.join(__dirname, "../../tools/pulumi-cli/cli/go.mod");
/** The version that the tool downloads or builds. */
export const wanted = /pkg\/v3 v(\S+)$/m.exec(readFileSync(moduleFile, "utf8"))?.[1] ?? "unknown";
const archive = `pulumi-v${wanted}-linux-x64.tar.gz`;

export type Network = (url: string) => Promise<Response>;

const unreachable: Network = () =>
  Promise.reject(new TypeError("fetch failed", { cause: new Error("getaddrinfo ENOTFOUND get.pulumi.com") }));

export class PretendedMachine {
  readonly root = mkdtempSync(path.join(tmpdir(), "pulumi-cli-"));
  readonly lines: string[] = [];
  readonly requested: string[] = [];
  readonly home = path.join(this.root, "cache");
  readonly repository = path.join(this.root, "clone");
  readonly cached = path.join(this.home, "versions", wanted, "bin");
  readonly lock = path.join(this.home, "versions", `${wanted}.lock`);
  private network: Network = unreachable;

  constructor() {
    const sdk = path.join(this.repository, "node_modules/@pulumi/pulumi");
    mkdirSync(sdk, { recursive: true });
    writeFileSync(path.join(this.repository, "package.json"), "{}");
    writeFileSync(path.join(sdk, "package.json"), '{ "name": "@pulumi/pulumi" }');
    this.program("clone/node_modules/@pulumi/pulumi/pulumi-resource-pulumi-nodejs", "# from the sdk");
    mkdirSync(path.join(this.root, "path"));
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  /** Writes an executable shell script below the root. */
  program(file: string, body: string): string {
    const target = path.join(this.root, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeExecutable(target, `#!/bin/sh\n${body}\n`);
    return target;
  }

  /** A CLI with its companions; `without` leaves some of them out. */
  cli(folder: string, version: string, without: string[] = []): void {
    this.program(`${folder}/pulumi`, `echo v${version}`);
    for (const name of ["pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"]) {
      if (!without.includes(name)) this.program(`${folder}/${name}`, ":");
    }
  }

  /** A Go that "builds" programs which say the wanted version. */
  go(version = "1.26.0"): void {
    const build = `while [ "$1" != -o ]; do shift; done; printf '#!/bin/sh\\necho v${wanted}\\n' > "$2"; /bin/chmod 755 "$2"`;
    this.program(
      "path/go",
      `case $1 in version) echo go version go${version};; list) echo one;; build) ${build};; esac`,
    );
  }

  /** A download site with a real archive; `sum` replaces the published checksum. */
  release(sum?: string): void {
    this.cli("release/pulumi", wanted);
    execFileSync("tar", ["-czf", archive, "pulumi"], { cwd: path.join(this.root, "release") });
    const content = readFileSync(path.join(this.root, "release", archive));
    const published = sum ?? createHash("sha256").update(content).digest("hex");
    const tar = execFileSync("/bin/sh", ["-c", "command -v tar"], { encoding: "utf8" }).trim();
    this.program("path/tar", `PATH='${process.env["PATH"]}' exec '${tar}' "$@"`);
    this.network = (url) =>
      Promise.resolve(
        url.endsWith("-checksums.txt")
          ? new Response(`${published}  ${archive}\n`)
          : new Response(new Uint8Array(content)),
      );
  }

  answer(network: Network): void {
    this.network = network;
  }

  /** What is handed to `ensurePulumi`. */
  options() {
    const fetch = (url: string | URL | Request): Promise<Response> => {
      const address = url instanceof Request ? url.url : String(url);
      this.requested.push(address);
      return this.network(address);
    };
    return {
      env: { PATH: path.join(this.root, "path"), PULUMI_SECRET_SYNC_CLI_HOME: this.home },
      platform: "linux" as const,
      arch: "x64",
      repository: this.repository,
      fetch,
      log: (line: string) => void this.lines.push(line),
    };
  }
}
