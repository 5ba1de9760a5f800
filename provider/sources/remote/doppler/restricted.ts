// Pure: secrets of a Doppler config whose values the token does not get. https://docs.doppler.com/docs/secret-visibility

import { z } from "zod";
import type { Redacted } from "../../../redacted.js";
import type { Content } from "../../documents/content.js";
import { failAnswer } from "../failure.js";

/**
 * Whether the token stands for a person, who gets no value of a restricted secret. Whether it is null then, or left out like one that is
 * gone, is not documented.
 */
export function isPersonal(token: Redacted | undefined): boolean {
  return /^dp\.(?:pt|ct)\./.test(token?.reveal() ?? "");
}

const nameList = z.object({ names: z.array(z.string()) });

/** Answer of `GET /v3/configs/config/secrets/names`. */
export function readNames(body: unknown, origin: string): readonly string[] {
  const parsed = nameList.safeParse(body);
  if (!parsed.success) throw failAnswer(origin, "the names of this config");
  return parsed.data.names;
}

/** @param names of everything that the config holds, as far as that is known */
export function blameRestricted(
  { values, faults }: Content<Redacted>,
  { names, origin }: { readonly names: readonly string[]; readonly origin: string },
): Content<Redacted> {
  const isNull = (key: string) =>
    faults.some(({ keys, tell }) => keys.includes(key) && tell([key]).code === "source.null_value");
  const told = new Set(faults.flatMap(({ keys }) => keys));
  const hidden = [...[...told].filter(isNull), ...names.filter((name) => !values.has(name) && !told.has(name))];
  const others = faults.filter(({ keys }) => !keys.every((key) => hidden.includes(key)));
  return {
    values,
    faults: [
      ...others,
      {
        keys: hidden.sort(),
        tell: (keys) => ({
          code: "source.hidden_value",
          message: `${origin}: Doppler does not give this token the value of ${keys.join(", ")}; a value whose visibility is Restricted needs a service token or the token of a service account: use one, or exclude the key`,
        }),
      },
    ],
  };
}
