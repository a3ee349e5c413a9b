import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** What was learned from the network is asked again after a day. */
const TTL_MS = 24 * 3_600_000;

/** What `remember` wrote into `file` less than a day ago; undefined otherwise, also for a damaged file. */
export async function recall(file: string): Promise<unknown> {
  try {
    const entry: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (typeof entry !== 'object' || entry === null || !('at' in entry) || !('value' in entry)) return undefined;
    return typeof entry.at === 'number' && Date.now() - entry.at < TTL_MS ? entry.value : undefined;
  } catch {
    // Never written, or damaged: it is asked again.
    return undefined;
  }
}

/** Writes `value` at once and complete. */
export async function remember(file: string, value: unknown): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}`;
  await writeFile(temporary, JSON.stringify({ at: Date.now(), value }));
  await rename(temporary, file);
}
