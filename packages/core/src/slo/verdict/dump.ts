import * as z from 'zod';
import { ConfigError, parseDuration } from '../../kernel/index.ts';
import { requireInput } from '../../input/index.ts';
import type { Role } from '../spec/index.ts';
import type { Merge } from './model.ts';

/** `meta.json` of a dump. */
const metaSchema = z.strictObject({
  scrape_interval: z.string().default('15s'),
  merges: z
    .array(
      z.strictObject({
        pr: z.union([z.number().int(), z.string()]).nullish(),
        sha: z.string().nullish(),
        merged_at: z.union([z.string(), z.number()]),
        deployed_at: z.union([z.string(), z.number()]).nullish(),
      }),
    )
    .default([]),
});

export type DumpMeta = { readonly scrapeSeconds: number; readonly merges: readonly Merge[] };

/** Name of the file that holds the answer to one query of a metric. */
export function dumpFile(metric: string, role: Role): string {
  return `${metric}.${role}.json`;
}

/** @throws ConfigError that names file, line and column. */
export function readMeta(path: string, text: string): DumpMeta {
  const meta = requireInput(metaSchema, path, text);
  const scrape = parseDuration(meta.scrape_interval);
  if (scrape === undefined || scrape.ms === 0) {
    throw new ConfigError(`scrape_interval ${JSON.stringify(meta.scrape_interval)} is no duration; write 15s`, path);
  }
  const merges = meta.merges.map((merge) => ({
    pr: merge.pr === null || merge.pr === undefined ? undefined : Number(merge.pr),
    sha: merge.sha ?? undefined,
    mergedAt: timeOf(merge.merged_at, path),
    deployedAt:
      merge.deployed_at === null || merge.deployed_at === undefined ? undefined : timeOf(merge.deployed_at, path),
  }));
  return { scrapeSeconds: scrape.ms / 1000, merges };
}

export function writeMeta({ scrapeSeconds, merges }: DumpMeta): string {
  const meta = {
    scrape_interval: `${scrapeSeconds}s`,
    merges: merges.map(({ pr, sha, mergedAt, deployedAt }) => ({
      pr,
      sha,
      merged_at: new Date(mergedAt * 1000).toISOString(),
      ...(deployedAt === undefined ? {} : { deployed_at: new Date(deployedAt * 1000).toISOString() }),
    })),
  };
  return `${JSON.stringify(meta, null, 2)}\n`;
}

// The offset may be left out of no time: a time without it means another moment on every machine.
const RFC3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;

/** A time as RFC 3339 or Unix seconds, in Unix seconds; undefined for anything else. */
export function parseTime(text: string): number | undefined {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  if (!RFC3339.test(text)) return undefined;
  const ms = Date.parse(text.replace(' ', 'T').toUpperCase());
  return Number.isNaN(ms) ? undefined : ms / 1000;
}

function timeOf(value: string | number, path: string): number {
  const time = typeof value === 'number' ? value : parseTime(value);
  if (time !== undefined) return time;
  throw new ConfigError(
    `${JSON.stringify(value)} is no time; write RFC 3339 (2026-01-31T10:00:00Z) or Unix seconds`,
    path,
  );
}
