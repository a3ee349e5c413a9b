import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync, inflateSync } from 'node:zlib';

export type ObjectType = 'blob' | 'tree' | 'commit' | 'tag';
export type GitObject = { readonly type: ObjectType; readonly content: Buffer };

// Loose objects are written and read in the process: a git child costs 4 ms, and a seeded world has hundreds of objects.
// What git itself packed (a real `git push`) is read through `git cat-file`.

function objectPath(gitDir: string, sha: string): string {
  return join(gitDir, 'objects', sha.slice(0, 2), sha.slice(2));
}

export function writeObject(gitDir: string, type: ObjectType, content: Buffer): string {
  const store = Buffer.concat([Buffer.from(`${type} ${content.length}\0`), content]);
  const sha = createHash('sha1').update(store).digest('hex');
  const path = objectPath(gitDir, sha);
  if (existsSync(path)) return sha;
  mkdirSync(join(gitDir, 'objects', sha.slice(0, 2)), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, deflateSync(store, { level: 1 }));
  renameSync(temporary, path);
  return sha;
}

export function readObject(gitDir: string, sha: string): GitObject | null {
  if (!/^[0-9a-f]{40}$/.test(sha)) return null;
  const path = objectPath(gitDir, sha);
  if (!existsSync(path)) return readPacked(gitDir, sha);
  const store = inflateSync(readFileSync(path));
  const end = store.indexOf(0);
  const type = store.subarray(0, end).toString().split(' ')[0];
  return { type: asType(type), content: store.subarray(end + 1) };
}

function readPacked(gitDir: string, sha: string): GitObject | null {
  if (!existsSync(join(gitDir, 'objects', 'pack'))) return null;
  const options = {
    env: { PATH: process.env['PATH'] ?? '', GIT_DIR: gitDir },
    stdio: 'pipe',
    maxBuffer: 1 << 28,
  } as const;
  try {
    const type = execFileSync('git', ['cat-file', '-t', sha], options).toString().trim();
    return { type: asType(type), content: execFileSync('git', ['cat-file', type, sha], options) };
  } catch {
    return null; // git says so for an object that is not there
  }
}

function asType(type: string | undefined): ObjectType {
  if (type === 'blob' || type === 'tree' || type === 'commit' || type === 'tag') return type;
  throw new Error(`unknown git object type ${String(type)}`);
}
