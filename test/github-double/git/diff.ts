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
  const args = ['diff-tree', '-r', '-M', '-z', '--patch-with-raw', '--no-color', '--full-index', from, to];
  const text = (await git(gitDir, args)).stdout.toString();
  // Raw entries end in NUL each, an empty one ends them all, and the patches follow.
  const end = text.indexOf('\0\0');
  const patches = splitPatches(end < 0 ? '' : text.slice(end + 2));
  let at = 0;
  return parseRaw(text.slice(0, end < 0 ? text.length : end)).map((change) => {
    // A change of type (file to symlink) is one entry but two patches: a removal and an addition.
    const mine = patches.slice(at, at + (change.status === 'changed' ? 2 : 1));
    at += mine.length;
    const hunks = mine.map(hunksOf).filter((each) => each !== null);
    const count = (sign: string): number =>
      hunks
        .join('\n')
        .split('\n')
        .filter((line) => line.startsWith(sign)).length;
    return Object.assign(change, { additions: count('+'), deletions: count('-'), patch: hunks[0] ?? null });
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

function splitPatches(text: string): string[] {
  return text.split(/^(?=diff --git )/m).filter((part) => part.startsWith('diff --git '));
}

/** From the first hunk on; `null` for a binary file, a pure rename or a change of mode. */
function hunksOf(patch: string): string | null {
  const start = patch.search(/^@@ /m);
  return start < 0 ? null : patch.slice(start).replace(/\n$/, '');
}
