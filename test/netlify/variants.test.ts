// Whatever Netlify does where nothing is documented, a sync does the right thing: each switch alone, and many at once.
// `VARIANTS=500` in the environment plays as many random combinations.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type DigitalOceanEmulator, startDigitalOcean } from "../emulators/digitalocean/index.js";
import { describeVariant, randomVariant, singleVariants, usualVariant } from "../emulators/netlify/variant.js";
import { playStory } from "./story.js";

let cloud: DigitalOceanEmulator;
beforeAll(async () => {
  cloud = await startDigitalOcean();
});
afterAll(() => cloud.close());

const count = Number(process.env["VARIANTS"] ?? 40);
const random = Array.from({ length: count }, (_, seed) => {
  const variant = randomVariant(seed);
  return { name: `${seed}: ${describeVariant(variant)}`, variant };
});

describe("a sync lives from preview to destroy", () => {
  test("as usual", async () => {
    expect(await playStory(cloud, usualVariant)).toEqual([]);
  });

  test.each(singleVariants())("with $name", async ({ variant }) => {
    expect(await playStory(cloud, variant)).toEqual([]);
  });

  test.each(random)("by seed $name", async ({ variant }) => {
    expect(await playStory(cloud, variant)).toEqual([]);
  });
});
