import { readObject, writeObject } from './objects.ts';

export type TreeEntry = { readonly mode: string; readonly name: string; readonly sha: string };
export type FlatFile = { readonly path: string; readonly mode: string; readonly sha: string };

export const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

export function readTree(gitDir: string, sha: string): TreeEntry[] | null {
  if (sha === EMPTY_TREE) return [];
  const object = readObject(gitDir, sha);
  if (object?.type !== 'tree') return null;
  const entries: TreeEntry[] = [];
  let at = 0;
  while (at < object.content.length) {
    const space = object.content.indexOf(0x20, at);
    const end = object.content.indexOf(0, space);
    entries.push({
      mode: object.content.subarray(at, space).toString().padStart(6, '0'),
      name: object.content.subarray(space + 1, end).toString(),
      sha: object.content.subarray(end + 1, end + 21).toString('hex'),
    });
    at = end + 21;
  }
  return entries;
}

export function entryType(mode: string): 'blob' | 'tree' | 'commit' {
  if (mode === '040000') return 'tree';
  return mode === '160000' ? 'commit' : 'blob';
}

/** Every file under a tree, `a/b/c` paths, in git's order. */
export function flatten(gitDir: string, sha: string, prefix = ''): FlatFile[] {
  return (readTree(gitDir, sha) ?? []).flatMap((entry) =>
    entryType(entry.mode) === 'tree'
      ? flatten(gitDir, entry.sha, `${prefix}${entry.name}/`)
      : [{ path: prefix + entry.name, mode: entry.mode, sha: entry.sha }],
  );
}

/** Git sorts tree entries as if directories ended in a slash. */
function sortKey(entry: TreeEntry): Buffer {
  return Buffer.from(entryType(entry.mode) === 'tree' ? `${entry.name}/` : entry.name);
}

function writeTreeEntries(gitDir: string, entries: readonly TreeEntry[]): string {
  const sorted = [...entries].sort((a, b) => Buffer.compare(sortKey(a), sortKey(b)));
  const content = sorted.flatMap((entry) => [
    Buffer.from(`${entry.mode.replace(/^0/, '')} ${entry.name}\0`),
    Buffer.from(entry.sha, 'hex'),
  ]);
  return writeObject(gitDir, 'tree', Buffer.concat(content));
}

/** Builds nested trees from flat files. */
export function writeTree(gitDir: string, files: readonly FlatFile[]): string {
  const here: TreeEntry[] = [];
  const below = new Map<string, FlatFile[]>();
  for (const file of files) {
    const slash = file.path.indexOf('/');
    if (slash < 0) here.push({ mode: file.mode, name: file.path, sha: file.sha });
    else {
      const name = file.path.slice(0, slash);
      const list = below.get(name) ?? [];
      list.push({ ...file, path: file.path.slice(slash + 1) });
      below.set(name, list);
    }
  }
  for (const [name, list] of below) here.push({ mode: '040000', name, sha: writeTree(gitDir, list) });
  return writeTreeEntries(gitDir, here);
}

/** The entry at a path below a tree; the tree itself for the empty path. */
export function lookup(gitDir: string, tree: string, path: string): TreeEntry | null {
  let entry: TreeEntry = { mode: '040000', name: '', sha: tree };
  for (const part of path.split('/').filter((each) => each !== '')) {
    if (entryType(entry.mode) !== 'tree') return null;
    const next = readTree(gitDir, entry.sha)?.find((each) => each.name === part);
    if (!next) return null;
    entry = next;
  }
  return entry;
}
