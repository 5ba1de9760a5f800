// Lists of variables and of builds, whole or page by page. Nobody has documented which for variables.
import type { JsonObject } from "./model.js";
import type { Variant } from "./variant.js";

export interface Listing {
  rows: JsonObject[];
  headers?: Record<string, string>;
}

/** Absent for a page behind the last one that does not exist. */
export function pageOf(rows: readonly JsonObject[], query: URLSearchParams, variant: Variant): Listing | undefined {
  const { pageSize } = variant;
  const ordered = order(rows, variant);
  if (pageSize === undefined) return { rows: ordered };
  const last = Math.max(1, Math.ceil(ordered.length / pageSize));
  const asked = Number(query.get("page") ?? 1);
  if (asked > last && variant.pageBeyond === "not-found") return undefined;
  const page = variant.pageBeyond === "repeated" ? Math.min(asked, last) : asked;
  const listed = variant.pageLinks === "always" || (variant.pageLinks === "of-several-pages" && last > 1);
  return {
    rows: ordered.slice((page - 1) * pageSize, page * pageSize),
    ...(listed ? { headers: { link: linksOf({ page, last, query }) } } : {}),
  };
}

function order(rows: readonly JsonObject[], { listOrder }: Variant): JsonObject[] {
  if (listOrder === "newest-first") return rows.toReversed();
  if (listOrder === "by-key") return rows.toSorted((a, b) => (String(a["key"]) < String(b["key"]) ? -1 : 1));
  return [...rows];
}

/** As paged lists of the service have it: https://docs.netlify.com/api-and-cli-guides/api-guides/get-started-with-api/#pagination */
function linksOf({ page, last, query }: { page: number; last: number; query: URLSearchParams }): string {
  const link = (to: number, rel: string) => {
    const address = new URLSearchParams(query);
    address.set("page", String(to));
    return `<https://api.netlify.com/api/v1/env?${address.toString()}>; rel="${rel}"`;
  };
  return [
    ...(page < last ? [link(page + 1, "next")] : []),
    link(last, "last"),
    ...(page > 1 ? [link(1, "first"), link(page - 1, "prev")] : []),
  ].join(", ");
}

/** A documented paging: `page` and `per_page`, of which the service may keep less than it is asked for. */
export function buildsOf(builds: readonly JsonObject[], query: URLSearchParams, variant: Variant): JsonObject[] {
  const size = Math.min(Number(query.get("per_page") ?? 30), variant.buildPageSize);
  const from = (Number(query.get("page") ?? 1) - 1) * size;
  const ordered = variant.buildOrder === "newest-first" ? builds.toReversed() : builds;
  return ordered.slice(from, from + size);
}
