// Network side: calls that read, with their answers parsed. An incomplete answer decides nothing.

import type { ZodType } from "zod";
import { createAnswerReader } from "../../../http/answer.js";
import type { HttpAnswer, HttpCall, HttpClient } from "../../../http/client.js";
import { readBody } from "./digits.js";
import { type Page, type PageQuery, type PageReading, readList } from "./pages.js";
import { errorAnswer } from "../wire.js";

export const answers = createAnswerReader("Netlify");

interface List<Row> extends Pick<PageReading<Row>, "isEnough" | "onPage"> {
  readonly shape: ZodType<readonly Row[]>;
  readonly path: string;
  /** Sent with every page. */
  readonly query: PageQuery;
  readonly what: string;
}

export interface Calls {
  /** Undefined for a 404. */
  readonly find: <T>(shape: ZodType<T>, path: string, query?: HttpCall["query"]) => Promise<T | undefined>;
  /** The same where "not found" decides something, such as that a key is gone: only Netlify's own answer counts, not a gateway's. */
  readonly findSurely: <T>(shape: ZodType<T>, path: string, query?: HttpCall["query"]) => Promise<T | undefined>;
  /** Every row, however many pages they come in. */
  readonly list: <Row extends { readonly key: string }>(list: List<Row>) => Promise<readonly Row[]>;
}

export function createCalls(http: HttpClient): Calls {
  const ask = (path: string, query: HttpCall["query"] = {}) =>
    http.request({ method: "GET", path, query, repeat: "safe", accept: [404] });
  return {
    find: async (shape, path, query) => {
      const answer = await ask(path, query);
      return answer.status === 404 ? undefined : answers.parse(shape, readBody(answer), nameOf(shape));
    },
    findSurely: async (shape, path, query) => {
      const answer = await ask(path, query);
      if (answer.status !== 404) return answers.parse(shape, readBody(answer), nameOf(shape));
      checkOwn(answer, path);
      return undefined;
    },
    list: async <Row extends { readonly key: string }>({ shape, path, query, what, ...reading }: List<Row>) => {
      const read = async (page: PageQuery): Promise<Page<Row> | undefined> => {
        // Only a page after the first may be missing while the list itself exists.
        const accept = Object.keys(page).length === 0 ? [] : [404];
        const answer = await http.request({
          method: "GET",
          path,
          query: { ...page, ...query },
          repeat: "safe",
          accept,
        });
        if (answer.status === 404) {
          checkOwn(answer, path);
          return undefined;
        }
        return { rows: answers.parse(shape, readBody(answer), `list of ${what}`), link: answer.headers["link"] };
      };
      const rows = await readList({ read, ...reading });
      if (rows === undefined)
        throw answers.malformed(`list of ${what}`, "its pages, which have no end or change with every read");
      return rows;
    },
  };
}

/** What a shape describes, as messages call it. */
function nameOf({ description = "answer" }: ZodType): string {
  return description;
}

/** @throws HttpError `http.not_found` when the answer is not Netlify's own */
function checkOwn({ body }: HttpAnswer, path: string): void {
  if (answers.fit(errorAnswer, body) === undefined) throw answers.foreign(path);
}
