// Pure: masked values that were written by the status of an answer alone. Netlify answers a write with the variable; whatever answers
// otherwise may be a gateway that passed nothing on.

import { type Place, placeName } from "../../core/entry.js";
import { nameSome } from "../../core/policy.js";
import { SecretSyncError } from "../../errors.js";
import type { View } from "./view.js";
import type { WriteProgress } from "./write-progress.js";

/** Nothing shows that these were written: neither the answer nor the look after it. What can be read is compared anyway. */
export function findUnproven(
  { unshown, done, open }: WriteProgress,
  { before, after }: { before: View; after: View },
): Place[] {
  const sent = [...done.values(), ...open.values()];
  return [...unshown.values()].filter((place) => {
    const { key, slot } = place;
    const [was, is] = [before, after].map(({ variables }) => {
      const variable = variables.find((one) => one.key === key);
      return { variable, value: variable?.values.find((one) => one.slot === slot) };
    });
    if (is?.value?.masked !== true || was?.value?.id !== is.value.id) return false;
    // One time for all values: another write of the variable moves it too.
    const isAlone = sent.every((one) => one.key !== key || placeName(one) === placeName(place));
    return !isAlone || was.variable?.updatedAt === is.variable?.updatedAt;
  });
}

export function notShown(places: readonly Place[]): SecretSyncError {
  return new SecretSyncError({
    code: "write.halted",
    message: `the write of ${nameSome(places.map(placeName))} was answered with success, but not with the variable, and nothing shows that Netlify carried it out; check the base url and what stands in front of it, then run the same command again`,
  });
}
