import type { Promtool, WantedPromtool } from '@obsgate/core/gate';
import { finding, type Reason } from '@obsgate/core/kernel';
import { knownDefects } from '@obsgate/core/promtool';
import { checkConfig, checkRules, probeFeatures, testRules } from '../promtool/index.ts';
import type { FindOptions, Tool, Toolchain, Unavailable } from '../toolchain/index.ts';

export type AdapterOptions = FindOptions & {
  readonly enableFeature: readonly string[];
  readonly signal: AbortSignal;
};

/** Finds a promtool and makes it one that the stages can run. */
export async function wantedPromtool(toolchain: Toolchain, options: AdapterOptions): Promise<WantedPromtool> {
  const found = await toolchain.find('promtool', options);
  if (found.kind === 'unavailable') return { kind: 'unavailable', reason: unavailableReason(found) };
  const probe = await probeFeatures(found.tool, { signal: options.signal, cacheDir: toolchain.cacheDir });
  if (probe.kind === 'failed') return { kind: 'unavailable', reason: { code: 'tool_failed', message: probe.message } };
  const promtool = adapt(found.tool, probe.features, options);
  if (found.drift === undefined) return { kind: 'found', promtool };
  const { wanted, got } = found.drift;
  const message = `promtool ${wanted} cannot be had; ${got} judges in its place`;
  const drift = finding({ rule: 'promtool/version-drift', severity: 'warning', message, subject: `${wanted}/${got}` });
  return { kind: 'found', promtool, drift };
}

function adapt(tool: Tool, features: Promtool['features'], options: AdapterOptions): Promtool {
  const { enableFeature, signal } = options;
  return {
    version: tool.versionText,
    features,
    defects: knownDefects(tool.version),
    checkConfig: (path, { lint }) => checkConfig(tool, path, { lint, enableFeature, signal }),
    checkRules: (paths, { lint }) => checkRules(tool, paths, { lint, enableFeature, signal }),
    testRules: (path, { deadlineMs }) => testRules(tool, [path], { enableFeature, signal, deadlineMs }),
  };
}

/** One sentence, and below it every place that was tried with what came of it. */
export function unavailableReason({ message, tried, name }: Unavailable): Reason {
  const attempts = tried.map(({ where, result }) => `  ${where}: ${result}`);
  return { code: 'tool_unavailable', message: [`${message}; tried:`, ...attempts].join('\n'), subject: name };
}
