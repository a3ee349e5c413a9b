/** Parameters that may hold slashes as they stand; in all others a slash must be percent-encoded. */
const multiSegment = new Set(['path', 'ref', 'branch', 'basehead', 'tree_sha']);

/**
 * Values of a route's parameters in a path, decoded.
 *
 * @param route path template, `/repos/{owner}/{repo}/contents/{path}`
 * @param path as requested, without query
 * @returns `null` when the path is not of that route
 */
export function pathParameters(route: string, path: string): Readonly<Record<string, string>> | null {
  const names = [...route.matchAll(/\{(\w+)\}/gu)].map((match) => match[1] ?? '');
  const found = pattern(route).exec(path);
  if (found === null) return null;
  return Object.fromEntries(names.map((name, index) => [name, decodeURIComponent(found[index + 1] ?? '')]));
}

/** The route of the list that a path belongs to: the one with the most fixed segments. */
export function matchRoute(routes: readonly string[], path: string): string | undefined {
  const fitting = routes.filter((route) => pattern(route).test(path));
  return fitting.sort((a, b) => fixedSegments(b) - fixedSegments(a))[0];
}

function pattern(route: string): RegExp {
  const source = route
    .split(/(\{\w+\})/u)
    .map((part) =>
      part.startsWith('{') ? segment(part.slice(1, -1)) : part.replaceAll(/[.*+?^$()[\]\\|]/gu, String.raw`\$&`),
    )
    .join('');
  return new RegExp(`^${source}$`, 'u');
}

function segment(name: string): string {
  return multiSegment.has(name) ? '(.*)' : '([^/]+)';
}

function fixedSegments(route: string): number {
  return route.split('/').filter((part) => !part.startsWith('{')).length;
}
