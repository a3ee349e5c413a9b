/**
 * The form under which two paths are the same on some file system or for some reader: compatibility normal form and
 * letter case folded. Upper case first, so that letters that only fold that way (long s, Kelvin sign) fold too.
 */
export function foldPath(path: string): string {
  return path.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC');
}

// Cc, Cf, Zl, Zp, Co, Cs and unassigned: nothing of these belongs into a path, and Cf holds the bidirectional controls
// and the characters that HFS+ ignores (https://git-scm.com/docs/git-config#Documentation/git-config.txt-coreprotectHFS).
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}\p{Cn}]/u;

/** Why a path may mean different files to different readers; undefined when it may not. */
export function unsafePath(path: string): string | undefined {
  if (path === '') return 'it is empty';
  if (path.includes('\uFFFD')) return 'it is not valid UTF-8';
  if (INVISIBLE.test(path)) return 'it holds characters that cannot be seen';
  if (path.normalize('NFC') !== path)
    return 'it is not in Unicode normal form C, so that it may collide with another name';
  if (path.includes('\\')) return 'it holds a backslash, which separates folders on Windows';
  if (path.includes(':')) return 'it holds a colon, which names a stream on Windows';
  const segments = path.split('/');
  if (segments.some((segment) => segment === '' || segment === '.' || segment === '..'))
    return 'it holds an empty, "." or ".." part';
  if (segments.some((segment) => /[. ]$/.test(segment)))
    return 'a part of it ends in a dot or a space, which Windows drops';
  if (segments.some((segment) => /~\d/.test(segment)))
    return 'a part of it looks like a short name of Windows (NAME~1)';
  return undefined;
}

/** Groups of different paths that fold to the same. */
export function collidingPaths(paths: readonly string[]): string[][] {
  const groups = new Map<string, Set<string>>();
  for (const path of paths) {
    const key = foldPath(path);
    groups.set(key, (groups.get(key) ?? new Set()).add(path));
  }
  return [...groups.values()].filter((group) => group.size > 1).map((group) => [...group].toSorted());
}
