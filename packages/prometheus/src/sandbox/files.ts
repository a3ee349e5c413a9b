import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';

/** Writes the files below `directory`, which is emptied first. */
export async function replaceFiles(directory: string, files: ReadonlyMap<string, string>): Promise<void> {
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  const folders = new Set<string>();
  for (const [path, text] of files) {
    const target = resolve(directory, path);
    if (!target.startsWith(directory + sep)) throw new Error(`${path} lies outside the sandbox`);
    const folder = dirname(target);
    if (!folders.has(folder)) await mkdir(folder, { recursive: true });
    folders.add(folder);
    await writeFile(target, text);
  }
}

/** Absolute path of `path` below `directory`. */
export function below(directory: string, path: string): string {
  return join(directory, ...path.split('/'));
}
