import { git } from './cli.ts';

export type FileChange = {
  readonly status: 'added' | 'removed' | 'modified' | 'renamed' | 'changed';
  readonly path: string;
  readonly previousPath: string | null;
  readonly sha: string;
  readonly mode: string;
  readonly additions: number;
  readonly deletions: number;
  readonly patch: string | null;
};

const cache = new Map<string, Promise<FileChange[]>>();

/** What changed from one commit or tree to another, renames detected. Content-addressed, so the answer is kept. */
export function diff(gitDir: string, from: string, to: string): Promise<FileChange[]> {
  const key = `${gitDir}\0${from}\0${to}`;
  const known = cache.get(key);
  if (known) return known;
  const fresh = readDiff(gitDir, from, to);
  if (cache.size > 200) cache.clear();
  cache.set(key, fresh);
  return fresh;
}

async function readDiff(gitDir: string, from: string, to: string): Promise<FileChange[]> {
  const [raw, counts, patches] = await Promise.all([
    git(gitDir, ['diff-tree', '-r', '-M', '-z', '--raw', '--no-abbrev', from, to]),
    git(gitDir, ['diff-tree', '-r', '-M', '-z', '--numstat', from, to]),
    git(gitDir, ['diff-tree', '-r', '-M', '-p', '--no-color', '--full-index', from, to]),
  ]);
  const numbers = parseCounts(counts.stdout.toString());
  const hunks = parsePatches(patches.stdout.toString());
  let at = 0;
  return parseRaw(raw.stdout.toString()).map((change) => {
    const patch = hunks[at] ?? null;
    // A change of type (file to symlink) is one entry but two patches: a removal and an addition.
    at += change.status === 'changed' ? 2 : 1;
    const [additions, deletions] = numbers.get(change.path) ?? [0, 0];
    return { ...change, additions, deletions, patch };
  });
}

type RawChange = Omit<FileChange, 'additions' | 'deletions' | 'patch'>;

function parseRaw(text: string): RawChange[] {
  const fields = text.split('\0');
  const changes: RawChange[] = [];
  for (let at = 0; at < fields.length;) {
    const match = /^:(\d+) (\d+) ([0-9a-f]{40}) ([0-9a-f]{40}) ([A-Z])\d*$/.exec(fields[at] ?? '');
    if (!match) break;
    const [, , mode = '', before = '', after = '', kind = ''] = match;
    const renamed = kind === 'R' || kind === 'C';
    const first = fields[at + 1] ?? '';
    changes.push({
      status: statusOf(kind),
      path: renamed ? (fields[at + 2] ?? '') : first,
      previousPath: renamed ? first : null,
      sha: kind === 'D' ? before : after,
      mode,
    });
    at += renamed ? 3 : 2;
  }
  return changes;
}

function statusOf(kind: string): FileChange['status'] {
  if (kind === 'A') return 'added';
  if (kind === 'D') return 'removed';
  if (kind === 'R') return 'renamed';
  return kind === 'T' ? 'changed' : 'modified';
}

function parseCounts(text: string): Map<string, readonly [number, number]> {
  const counts = new Map<string, readonly [number, number]>();
  const fields = text.split('\0');
  for (let at = 0; at < fields.length;) {
    const [added = '', deleted = '', path] = (fields[at] ?? '').split('\t');
    if (path === undefined) break;
    // A rename has an empty path here and both names in the next two fields; "-" stands for binary.
    const name = path === '' ? (fields[at + 2] ?? '') : path;
    counts.set(name, [Number(added) || 0, Number(deleted) || 0]);
    at += path === '' ? 3 : 1;
  }
  return counts;
}

function parsePatches(text: string): (string | null)[] {
  return text
    .split(/^(?=diff --git )/m)
    .filter((part) => part.startsWith('diff --git '))
    .map((part) => {
      const start = part.search(/^@@ /m);
      return start < 0 ? null : part.slice(start).replace(/\n$/, '');
    });
}
