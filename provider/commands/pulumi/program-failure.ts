// Pure: why the CLI or the program failed before it reached a resource, in the cause's own first lines, with a code and a remedy.

import type { ErrorCode, Problem } from "../../errors.js";
import { readCliWords } from "../cli-words.js";

interface Kind {
  readonly when: RegExp;
  readonly code: ErrorCode;
  readonly cure: string;
  /** The words that fit say it all; else their line is quoted. */
  readonly isPlain?: boolean;
}

/** The first that fits decides. */
const kinds: readonly Kind[] = [
  {
    when: /no space left on device|ENOSPC|disk quota exceeded/i,
    code: "stack.disk_full",
    cure: "make room on the disk of the state and of the temporary folder",
  },
  {
    when: /Cannot find (?:module|package)|ERR_MODULE_NOT_FOUND|It looks like the Pulumi SDK has not been installed|no resource plugin/i,
    code: "package.missing",
    cure: "install the program's packages; while an installation is under way, watch tries again by itself",
  },
  {
    when: /no stack named '[^']{1,200}' found/,
    code: "stack.missing",
    cure: "pulumi stack ls names those of the program",
  },
  {
    when: /no (?:Pulumi\.yaml )?project file found/,
    isPlain: true,
    code: "program.missing",
    cure: "run this in the folder that has Pulumi.yaml, or name that folder",
  },
  {
    when: /pass the fully qualified name/,
    code: "program.missing",
    cure: "run this in the program's folder, name that folder, or give the stack as organization/project/stack",
  },
  {
    when: /We failed to locate the entry point for your program/,
    code: "program.missing",
    cure: "write it, build it, or correct main in Pulumi.yaml or package.json",
  },
  {
    when: /could not find node|"node": executable file not found|requires Node|Unsupported engine|node\.unsupported/i,
    code: "node.unsupported",
    cure: "put a supported version of Node on the PATH of the runner",
  },
  {
    when: /\bstat \S+: no such file or directory|mkdir \S*: (?:no such file|permission denied)|creating temp/i,
    code: "watch.temporary",
    cure: "make the folder that is named, or set TMPDIR to another",
  },
  {
    when: /Running program|unhandled exception|TSError|error TS\d+|SyntaxError/i,
    code: "program.failed",
    cure: "correct the program",
  },
];

/**
 * What the CLI says about a process that it was connected to and that is gone: gRPC's words, which depend on what it was just doing. If
 * anything says why, it is that process.
 */
const lost = /error reading from server: |transport is closing|transport: Error while dialing/;

/**
 * A problem of no resource. It quotes names of errors and places, never the line of the program itself.
 *
 * @param aside what the program and its host have printed besides; only known words of it are repeated
 */
export function findProgramProblem(text: string, command: string, aside = ""): Problem {
  const kind = kinds.find(({ when }) => when.test(text));
  if (kind !== undefined) return describe(kind, quoteCause(text, kind), command);
  const isLost = lost.test(text);
  const hinted = isLost || text.trim() === "" ? kinds.find(({ when }) => when.test(aside)) : undefined;
  if (hinted !== undefined) return describe(hinted, hinted.when.exec(aside)?.[0] ?? "", command);
  const cure = isLost
    ? "what runs the program, or a plugin, ended in the middle of it, as without memory: watch tries again by itself"
    : "run it by hand to see more";
  return describe({ code: "stack.failed", cure }, quoteCause(text) || "it printed no reason", command);
}

function describe({ code, cure }: Omit<Kind, "when">, said: string, command: string): Problem {
  return { code, message: `pulumi ${command} failed: ${said.replace(/\.$/, "")}; ${cure}` };
}

const errorLine = /^\s*(?:Uncaught )?\w*(?:Error|Exception)\b.*:|error TS\d+/;
const missingModule = /Cannot find (?:module|package) '(?:@[\w.-]{1,100}\/)?[\w./-]{1,200}'/;
/** The head of a list of errors. */
const countLine = /^\d+ errors? occurred:$/;
const bullet = /^(?:\d+\)|\*) /;
const mostLines = 3;
const mostLetters = 400;

/**
 * The lines that name an error; else the one that shows its kind, or the first. A syntax error also quotes the line of the program that
 * has it, which may contain a secret.
 */
function quoteCause(said: string, kind?: Kind): string {
  // oxlint-disable-next-line no-control-regex -- colours of a terminal
  const text = said.replaceAll(/\u001B\[[\d;]*m/g, "").replace(/^error: /, "");
  const lines = text
    .split("\n")
    .map((line) => line.trim().replace(bullet, ""))
    .filter((line) => line !== "" && !countLine.test(line));
  const named = lines.filter((line) => errorLine.test(line)).slice(0, mostLines);
  // The name of a package may contain an @, which does not end credentials.
  const [lacks] = missingModule.exec(named[0] ?? "") ?? [];
  if (lacks !== undefined) return lacks;
  // The address of a backend may carry credentials.
  const fitting = lines.find((line) => kind?.when.test(line)) ?? lines[0] ?? "";
  const known = kind?.isPlain === true ? (kind.when.exec(fitting)?.[0] ?? fitting) : fitting;
  const bare = readCliWords(named.length > 0 ? named.join("\n") : known, process.env);
  const place = kind?.code === "program.failed" ? findPlace(text) : "";
  return (bare.length > mostLetters ? `${bare.slice(0, mostLetters)}…` : bare) + place;
}

const folder = /Running program '([^'\n]{1,500}?)[\\/]?(?:[\w.-]{1,100}\.[cm]?[jt]s)?'/;
/** A frame of a stack, or what Node writes above the line that it cannot parse. */
const sourceLine =
  /^(?:[ \t]*at (?:[^\n]{0,200} \()?(?:async )?)?(?:file:\/\/)?((?:[A-Za-z]:)?[\\/][^()\n]{1,500}?):(\d+)(?::\d+)?\)?$/gm;

/** Where the program failed: the first line of its own; a compiler has named it already. */
function findPlace(text: string): string {
  const [, root = ""] = folder.exec(text) ?? [];
  const own = [...text.matchAll(sourceLine)].find(([, file = ""]) => !/[\\/]node_modules[\\/]/.test(file));
  if (own === undefined) return "";
  const [, file = "", line] = own;
  const isInside = root !== "" && file.startsWith(root) && /^[\\/]/.test(file.slice(root.length));
  return ` (${readCliWords(`${isInside ? file.slice(root.length + 1) : file}:${line}`, process.env)})`;
}
