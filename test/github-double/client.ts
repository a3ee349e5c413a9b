/** A bare client for the double's own tests: nothing between the test and the wire. */
export type Answer = { readonly status: number; readonly body: Record<string, unknown>; readonly headers: Headers };

export type Client = (method: string, path: string, body?: unknown) => Promise<Answer>;

export function client(url: string, token: string | null): Client {
  return async (method, path, body) => {
    const response = await fetch(url + path, {
      method,
      headers: {
        accept: 'application/vnd.github+json',
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const parsed = text.startsWith('{') || text.startsWith('[') ? (JSON.parse(text) as Record<string, unknown>) : {};
    return { status: response.status, body: parsed, headers: response.headers };
  };
}

/** Follows a path of keys and indexes through JSON: `at(body, 'head', 'sha')`. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  let here: unknown = value;
  for (const key of path) here = (here as Record<string | number, unknown> | null | undefined)?.[key];
  return here;
}
