// How a path finds its row in an emulator's table of documented routes.

export interface Template {
  readonly method: string;
  /** As in the vendor's own description: `/apps/{id}`. */
  readonly template: string;
}

export interface Match<T> {
  readonly route: T;
  /** The values of the template's braces. */
  readonly params: Record<string, string>;
}

export function findRoute<T extends Template>(
  routes: readonly T[],
  { method, path }: { method: string; path: string },
): Match<T> | undefined {
  for (const route of routes) {
    const params = route.method === method ? matchTemplate(route.template, path) : undefined;
    if (params) return { route, params };
  }
  return undefined;
}

function matchTemplate(template: string, path: string): Record<string, string> | undefined {
  const wanted = template.split("/");
  const given = path.split("/");
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const actual = decodeURIComponent(given[index] ?? "");
    if (part.startsWith("{")) params[part.slice(1, -1)] = actual;
    else if (part !== actual) return undefined;
  }
  return params;
}
