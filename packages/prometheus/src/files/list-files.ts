import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';

const LEFT_OUT: ReadonlySet<string> = new Set(['.git', 'node_modules']);

/** Through symbolic links a directory is listed at most this often, so that links among each other stay bounded. */
const MAX_VISITS = 8;

type Listing = {
  readonly root: string;
  readonly found: string[];
  readonly visits: Map<string, number>;
};

/**
 * Every file below `root`, sorted, with `/` in paths. Symbolic links to directories inside are followed. Links that
 * lead nowhere, outside or in a circle are listed as files: reading them says what is wrong, nothing is passed over.
 *
 * @param root - A resolved directory.
 */
export async function listFiles(root: string): Promise<readonly string[]> {
  const listing: Listing = { root, found: [], visits: new Map() };
  await listDirectory(listing, '', root, [root]);
  return listing.found.sort();
}

async function listDirectory(
  listing: Listing,
  path: string,
  real: string,
  ancestors: readonly string[],
): Promise<void> {
  let entries: Dirent[];
  try {
    entries = await readdir(real, { withFileTypes: true });
  } catch {
    listing.found.push(path); // Not permitted, or gone: whoever wants it reads it and is told.
    return;
  }
  for (const entry of entries) {
    if (LEFT_OUT.has(entry.name)) continue;
    const child = path === '' ? entry.name : `${path}/${entry.name}`;
    if (entry.isDirectory()) {
      const directory = join(real, entry.name);
      await listDirectory(listing, child, directory, [...ancestors, directory]);
    } else if (entry.isSymbolicLink()) await listLink(listing, child, join(real, entry.name), ancestors);
    else listing.found.push(child);
  }
}

async function listLink(listing: Listing, path: string, link: string, ancestors: readonly string[]): Promise<void> {
  const target = await directoryBehind(link);
  if (target === undefined || !`${target}${sep}`.startsWith(`${listing.root}${sep}`)) {
    listing.found.push(path);
    return;
  }
  const visits = listing.visits.get(target) ?? 0;
  // A link to a directory above names nothing new.
  if (ancestors.includes(target) || visits >= MAX_VISITS) return;
  listing.visits.set(target, visits + 1);
  await listDirectory(listing, path, target, [...ancestors, target]);
}

async function directoryBehind(link: string): Promise<string | undefined> {
  try {
    const target = await realpath(link);
    return (await stat(target)).isDirectory() ? target : undefined;
  } catch {
    return undefined; // A broken link or a loop: listed as a file, so that reading it tells.
  }
}
