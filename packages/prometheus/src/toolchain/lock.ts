import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { onExitCleanup } from '../process/index.ts';
import { rmSync } from 'node:fs';

const POLL_MS = 100;

/**
 * Runs `work` while no other process of this machine holds the lock `path` (a folder). A lock whose owner has died,
 * or that is older than `staleMs`, is taken over. After `waitMs` it goes ahead without the lock: what it guards is
 * safe without it (every write is a rename), the lock only spares a second download.
 */
export async function withLock<T>(
  path: string,
  work: () => Promise<T>,
  { waitMs = 300_000, staleMs = 600_000 }: { waitMs?: number; staleMs?: number } = {},
): Promise<T> {
  await mkdir(dirname(path), { recursive: true });
  const until = Date.now() + waitMs;
  while (!(await tryLock(path))) {
    if (Date.now() > until) return work();
    if (await isStale(path, staleMs)) await rm(path, { recursive: true, force: true });
    else await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  const forget = onExitCleanup(() => rmSync(path, { recursive: true, force: true }));
  try {
    return await work();
  } finally {
    await rm(path, { recursive: true, force: true });
    forget();
  }
}

async function tryLock(path: string): Promise<boolean> {
  try {
    await mkdir(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
  await writeFile(join(path, 'owner'), String(process.pid));
  return true;
}

async function isStale(path: string, staleMs: number): Promise<boolean> {
  const info = await stat(path).catch(() => undefined);
  if (info === undefined) return false;
  const ageMs = Date.now() - info.mtimeMs;
  if (ageMs > staleMs) return true;
  const owner = Number(await readFile(join(path, 'owner'), 'utf8').catch(() => 'NaN'));
  // Between mkdir and the write of its owner a lock is a moment without one.
  if (!Number.isSafeInteger(owner) || owner <= 0) return ageMs > 5000;
  try {
    process.kill(owner, 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}
