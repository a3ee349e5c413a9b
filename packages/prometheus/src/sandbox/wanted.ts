import { dirname } from 'node:path';
import { stat } from 'node:fs/promises';
import type { WantedSandbox } from '@obsgate/core/gate';
import { finding } from '@obsgate/core/kernel';
import type { FindOptions, FindResult, Toolchain } from '../toolchain/index.ts';
import { sandboxProgram } from './program.ts';

export type WantedSandboxOptions = FindOptions & { readonly signal?: AbortSignal };

/**
 * Finds a Prometheus (and its promtool, for history) and makes it one that can be started as a sandbox.
 * `path` may be a folder of tools or a promtool, beside which its Prometheus is looked for.
 */
export async function wantedSandbox(toolchain: Toolchain, options: WantedSandboxOptions): Promise<WantedSandbox> {
  const { signal, path, ...search } = options;
  const label = options.version ?? 'any version';
  const promtool = await toolchain.find('promtool', { ...search, path });
  // A given promtool says which version the others must have, unless one is asked for.
  const given = path !== undefined && path !== '' && promtool.kind === 'found' ? promtool.tool.versionText : undefined;
  const found = await findBeside(toolchain, path, { ...search, version: search.version ?? given });
  if (found.kind === 'unavailable') {
    const tried = found.tried.map(({ where, result }) => `  ${where}: ${result}`);
    const message = [`${found.message}; tried:`, ...tried].join('\n');
    return { kind: 'unavailable', wanted: label, reason: { code: 'tool_unavailable', message, subject: 'prometheus' } };
  }
  const { tool, drift } = found;
  if (tool.program.kind !== 'binary') {
    const message = `prometheus ${tool.versionText} is there as the container image ${tool.path} only; a sandbox needs the program itself`;
    return { kind: 'unavailable', wanted: label, reason: { code: 'tool_unavailable', message, subject: 'prometheus' } };
  }
  const program = sandboxProgram({
    version: tool.versionText,
    prometheus: tool.program.path,
    ...(promtool.kind === 'found' && promtool.tool.program.kind === 'binary'
      ? { promtool: promtool.tool.program.path }
      : {}),
    ...(signal === undefined ? {} : { signal }),
  });
  if (drift === undefined) return { kind: 'found', program };
  const message = `Prometheus ${drift.wanted} cannot be had; ${drift.got} is reloaded in its place`;
  const subject = `${drift.wanted}/${drift.got}`;
  return {
    kind: 'found',
    program,
    drift: finding({ rule: 'reload/version-drift', severity: 'warning', message, subject }),
  };
}

async function findBeside(toolchain: Toolchain, path: string | undefined, search: FindOptions): Promise<FindResult> {
  if (path === undefined || path === '') return toolchain.find('prometheus', search);
  const folder = (await stat(path).catch(() => undefined))?.isDirectory() === true ? path : dirname(path);
  const beside = await toolchain.find('prometheus', { ...search, path: folder });
  return beside.kind === 'found' ? beside : toolchain.find('prometheus', search);
}
