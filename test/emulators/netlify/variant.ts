// What Netlify leaves undocumented, as switches. A test names the positions that it relies on; suites run over all of them.

export type Plan = "pro" | "free" | "starter" | "personal";

/** One possible Netlify. Why each position is possible stands in the README. */
export interface Variant {
  /** Whether the id of a value changes when the value does. */
  valueIds: "stable" | "renewed";
  /** How ids are written; long ones have more digits than a JavaScript number holds. */
  ids: "text" | "numbers" | "long-numbers";
  updatedAt: "shown" | "missing";
  updatedBy: "shown" | "missing";
  /** Whether PATCH moves `updated_at` and `updated_by`. Other people's hands follow. */
  patchTime: "moves" | "stays";
  /** The same for the removal of one value. */
  removalTime: "moves" | "stays";
  scopeSpelling: "post_processing" | "post-processing" | "post processing";
  /** Contexts without a value: left out, listed as empty values, or that for secrets too. */
  unsetContexts: "absent" | "empty" | "empty-in-secrets-too";
  /** PATCH of one context on a variable with a value for all, and the other way round. */
  mixedContexts: "replace" | "refuse" | "keep";
  /** A PUT that gives several values to a variable with one for all: done, or failed after the value is gone, or after the first new one. */
  split: "whole" | "emptied" | "partial";
  /** How it fails then. */
  splitStatus: 500 | 422;
  /** Whether `dev-server` is a context. */
  devServer: "known" | "unknown";
  /** What becomes of a variable whose last value is deleted. */
  emptyVariable: "keep" | "drop";
  /** One existing key in a bulk POST. */
  postConflict: "refuse-all" | "create-others";
  /** A bulk POST creates the first half of its variables, or one value of the first, and fails. One value alone succeeds. */
  postPart: "none" | "variables" | "values";
  /** How it fails then. */
  postPartStatus: 500 | 422;
  /** Lists of variables stop after so many rows and honour `page`. */
  pageSize: number | undefined;
  /** A page behind the last one. */
  pageBeyond: "empty" | "repeated" | "not-found";
  /** Whether a paged list says so in its `Link` header. */
  pageLinks: "never" | "of-several-pages" | "always";
  listOrder: "oldest-first" | "newest-first" | "by-key";
  /** Of accounts that have no plan of their own. */
  plan: Plan;
  /** Which fields of an account tell its plan. */
  planTold: "name-and-slug" | "name" | "nothing";
  /** Errors as specified, `{code, message}`, or as the CLI reads them, `{msg}`. */
  errors: "message" | "msg";
  /** What the answer to a new build names. */
  buildAnswer: "build-and-deploy" | "build" | "deploy" | "nothing";
  /** Most builds on one page, whatever `per_page` asks for. */
  buildPageSize: number;
  buildOrder: "newest-first" | "oldest-first";
  /** Whether a site tells the name of its team. */
  teamName: "with-site" | "apart";
  /** Whether a site's variables can be listed without naming its account. */
  siteList: "known" | "unknown";
}

/** The positions that a test gets when it does not name them. */
export const usualVariant: Readonly<Variant> = {
  valueIds: "stable",
  ids: "text",
  updatedAt: "shown",
  updatedBy: "shown",
  patchTime: "moves",
  removalTime: "moves",
  scopeSpelling: "post_processing",
  unsetContexts: "absent",
  mixedContexts: "replace",
  split: "whole",
  splitStatus: 422,
  devServer: "known",
  emptyVariable: "keep",
  postConflict: "refuse-all",
  postPart: "none",
  postPartStatus: 500,
  pageSize: undefined,
  pageBeyond: "empty",
  pageLinks: "never",
  listOrder: "oldest-first",
  plan: "pro",
  planTold: "name-and-slug",
  errors: "message",
  buildAnswer: "build-and-deploy",
  buildPageSize: 100,
  buildOrder: "newest-first",
  teamName: "with-site",
  siteList: "known",
};

type Alternatives = { readonly [Switch in keyof Variant]: ReadonlyArray<Variant[Switch]> };

/** Every switch with its other positions. */
export const alternatives: Alternatives = {
  valueIds: ["renewed"],
  ids: ["numbers", "long-numbers"],
  updatedAt: ["missing"],
  updatedBy: ["missing"],
  patchTime: ["stays"],
  removalTime: ["stays"],
  scopeSpelling: ["post-processing", "post processing"],
  unsetContexts: ["empty", "empty-in-secrets-too"],
  mixedContexts: ["refuse", "keep"],
  split: ["emptied", "partial"],
  splitStatus: [500],
  devServer: ["unknown"],
  emptyVariable: ["drop"],
  postConflict: ["create-others"],
  postPart: ["variables", "values"],
  postPartStatus: [422],
  pageSize: [1, 2, 3, 7, 50],
  pageBeyond: ["repeated", "not-found"],
  pageLinks: ["of-several-pages", "always"],
  listOrder: ["newest-first", "by-key"],
  plan: ["free", "starter", "personal"],
  planTold: ["name", "nothing"],
  errors: ["msg"],
  buildAnswer: ["build", "deploy", "nothing"],
  buildPageSize: [2, 30],
  buildOrder: ["oldest-first"],
  teamName: ["apart"],
  siteList: ["unknown"],
};

/** Switches that do nothing unless another one is turned too. */
const companions: Readonly<Partial<Record<keyof Variant, Partial<Variant>>>> = {
  pageBeyond: { pageSize: 3 },
  pageLinks: { pageSize: 3 },
  postPartStatus: { postPart: "variables" },
  splitStatus: { split: "partial" },
  planTold: { plan: "free" },
};

export interface NamedVariant {
  readonly name: string;
  readonly variant: Variant;
}

/** One variant for each position of each switch, everything else being usual. */
export function singleVariants(): NamedVariant[] {
  return (Object.keys(alternatives) as Array<keyof Variant>).flatMap((name) =>
    alternatives[name].map((position) => ({
      name: `${name} ${String(position)}`,
      variant: { ...usualVariant, ...companions[name], [name]: position },
    })),
  );
}

/** Every switch in a position of its own choice; the same seed, the same variant. */
export function randomVariant(seed: number): Variant {
  const next = createGenerator(seed);
  const choose = <T>(positions: readonly T[]) => positions[Math.floor(next() * positions.length)];
  const chosen = Object.entries(alternatives).map(([name, others]) => [
    name,
    choose([usualVariant[name as keyof Variant], ...others]),
  ]);
  return Object.fromEntries(chosen) as Variant;
}

/** The positions that differ from the usual ones, for titles and messages. */
export function describeVariant(variant: Variant): string {
  const unusual = Object.entries(variant).filter(
    ([name, position]) => usualVariant[name as keyof Variant] !== position,
  );
  return unusual.map(([name, position]) => `${name} ${String(position)}`).join(", ") || "usual";
}

/** Numbers from 0 to 1 by a seed: mulberry32. */
function createGenerator(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
