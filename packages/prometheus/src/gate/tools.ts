import type { PromtoolPorts, PushgatewayStart, WantedPromtool, WantedSandbox } from '@obsgate/core/gate';
import { ConfigError } from '@obsgate/core/kernel';
import { startPushgateway, wantedSandbox } from '../sandbox/index.ts';
import { createToolchain } from '../toolchain/index.ts';
import { unavailableReason, wantedPromtool } from './promtool-adapter.ts';
import { scratchIn } from './scratch.ts';
import type { StageSetup } from './stage-setup.ts';

/** The Prometheus tools of one run: each is looked for once, when it is first needed. */
export type GateTools = {
  promtools(): Promise<PromtoolPorts>;
  /** The server's version first, then the cross-check versions. */
  sandboxes(): Promise<readonly WantedSandbox[]>;
  pushgateway(): Promise<PushgatewayStart>;
  /** Versions found so far, by tool. */
  versions(): Record<string, string[]>;
};

const PUSHGATEWAY_DEADLINE_MS = 15_000;

export function gateTools({ options, context, config, root, scratch }: StageSetup): GateTools {
  const { signal } = context;
  const toolchain = createToolchain({
    env: { ...context.env },
    progress: (line) => context.progress(line),
    signal,
    reach: reachOf(context.env['OBSGATE_REACH']),
  });
  const found = { promtool: new Set<string>(), prometheus: new Set<string>() };
  const { version, image, cross_check: crossCheck, enable_feature: enableFeature } = config.prometheus;
  // The image is the server's: what it holds is not the version of a cross-check.
  const search = (wanted: string | undefined) => ({
    version: wanted,
    image: wanted === version ? image : undefined,
    path: options.promtoolPath,
    allowVersionDrift: options.allowVersionDrift,
    signal,
  });

  async function promtool(wanted: string | undefined): Promise<WantedPromtool> {
    const result = await wantedPromtool(toolchain, { ...search(wanted), enableFeature });
    if (result.kind === 'found') found.promtool.add(result.promtool.version);
    return result;
  }
  async function sandbox(wanted: string | undefined): Promise<WantedSandbox> {
    const result = await wantedSandbox(toolchain, search(wanted));
    if (result.kind === 'found') found.prometheus.add(result.program.version);
    return result;
  }
  async function allPromtools(): Promise<PromtoolPorts> {
    const [authority, ...crossChecks] = await Promise.all([promtool(version), ...crossCheck.map(promtool)]);
    return { authority, crossChecks, root, scratch: scratchIn(scratch) };
  }
  return {
    promtools: once(allPromtools),
    sandboxes: once(() => Promise.all([sandbox(version), ...crossCheck.map(sandbox)])),
    async pushgateway() {
      const result = await toolchain.find('pushgateway');
      if (result.kind === 'found') return startPushgateway(result.tool.path, PUSHGATEWAY_DEADLINE_MS);
      return { kind: 'failed', reason: unavailableReason(result) };
    },
    versions: () =>
      Object.fromEntries(Object.entries(found).flatMap(([tool, set]) => (set.size === 0 ? [] : [[tool, [...set]]]))),
  };
}

/** `OBSGATE_REACH=local` looks for tools on this machine only: nothing is fetched, whatever is missing. */
function reachOf(text: string | undefined): 'local' | 'fetch' {
  if (text === undefined || text === '' || text === 'fetch') return 'fetch';
  if (text === 'local') return 'local';
  throw new ConfigError(`${JSON.stringify(text)} is neither local nor fetch`, 'OBSGATE_REACH');
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
