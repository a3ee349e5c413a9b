import type { Caller, Need } from '../permissions.ts';
import type { Reply } from '../reply.ts';
import type { Repo, World } from '../state.ts';

export type Params = Readonly<Record<string, string>>;
export type Body = Readonly<Record<string, unknown>>;

/** What a handler gets. `repo` is there for every route below `/repos/{owner}/{repo}`. */
export type Call = {
  readonly world: World;
  readonly caller: Caller;
  readonly params: Params;
  readonly query: URLSearchParams;
  readonly body: Body;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
};
export type RepoCall = Call & { readonly repo: Repo };

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

type Base = {
  readonly method: Method;
  /** Path template exactly as in GitHub's OpenAPI description. */
  readonly path: string;
};
export type Route = Base &
  (
    | { readonly need: Extract<Need, { kind: 'repo' }>; readonly repo: (call: RepoCall) => Reply | Promise<Reply> }
    | { readonly need: Exclude<Need, { kind: 'repo' }>; readonly handle: (call: Call) => Reply | Promise<Reply> }
  );

type Compiled = {
  readonly route: Route;
  readonly pattern: RegExp;
  readonly names: readonly string[];
  readonly rank: number;
};

// Names with slashes: GitHub takes them both encoded and as they are.
const LONG = new Set(['ref', 'path', 'branch', 'basehead', 'commit_sha', 'tree_sha']);

function compile(route: Route): Compiled {
  const names: string[] = [];
  const source = route.path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => {
    names.push(name);
    return LONG.has(name) ? '(.+?)' : '([^/]+)';
  });
  const segments = route.path.split('/');
  const literals = segments.filter((part) => !part.startsWith('{')).length;
  return { route, pattern: new RegExp(`^${source}/?$`), names, rank: segments.length * 10 + literals };
}

export type Router = (method: string, path: string) => { readonly route: Route; readonly params: Params } | null;

/** Longer templates win, then those with more literal segments: `/branches/{branch}/protection` before `/branches/{branch}`. */
export function createRouter(routes: readonly Route[]): Router {
  const byMethod = new Map<string, Compiled[]>();
  for (const compiled of routes.map(compile).sort((a, b) => b.rank - a.rank)) {
    const list = byMethod.get(compiled.route.method) ?? [];
    list.push(compiled);
    byMethod.set(compiled.route.method, list);
  }
  return (method, path) => {
    for (const { route, pattern, names } of byMethod.get(method) ?? []) {
      const match = pattern.exec(path);
      if (!match) continue;
      const params = Object.fromEntries(names.map((name, at) => [name, decode(match[at + 1] ?? '')]));
      return { route, params };
    }
    return null;
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
