// What an emulator logs of a request, and the faults and hooks that choose their requests by one rule. Knows no vendor.

export interface LoggedRequest {
  method: string;
  path: string;
  query: Record<string, string | string[]>;
  body: unknown;
  /** 0 until answered, and for ever when the connection was cut. */
  status: number;
  at: number;
  template: string;
  requestId: string;
}

type JsonObject = Record<string, unknown>;

export interface RequestMatch {
  method?: string;
  path?: RegExp;
  /** The first matching request to hit, counted from 1. Default 1. */
  nth?: number;
  /** How many matching requests to hit from there. Default 1; `Infinity` for all. */
  times?: number;
}

export interface Fault {
  match?: RequestMatch;
  /** Answer with this status instead of handling the request, or after handling it with `afterApply`. */
  status?: number;
  /** Seconds, sent as `retry-after`. */
  retryAfter?: number;
  /** Replaces the vendor's body; a string is sent as it is, anything else as JSON. */
  body?: unknown;
  /** What a gateway answers in place of the vendor, with the status, verbatim. Netlify only: elsewhere `body` is sent verbatim. */
  page?: string;
  afterApply?: boolean;
  /** The edge's 524: the request was applied, the answer says time-out. */
  timeoutAfterApply?: boolean;
  /** Cut the connection without applying, or after applying. */
  resetBefore?: boolean;
  resetAfter?: boolean;
  /** Wait before anything else; combines with the other kinds. */
  delayMs?: number;
  /** Apply, then answer 200 with JSON that stops half way, or with no JSON at all. */
  truncatedJson?: boolean;
  malformedJson?: boolean;
  /** Handle the request, then answer this instead of what the documentation promises. */
  edit?: (body: JsonObject) => void;
}

export interface AddedFault {
  readonly fault: Fault;
  hits: number;
  remove(): void;
}

export type Hook = (request: LoggedRequest) => void | Promise<void>;

/** True for the matching requests from `nth` on, `times` of them. */
function requestMatcher(match: RequestMatch = {}): (request: LoggedRequest) => boolean {
  const { nth = 1, times = 1 } = match;
  let seen = 0;
  return (request) => {
    if (match.method !== undefined && match.method.toUpperCase() !== request.method) return false;
    // A regular expression with the g flag remembers where it stopped; search() does not care.
    if (match.path !== undefined && request.path.search(match.path) === -1) return false;
    seen += 1;
    return seen >= nth && seen < nth + times;
  };
}

export class Faults {
  private readonly list = new Set<{ added: AddedFault; matches: (request: LoggedRequest) => boolean }>();

  add(fault: Fault): AddedFault {
    const entry = {
      matches: requestMatcher(fault.match),
      added: { fault, hits: 0, remove: () => void this.list.delete(entry) } as AddedFault,
    };
    this.list.add(entry);
    return entry.added;
  }

  clear(): void {
    this.list.clear();
  }

  /** The first fault meant for this request. Every fault counts the request, whichever wins. */
  take(request: LoggedRequest): Fault | undefined {
    const due = [...this.list].filter((entry) => entry.matches(request));
    const chosen = due[0]?.added;
    if (chosen) chosen.hits += 1;
    return chosen?.fault;
  }
}

export class Hooks {
  private readonly list = new Set<{ matches: (request: LoggedRequest) => boolean; run: Hook }>();

  add(match: RequestMatch, run: Hook): () => void {
    const entry = { matches: requestMatcher(match), run };
    this.list.add(entry);
    return () => void this.list.delete(entry);
  }

  async run(request: LoggedRequest): Promise<void> {
    const due = [...this.list].filter((entry) => entry.matches(request));
    for (const entry of due) await entry.run(request);
  }
}
