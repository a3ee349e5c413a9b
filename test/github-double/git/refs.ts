import {
  existsSync,
  mkdirSync,
  openSync,
  closeSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { git } from './cli.ts';

export const ZERO = '0'.repeat(40);
export type Ref = { readonly name: string; readonly sha: string };

function packedRefs(gitDir: string): Map<string, string> {
  const path = join(gitDir, 'packed-refs');
  const found = new Map<string, string>();
  if (!existsSync(path)) return found;
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const match = /^([0-9a-f]{40}) (refs\/\S+)$/.exec(line);
    if (match?.[1] && match[2]) found.set(match[2], match[1]);
  }
  return found;
}

export function readRef(gitDir: string, name: string): string | null {
  if (!validRefName(name)) return null;
  try {
    const text = readFileSync(join(gitDir, name), 'utf8').trim();
    if (/^[0-9a-f]{40}$/.test(text)) return text;
  } catch {
    // not a loose ref; perhaps a packed one
  }
  return packedRefs(gitDir).get(name) ?? null;
}

export function listRefs(gitDir: string, prefix = 'refs/'): Ref[] {
  const found = packedRefs(gitDir);
  const root = join(gitDir, 'refs');
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name.endsWith('.lock')) continue;
    const name = join(entry.parentPath, entry.name)
      .slice(gitDir.length + 1)
      .replaceAll('\\', '/');
    const sha = readRef(gitDir, name);
    if (sha) found.set(name, sha);
  }
  return [...found]
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, sha]) => ({ name, sha }))
    .sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
}

/** The rules of git-check-ref-format(1) that matter for names sent over the API. */
export function validRefName(name: string): boolean {
  if (!name.startsWith('refs/') || name.endsWith('/') || name.endsWith('.')) return false;
  // oxlint-disable-next-line no-control-regex -- git forbids control characters
  if (/[\u0000-\u0020\u007F~^:?*[\\]|\.\.|@\{|\/\//.test(name)) return false;
  return name.split('/').every((part) => !part.startsWith('.') && !part.endsWith('.lock'));
}

/**
 * Compare-and-swap of one ref with git's own locking protocol (an exclusive `.lock` file), so that a real `git push`
 * into the repository and the API cannot both win.
 * @param expected the value the ref must have now; `null` for "must not exist".
 * @returns false when the ref has another value, is locked, or its name clashes with another ref's directory.
 */
export function writeRef(gitDir: string, name: string, sha: string, expected: string | null): boolean {
  const path = join(gitDir, name);
  const lock = `${path}.lock`;
  let handle: number;
  try {
    mkdirSync(dirname(path), { recursive: true });
    handle = openSync(lock, 'wx');
  } catch {
    return false;
  }
  try {
    if (readRef(gitDir, name) !== expected) return false;
    writeSync(handle, `${sha}\n`);
    renameSync(lock, path);
    return true;
  } catch {
    return false;
  } finally {
    closeSync(handle);
    rmSync(lock, { force: true });
  }
}

export async function deleteRef(gitDir: string, name: string): Promise<void> {
  if (packedRefs(gitDir).has(name)) await git(gitDir, ['update-ref', '-d', name]);
  rmSync(join(gitDir, name), { force: true });
  // Empty directories would forbid a later ref of that name.
  for (let dir = dirname(name); dir.split('/').length > 2; dir = dirname(dir)) {
    try {
      if (readdirSync(join(gitDir, dir)).length > 0) return;
      rmSync(join(gitDir, dir), { recursive: true });
    } catch {
      return;
    }
  }
}
