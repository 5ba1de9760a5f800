// Names of the wire are read in the files that parse it, and nowhere behind them: a misspelt one would be undefined without a word.

import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";

const doors = [
  "wire.ts",
  "sent.ts",
  "inputs.ts",
  "stored-inputs.ts",
  "ignored.ts",
  "state.ts",
  "stored-record.ts",
  "connection-state.ts",
];

test.each(["lifecycle", "resources"])(
  "no file of provider/%s reads a property by its name in quotes",
  async (folder) => {
    const home = path.resolve("provider", folder);
    const files = (await readdir(home)).filter((file) => file.endsWith(".ts") && !doors.includes(file));
    expect(files.length).toBeGreaterThan(5);
    const found = await Promise.all(
      files.map(async (file) => {
        const text = await readFile(path.join(home, file), "utf8");
        // A type that is looked up in another one has a capital letter before it.
        return (text.match(/\b[a-z]\w*\[["'`]\w+["'`]\]/g) ?? []).map((access) => `${file}: ${access}`);
      }),
    );
    expect(found.flat()).toEqual([]);
  },
);
