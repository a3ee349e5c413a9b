import { constants } from 'node:fs';
import { open, readlink, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { ReadResult, RepositoryFiles } from '@obsgate/core/gate';
import { ConfigError } from '@obsgate/core/kernel';
import { normalizePath } from '@obsgate/core/rules';
import { listFiles } from './list-files.ts';

/** A rule file of 10,000 rules has 1.2 MB; nothing of this size was written or generated on purpose. */
const MAX_BYTES = 16 * 1024 * 1024;

type Unreadable = Extract<ReadResult, { kind: 'unreadable' }>;

/**
 * The files below `root`. Nothing outside is ever opened, also not through symbolic links.
 * The list is made once; files are read anew at each call.
 *
 * @param root - A directory.
 * @param maxBytes - Larger files read as `too_large`.
 */
export function repositoryFiles(root: string, maxBytes: number = MAX_BYTES): RepositoryFiles {
  let paths: Promise<readonly string[]> | undefined;
  let base: Promise<string> | undefined;
  const realRoot = (): Promise<string> => (base ??= rootDirectory(root));
  return {
    async read(path) {
      return readInside(await realRoot(), path, maxBytes);
    },
    async list() {
      return (paths ??= listFiles(await realRoot()));
    },
  };
}

async function rootDirectory(root: string): Promise<string> {
  try {
    const real = await realpath(root);
    if ((await stat(real)).isDirectory()) return real;
  } catch (error) {
    throw new ConfigError(`the directory cannot be read (${codeOf(error)})`, root);
  }
  throw new ConfigError('this is not a directory', root);
}

async function readInside(root: string, path: string, maxBytes: number): Promise<ReadResult> {
  const normalized = normalizePath(path);
  if (path.includes('\0')) return unreadable('missing', 'the path has a NUL character');
  if (normalized.startsWith('/') || normalized === '..' || normalized.startsWith('../')) {
    return unreadable('outside', '');
  }
  const wanted = join(root, normalized);
  let real: string;
  try {
    real = await realpath(wanted);
  } catch (error) {
    return failure(error, await linkDetail(wanted));
  }
  if (!isInside(root, real)) return unreadable('outside', `a symbolic link leads to ${real}`);
  try {
    return await readRegular(real, maxBytes);
  } catch (error) {
    return failure(error, '');
  }
}

function isInside(root: string, real: string): boolean {
  const path = relative(root, real);
  return path !== '..' && !path.startsWith(`..${sep}`) && !path.startsWith(sep) && !/^[A-Za-z]:/.test(path);
}

async function readRegular(real: string, maxBytes: number): Promise<ReadResult> {
  // The path is resolved: another link in its place would be a change behind our back. A pipe must not block us.
  const file = await open(real, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  try {
    const info = await file.stat();
    if (info.isDirectory()) return unreadable('directory', '');
    if (!info.isFile()) return unreadable('denied', 'it is no regular file');
    if (info.size > maxBytes) return unreadable('too_large', `${info.size} bytes, more than ${maxBytes}`);
    return decode(await file.readFile());
  } finally {
    await file.close();
  }
}

function decode(bytes: Buffer): ReadResult {
  const nul = bytes.indexOf(0);
  if (nul !== -1) return unreadable('binary', `a NUL byte in line ${lineAt(bytes, nul)}`);
  try {
    return { kind: 'text', text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return unreadable('encoding', `in line ${lineAt(bytes, firstInvalid(bytes))}`);
  }
}

/** Offset of the first byte that is not UTF-8, by halving: every decodable prefix ends before it. */
function firstInvalid(bytes: Buffer): number {
  let low = 0;
  let high = bytes.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    // `stream` accepts a prefix that ends inside a character.
    if (decodes(bytes.subarray(0, middle))) low = middle;
    else high = middle - 1;
  }
  return low;
}

function decodes(bytes: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

function lineAt(bytes: Buffer, offset: number): number {
  let line = 1;
  for (let at = bytes.indexOf(10); at !== -1 && at < offset; at = bytes.indexOf(10, at + 1)) line++;
  return line;
}

function failure(error: unknown, detail: string): Unreadable {
  const code = codeOf(error);
  if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG') return unreadable('missing', detail);
  if (code === 'ELOOP') return unreadable('loop', '');
  if (code === 'EISDIR') return unreadable('directory', '');
  return unreadable('denied', code);
}

async function linkDetail(path: string): Promise<string> {
  try {
    return `a symbolic link to ${await readlink(path)}`;
  } catch {
    return ''; // It is no link: there is nothing to add.
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}

function unreadable(reason: Unreadable['reason'], detail: string): Unreadable {
  return { kind: 'unreadable', reason, detail };
}
