// How a platform answers what its vendor does not document, drawn anew for each history.

import * as fc from "fast-check";

type Positions<V> = { readonly [Switch in keyof V]: ReadonlyArray<V[Switch]> };

/** Every switch with all its positions, the usual one first: two thirds of the switches keep it, and a counterexample shrinks to it. */
export function drawSwitches<V extends object>(positions: Positions<V>): fc.Arbitrary<Partial<V>> {
  const names = Object.keys(positions) as Array<keyof V>;
  const drawn = names.map((name) => drawPosition(positions[name]).map((position) => [name, position] as const));
  // A counterexample names what is unusual, and nothing else.
  return fc
    .tuple(...drawn)
    .map((all) => Object.fromEntries(all.filter(([name, position]) => position !== positions[name][0])) as Partial<V>);
}

function drawPosition<P>(positions: readonly P[]): fc.Arbitrary<P> {
  const always = fc.constantFrom(...positions.slice(0, 1));
  const others = positions.slice(1);
  if (others.length === 0) return always;
  const unusual = { weight: 1, arbitrary: fc.constantFrom(...others) };
  return fc.oneof({ withCrossShrink: true }, { weight: 2, arbitrary: always }, unusual);
}
