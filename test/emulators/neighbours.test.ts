// An emulator stands alone. What two of them share lies beside them and knows no vendor.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const vendors = readdirSync(__dirname, { withFileTypes: true })
  .filter((one) => one.isDirectory())
  .map(({ name }) => name);

function importsOf(folder: string): string[] {
  const files = readdirSync(folder).filter((name) => name.endsWith(".ts"));
  return files.flatMap((name) => {
    const text = readFileSync(join(folder, name), "utf8");
    return [...text.matchAll(/from "(\.[^"]+)"/g)].map(([, path]) => path ?? "");
  });
}

test.each(vendors)("the emulator of %s imports no other vendor's", (vendor) => {
  const others = vendors.filter((one) => one !== vendor);
  const strange = importsOf(join(__dirname, vendor)).filter((path) =>
    others.some((other) => path.startsWith(`../${other}/`)),
  );
  expect(strange).toEqual([]);
});

test("what the emulators share imports none of them", () => {
  const shared = importsOf(__dirname).filter((path) => vendors.some((vendor) => path.startsWith(`./${vendor}/`)));
  expect([vendors.length > 1, shared]).toEqual([true, []]);
});
