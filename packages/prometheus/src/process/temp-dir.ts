import { rmSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onExitCleanup } from './cleanups.ts';

/**
 * Runs `use` with a new empty folder and removes it afterwards: on return, on throw, on Ctrl-C and on exit.
 * The path is real (no symbolic links), as promtool and Prometheus print it.
 */
export async function withTempDir<T>(prefix: string, use: (dir: string) => Promise<T>): Promise<T> {
  const { dir, remove } = await tempDir(prefix);
  try {
    return await use(dir);
  } finally {
    await remove();
  }
}

/** A new empty folder that lives until `remove` is called or the process ends. `parent` defaults to the system's. */
export async function tempDir(
  prefix: string,
  parent = tmpdir(),
): Promise<{ dir: string; remove: () => Promise<void> }> {
  const dir = await mkdtemp(join(await realpath(parent), `${prefix}-`));
  const forget = onExitCleanup(() => rmSync(dir, { recursive: true, force: true, maxRetries: 3 }));
  const remove = async (): Promise<void> => {
    await rm(dir, { recursive: true, force: true, maxRetries: 3 });
    forget();
  };
  return { dir, remove };
}
