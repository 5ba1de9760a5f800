// Network side: a list, read to its end. A pure function decides what proves that a page was the last one.
// Paged lists of Netlify: https://docs.netlify.com/api-and-cli-guides/api-guides/get-started-with-api/#pagination

export type PageQuery = Readonly<Record<string, string>>;

export interface Page<Row> {
  readonly rows: readonly Row[];
  /** The `Link` header, if there is one. */
  readonly link: string | undefined;
}

export interface PageReading<Row> {
  /** One page; undefined when there is none after the last. */
  readonly read: (query: PageQuery) => Promise<Page<Row> | undefined>;
  /** Whether these rows hold everything that the caller has to know. */
  readonly isEnough?: ((rows: ReadonlyMap<string, Row>) => boolean) | undefined;
  readonly onPage?: ((rows: readonly Row[]) => void) | undefined;
}

/** A page has at least one new row, or it is the last one. */
const mostPages = 2_000;
/** Of a list that changes while its pages are read. */
const mostPasses = 6;

/**
 * Every row. A row that is deleted between two pages moves the next ones forward, and one of them slips through: so a list in several
 * pages is read until it shows the same keys twice, unless it holds all that the caller has to know. One page is one moment. So is a list
 * that ended with a page that is not found, which may be there a moment later.
 *
 * @returns undefined when the list does not end, or does not settle, because a part must not be taken for the whole
 */
export async function readList<Row extends Keyed>(reading: PageReading<Row>): Promise<readonly Row[] | undefined> {
  let earlier: string | undefined;
  for (let pass = 1; pass <= mostPasses; pass += 1) {
    const found = await readPages(reading);
    if (found === undefined) return undefined;
    const { rows, pages, isFound } = found;
    const keys = JSON.stringify([...rows.keys()].sort());
    if ((pages <= 1 && isFound) || earlier === keys || reading.isEnough?.(rows) === true) return [...rows.values()];
    earlier = keys;
  }
  return undefined;
}

interface Keyed {
  readonly key: string;
}

interface Pages<Row> {
  readonly rows: ReadonlyMap<string, Row>;
  /** How many pages had a new row. */
  readonly pages: number;
  /** Every page that was asked for was there. */
  readonly isFound: boolean;
}

async function readPages<Row extends Keyed>({
  read,
  isEnough = () => false,
  onPage,
}: PageReading<Row>): Promise<Pages<Row> | undefined> {
  const rows = new Map<string, Row>();
  let query: PageQuery = {};
  let pages = 0;
  for (let number = 1; number <= mostPages; number += 1) {
    const page = await read(query);
    const before = rows.size;
    for (const row of page?.rows ?? []) rows.set(row.key, row);
    onPage?.(page?.rows ?? []);
    const isNew = rows.size > before;
    if (isNew) pages += 1;
    const next = followPage(page, { number, isNew, isEnough: isEnough(rows) });
    if (next === undefined) return { rows, pages, isFound: page !== undefined };
    query = next;
  }
  return undefined;
}

interface Seen {
  readonly number: number;
  /** The page had a row that no earlier page had. */
  readonly isNew: boolean;
  readonly isEnough: boolean;
}

/**
 * The query of the next page; undefined when the list is complete. Whether variables are paged is not documented, so the length of a
 * page proves nothing: a page may have any size.
 *
 * | the page                                       | the list                                                          |
 * | ---------------------------------------------- | ----------------------------------------------------------------- |
 * | is not there, or empty                         | is complete: nothing comes after nothing                          |
 * | has a `Link` with `next`                       | goes on there                                                     |
 * | has a `Link` to other pages and none to `next` | is complete                                                       |
 * | has no row that was not there before           | is complete: `page` is ignored, or the last page comes again      |
 * | completes what the caller has to know          | is complete for them                                              |
 * | is none of these                               | may go on: the next page is asked for                             |
 *
 * The last line is needed: as long as all rows fit on one page, a paged list and a whole one give the same answers to every request but
 * this one.
 */
function followPage(page: Page<unknown> | undefined, { number, isNew, isEnough }: Seen): PageQuery | undefined {
  if (page === undefined || page.rows.length === 0) return undefined;
  const links = readLinks(page.link);
  const next = links.get("next");
  if (next !== undefined) return next;
  // A header may also hold links that have nothing to do with pages.
  if (["first", "prev", "last"].some((relation) => links.has(relation))) return undefined;
  if (!isNew || isEnough) return undefined;
  return { page: String(number + 1) };
}

/** The queries of a `Link` header by relation. Their addresses are not followed, because the token would go there. */
function readLinks(header: string | undefined): Map<string, PageQuery> {
  const links = new Map<string, PageQuery>();
  for (const [, address = "", parameters = ""] of (header ?? "").matchAll(/<([^>]*)>([^<]*)/g)) {
    const [, quoted, bare] = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))/i.exec(parameters) ?? [];
    const [, query = ""] = address.split("?");
    for (const relation of (quoted ?? bare ?? "").toLowerCase().split(/\s+/)) {
      links.set(relation, Object.fromEntries(new URLSearchParams(query.split("#")[0])));
    }
  }
  return links;
}
