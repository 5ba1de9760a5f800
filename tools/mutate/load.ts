// Loads what is mutated before any test does: a mutant of what a module does then would count as run by the one test that loads it.
import path from "node:path";

const files = (process.env["MUTATE_FILES"] ?? "")
  .split(",")
  .filter((file) => file !== "" && !file.endsWith("/main.ts"));
for (const file of files) await import(path.resolve(file));
