import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseFeatures, type PromtoolFeatures } from '@obsgate/core/promtool';
import * as z from 'zod';
import { recall, remember } from '../toolchain/memory.ts';
import type { Tool } from '../toolchain/index.ts';
import { runTool, type RunToolOptions } from './run-tool.ts';

export type ProbeResult =
  | { readonly kind: 'features'; readonly features: PromtoolFeatures }
  | { readonly kind: 'failed'; readonly message: string };

/** What is kept of an answer; a file that holds anything else is as good as none. */
const featuresSchema: z.ZodType<PromtoolFeatures> = z.strictObject({
  junit: z.boolean(),
  diff: z.boolean(),
  run: z.boolean(),
  ignoreUnknownFields: z.boolean(),
  checkIgnoreUnknownFields: z.boolean(),
  lintFatal: z.boolean(),
  ruleLints: z.array(z.string()),
  configLints: z.array(z.string()),
  syntaxOnly: z.boolean(),
  agent: z.boolean(),
});

const probed = new Map<string, Promise<ProbeResult>>();

export type ProbeOptions = RunToolOptions & {
  /** Folder in which answers are kept for a day; three calls of promtool cost as much as checking hundreds of rules. */
  readonly cacheDir?: string | undefined;
};

/** Asks a promtool for its features by its own help; once per binary (path, size and time of change). */
export async function probeFeatures(tool: Tool, options: ProbeOptions = {}): Promise<ProbeResult> {
  const info = tool.program.kind === 'binary' ? await stat(tool.path).catch(() => undefined) : undefined;
  const key = JSON.stringify([tool.path, tool.versionText, info?.size, info?.mtimeMs]);
  // An image has no time of change, so its answer is good for this process alone.
  const file = info === undefined ? undefined : cacheFile(options.cacheDir, key);
  const known = probed.get(key) ?? probeOnce(tool, options, file);
  probed.set(key, known);
  const result = await known;
  // A failure may pass (a deadline on a busy machine): the next caller asks again.
  if (result.kind === 'failed') probed.delete(key);
  return result;
}

function cacheFile(cacheDir: string | undefined, key: string): string | undefined {
  if (cacheDir === undefined) return undefined;
  const name = createHash('sha256').update(key).digest('hex').slice(0, 32);
  return join(cacheDir, 'features', `${name}.json`);
}

async function probeOnce(tool: Tool, options: RunToolOptions, file: string | undefined): Promise<ProbeResult> {
  if (file === undefined) return probe(tool, options);
  const kept = featuresSchema.safeParse(await recall(file));
  if (kept.success) return { kind: 'features', features: kept.data };
  const result = await probe(tool, options);
  // A cache that cannot be written costs time, nothing else.
  if (result.kind === 'features') await remember(file, result.features).catch(() => undefined);
  return result;
}

async function probe(tool: Tool, options: RunToolOptions): Promise<ProbeResult> {
  const runs = await Promise.all(
    [
      ['test', 'rules'],
      ['check', 'rules'],
      ['check', 'config'],
    ].map((command) => runTool(tool, ['help', ...command], { deadlineMs: 10_000, ...options })),
  );
  const texts: string[] = [];
  for (const run of runs) {
    if (run.kind === 'failed') return { kind: 'failed', message: run.message };
    // 2.x writes its help to stderr, 3.x to stdout.
    texts.push(`${run.stdout}\n${run.stderr}`);
  }
  const [testRules = '', checkRules = '', checkConfig = ''] = texts;
  if (!texts.every((text) => text.includes('usage: promtool'))) {
    return { kind: 'failed', message: `${tool.path} does not answer "help" as promtool does` };
  }
  return { kind: 'features', features: parseFeatures({ testRules, checkRules, checkConfig }) };
}
