// Pure: why the CLI or the program failed before it came to a resource, in the cause's own first lines, with a code and the cure.

import type { ErrorCode, Problem } from "../../errors.js";
import { readCliWords } from "../cli-words.js";

interface Kind {
  readonly when: RegExp;
  readonly code: ErrorCode;
  readonly cure: string;
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
    when: /Running program|unhandled exception|TSError|error TS\d+|SyntaxError|no Pulumi\.yaml project file found/i,
    code: "program.failed",
    cure: "correct the program",
  },
];

/** A problem that no resource has. What is quoted are names of errors and places, never the line of the program itself. */
export function findProgramProblem(text: string, command: string): Problem {
  const said = quoteCause(text);
  const kind = kinds.find(({ when }) => when.test(text));
  if (kind === undefined) {
    const reason = said === "" ? "it printed no reason" : said;
    return { code: "stack.failed", message: `pulumi ${command} failed: ${reason}; run it by hand to see more` };
  }
  return { code: kind.code, message: `pulumi ${command} failed: ${said}; ${kind.cure}` };
}

const errorLine = /^\s*(?:Uncaught )?\w*(?:Error|Exception)\b.*:|error TS\d+/;
const missingModule = /Cannot find (?:module|package) '(?:@[\w.-]{1,100}\/)?[\w./-]{1,200}'/;
const mostLines = 3;
const mostLetters = 400;

/**
 * The lines that name an error; else the first line. A syntax error also quotes the line of the program that has it, which may be
 * the one with a secret in it.
 */
function quoteCause(text: string): string {
  const lines = text
    // oxlint-disable-next-line no-control-regex -- colours of a terminal
    .replaceAll(/\u001B\[[\d;]*m/g, "")
    .replace(/^error: /, "")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const named = lines.filter((line) => errorLine.test(line)).slice(0, mostLines);
  // The name of a package may hold an @, which is not the end of credentials.
  const [lacks] = missingModule.exec(named[0] ?? "") ?? [];
  if (lacks !== undefined) return lacks;
  // The address of a backend may carry credentials.
  const bare = readCliWords((named.length > 0 ? named : lines.slice(0, 1)).join("\n"), process.env);
  return bare.length > mostLetters ? `${bare.slice(0, mostLetters)}…` : bare;
}
