/** Where a path of the Prometheus configuration lies in the repository. */
export type MappedPath =
  | { readonly kind: 'inside'; readonly path: string }
  /** An absolute path below none of the mapped server paths. */
  | { readonly kind: 'unmapped'; readonly serverPath: string }
  /** The path leaves the repository. */
  | { readonly kind: 'outside'; readonly path: string };

/** Server path to repository path, as `prometheus.path_map` has it. */
export type PathMap = Readonly<Record<string, string>>;

/**
 * Maps a path (or glob) that the configuration names to the repository.
 * An absolute path is mapped by the longest server path it lies below. A relative one is relative to the
 * configuration's directory: that of the server, when the map tells where that is, else that of the repository.
 *
 * @param configPath - The configuration's path in the repository.
 */
export function mapServerPath(path: string, configPath: string, pathMap: PathMap): MappedPath {
  if (path.startsWith('/')) return mapAbsolute(path, pathMap);
  const configDirectory = directoryOf(configPath);
  const serverDirectory = toServer(configDirectory, pathMap);
  if (serverDirectory !== undefined) {
    const mapped = mapAbsolute(`${serverDirectory}/${path}`, pathMap);
    if (mapped.kind === 'inside') return mapped;
  }
  const inRepository = normalizePath(configDirectory === '' ? path : `${configDirectory}/${path}`);
  return leavesRoot(inRepository) ? { kind: 'outside', path: inRepository } : { kind: 'inside', path: inRepository };
}

/** Removes `.`, empty and `..` elements as far as possible; `..` that leaves a relative root stays in front. */
export function normalizePath(path: string): string {
  const absolute = path.startsWith('/');
  const kept: string[] = [];
  for (const element of path.split('/')) {
    if (element === '' || element === '.') continue;
    if (element !== '..') kept.push(element);
    else if (kept.length > 0 && kept.at(-1) !== '..') kept.pop();
    else if (!absolute) kept.push('..');
  }
  return (absolute ? '/' : '') + kept.join('/');
}

/** The directory part of a path; the root is the empty text. */
export function directoryOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash === -1 ? '' : path.slice(0, slash);
}

function mapAbsolute(path: string, pathMap: PathMap): MappedPath {
  const serverPath = normalizePath(path);
  const best = longest(
    Object.entries(pathMap).map(([server, repository]) => ({ from: normalizePath(server), to: repository })),
    serverPath,
  );
  if (best === undefined) return { kind: 'unmapped', serverPath };
  const mapped = normalizePath(`${best.to}/${serverPath.slice(best.from.length)}`.replace(/^\/+/, ''));
  return leavesRoot(mapped) ? { kind: 'outside', path: mapped } : { kind: 'inside', path: mapped };
}

function toServer(repositoryPath: string, pathMap: PathMap): string | undefined {
  const best = longest(
    Object.entries(pathMap).map(([server, repository]) => ({ from: normalizePath(repository), to: server })),
    repositoryPath,
  );
  if (best === undefined) return undefined;
  const rest = best.from === '' ? repositoryPath : repositoryPath.slice(best.from.length);
  const server = normalizePath(`${best.to}/${rest}`);
  return server.startsWith('/') ? server : undefined;
}

type Mapping = { readonly from: string; readonly to: string };

function longest(mappings: readonly Mapping[], path: string): Mapping | undefined {
  return mappings.filter(({ from }) => isBelow(path, from)).sort((a, b) => b.from.length - a.from.length)[0];
}

function isBelow(path: string, directory: string): boolean {
  return directory === '' || directory === '/' || path === directory || path.startsWith(`${directory}/`);
}

function leavesRoot(path: string): boolean {
  return path === '..' || path.startsWith('../') || path.startsWith('/');
}
