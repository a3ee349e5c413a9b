import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from '@obsgate/core/kernel';
import { ROLES, dumpFile, readMeta, writeMeta, type DumpMeta, type SloSpec, type WatchData } from '@obsgate/core/slo';
import type { Answered } from './ask.ts';

/** Answers as the judge reads them. */
export function watchData(meta: DumpMeta, answers: readonly Pick<Answered, 'metric' | 'role' | 'body'>[]): WatchData {
  const bodies = new Map(answers.map(({ metric, role, body }) => [dumpFile(metric, role), body]));
  return { ...meta, body: (metric, role) => bodies.get(dumpFile(metric, role)) };
}

/**
 * `meta.json` of a dump; without one, a scrape every 15 seconds and no merges are assumed.
 *
 * @throws ConfigError when the folder is not there: its absent files would look like a server that does not answer.
 */
export async function readDumpMeta(folder: string): Promise<DumpMeta> {
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory() !== true) throw new ConfigError('there is no such folder', folder);
  const path = join(folder, 'meta.json');
  const text = await readIfThere(path);
  return text === undefined ? { scrapeSeconds: 15, merges: [] } : readMeta(path, text);
}

/**
 * Reads what a server would have answered to the queries of `spec`; an absent file stands for a server that does not.
 *
 * @throws ConfigError for a file that is there and cannot be read.
 */
export async function readDump(folder: string, spec: SloSpec, meta: DumpMeta): Promise<WatchData> {
  const answers: Omit<Answered, 'query'>[] = [];
  for (const { name, queries } of spec.metrics) {
    for (const role of ROLES.filter((known) => queries[known] !== undefined)) {
      answers.push({ metric: name, role, body: await readIfThere(join(folder, dumpFile(name, role))) });
    }
  }
  return watchData(meta, answers);
}

/** Writes a dump that {@link readDump} reads back to the same verdict. Files of an earlier dump are replaced or removed. */
export async function saveDump(folder: string, meta: DumpMeta, answers: readonly Answered[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeWhole(join(folder, 'meta.json'), writeMeta(meta));
  for (const { metric, role, body } of answers) {
    const path = join(folder, dumpFile(metric, role));
    if (body === undefined) await rm(path, { force: true });
    else await writeWhole(path, body);
  }
}

async function writeWhole(path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  await writeFile(temporary, text);
  await rename(temporary, path);
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') return undefined;
    throw new ConfigError(`cannot be read: ${error instanceof Error ? error.message : String(error)}`, path);
  }
}
