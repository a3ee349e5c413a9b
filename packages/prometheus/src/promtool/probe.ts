import { stat } from 'node:fs/promises';
import { parseFeatures, type PromtoolFeatures } from '@obsgate/core/promtool';
import type { Tool } from '../toolchain/index.ts';
import { runTool, type RunToolOptions } from './run-tool.ts';

export type ProbeResult =
  | { readonly kind: 'features'; readonly features: PromtoolFeatures }
  | { readonly kind: 'failed'; readonly message: string };

const probed = new Map<string, Promise<ProbeResult>>();

/** Asks a promtool for its features by its own help; once per binary (path, size and time of change) and process. */
export async function probeFeatures(tool: Tool, options: RunToolOptions = {}): Promise<ProbeResult> {
  const info = tool.program.kind === 'binary' ? await stat(tool.path).catch(() => undefined) : undefined;
  const key = JSON.stringify([tool.path, tool.versionText, info?.size, info?.mtimeMs]);
  const known = probed.get(key) ?? probe(tool, options);
  probed.set(key, known);
  const result = await known;
  // A failure may pass (a deadline on a busy machine): the next caller asks again.
  if (result.kind === 'failed') probed.delete(key);
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
