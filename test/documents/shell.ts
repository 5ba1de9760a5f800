// Commands that documents show: npm's scripts and the package's own program, held against what there is.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { addInit } from "../../provider/commands/init/command.js";
import { addMap } from "../../provider/commands/map/command.js";
import { addPlan } from "../../provider/commands/plan/command.js";
import { addStatus } from "../../provider/commands/status/command.js";
import { addWatch } from "../../provider/commands/watch/command.js";
import { type Block, listInlineCode, read, repository } from "./markdown.js";

const program = new Command("pulumi-secret-sync");
for (const add of [addInit, addMap, addPlan, addStatus, addWatch]) add(program);

const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };

/** npm's own commands that documents use, with their options. */
const npmCommands: Readonly<Record<string, readonly string[]>> = {
  install: ["--prefix"],
  ci: [],
  version: ["--no-git-tag-version"],
};

/** What a script takes behind `--`: options as its source spells them, and words that are not paths. */
const scriptSources: Readonly<Record<string, string>> = {
  quickstart: "tools/quickstart/main.mjs",
  check: "tools/check/main.mjs",
};

/** The simple commands of a shell block, or of the lines of a transcript that begin with `$`. */
export function listCommands({ language, text }: Block): string[][] {
  const lines = text.replaceAll("\\\n", " ").split("\n");
  if (language === "sh") return lines.flatMap(parseLine);
  return lines.filter((line) => line.startsWith("$ ")).flatMap((line) => parseLine(line.slice(2)));
}

/** Commands within sentences: `npm run check -- lint`. */
export function listInlineCommands(text: string): string[][] {
  return listInlineCode(text)
    .filter((code) => /^(?:[A-Z_]+=\S* )*(?:npm|npx|pulumi-secret-sync)\b/.test(code))
    .flatMap(parseLine);
}

/** Words without comments, and without variables that are set for one command. */
function parseLine(line: string): string[][] {
  const bare = line.replace(/(?:^|\s)#.*$/, "");
  return bare.split(/\s*(?:&&|\|\||;|\|)\s*/).flatMap((command) => {
    const words = command.split(/\s+/).filter(Boolean);
    const start = words.findIndex((word) => !/^\w+=/.test(word));
    return start < 0 ? [] : [words.slice(start)];
  });
}

/** What is wrong with a command; nothing for programs of others. */
export function judgeCommand(words: readonly string[]): string[] {
  const [name = "", ...rest] = words;
  if (name === "npx") return judgeCommand(rest);
  if (name === "pulumi-secret-sync") return judgeOwn(rest);
  if (name === "npm") return judgeNpm(rest);
  return [];
}

function judgeOwn([name, ...rest]: readonly string[]): string[] {
  if (name === undefined) return [];
  const command = program.commands.find((one) => one.name() === name);
  if (command === undefined) return [`pulumi-secret-sync has no command ${name}`];
  const known = new Set(command.options.flatMap(({ long, short }) => [long, short]));
  return optionsOf(rest)
    .filter((option) => option !== "--help" && !known.has(option))
    .map((option) => `pulumi-secret-sync ${name} has no option ${option}`);
}

function judgeNpm([name = "", ...rest]: readonly string[]): string[] {
  // The program by its bare name.
  if (name === "") return [];
  const isScript = name === "run" || name === "test";
  if (!isScript) {
    const known = npmCommands[name];
    if (known === undefined) return [`npm ${name} is not known here`];
    return optionsOf(rest)
      .filter((option) => !known.includes(option))
      .map((option) => `npm ${name} ${option} is not known here`);
  }
  const [script = "", ...more] = name === "run" ? rest : ["test", ...rest];
  if (!(script in scripts)) return [`package.json has no script ${script}`];
  const [separator, ...words] = more;
  if (separator !== undefined && separator !== "--") return [`npm run ${script}: ${separator} needs -- before it`];
  return words.flatMap((word, index) => judgeWord(script, word, words[index - 1]));
}

/** A word behind `--`. Placeholders are in capitals. */
function judgeWord(script: string, word: string, before: string | undefined): string[] {
  if (/^[A-Z]+$/.test(word)) return [];
  if (script === "test") {
    if (word === "--project" || word === "-t" || before === "-t") return [];
    if (before === "--project")
      return read("vitest.config.mts").includes(`name: "${word}"`) ? [] : [`no project ${word}`];
    return existsSync(join(repository, word)) || existsSync(join(repository, `${word}.test.ts`))
      ? []
      : [`no test ${word}`];
  }
  const source = scriptSources[script];
  if (source === undefined || before?.startsWith("--")) return [];
  const name = word.replace(/^--/, "");
  const declared = new RegExp(`[\\s{,](?:"${name}"|${name}): [{(]`);
  return declared.test(read(source)) ? [] : [`npm run ${script} knows no ${word}`];
}

function optionsOf(words: readonly string[]): string[] {
  return words.filter((word) => /^--?[a-z]/.test(word)).map((word) => word.split("=")[0] ?? word);
}
