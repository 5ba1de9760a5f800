// What the help of each command says of what can be given to it.

import { Command } from "commander";
import { expect, test } from "vitest";
import { addInit } from "../../provider/commands/init/command.js";
import { addMap } from "../../provider/commands/map/command.js";
import { addPlan } from "../../provider/commands/plan/command.js";
import { addStatus } from "../../provider/commands/status/command.js";
import { addWatch } from "../../provider/commands/watch/command.js";

/** Several words: an empty text, or a lone one, tells nobody anything. */
const words = /\w+ \w+/;

test.each([
  ["status", addStatus],
  ["plan", addPlan],
  ["map", addMap],
  ["init", addInit],
  ["watch", addWatch],
] as const)("the help of %s says what it does, and what each option and argument is for", (name, add) => {
  const program = new Command("pulumi-secret-sync");
  add(program);
  const [command = program] = program.commands;
  expect(command.name()).toBe(name);
  expect(command.summary()).toMatch(words);
  expect(command.description()).toMatch(words);
  const given = [
    ...command.options.map(({ flags, description }) => ({ flags, description })),
    ...command.registeredArguments.map((one) => ({ flags: one.name(), description: one.description })),
  ];
  const help = command.helpInformation().replaceAll(/\s+/g, " ");
  for (const { flags, description } of given) {
    expect(description, flags).toMatch(words);
    expect(help).toContain(`${flags} ${description.replaceAll(/\s+/g, " ")}`);
  }
});
