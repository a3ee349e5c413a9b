import { availableParallelism } from 'node:os';
import type { Config } from '@obsgate/core/config';
import {
  heartbeatRulesLint,
  runPromqlUnit,
  runPromtoolCheck,
  type PromtoolPorts,
  type Stage,
  type WantedPromtool,
} from '@obsgate/core/gate';
import { createToolchain } from '../toolchain/index.ts';
import type { GateContext, GateOptions } from './options.ts';
import { wantedPromtool } from './promtool-adapter.ts';
import { scratchIn } from './scratch.ts';

/** What the stages are wired from. */
export type StageSetup = {
  readonly options: GateOptions;
  readonly context: GateContext;
  readonly config: Config;
  /** Absolute path of the repository. */
  readonly root: string;
  /** Absolute path of a temporary folder. */
  readonly scratch: string;
};

export type WiredStages = {
  readonly stages: readonly Stage[];
  /** Versions used so far, by tool. */
  tools(): Record<string, string[]>;
};

/** The five stages with real tools. A tool is looked for when the first stage needs it. */
export function createStages(setup: StageSetup): WiredStages {
  const { options, config } = setup;
  const promtool = once(() => promtoolPorts(setup));
  const used = new Set<string>();
  const ports = async (): Promise<PromtoolPorts> => {
    const found = await promtool();
    for (const wanted of [found.authority, ...found.crossChecks]) {
      if (wanted.kind === 'found') used.add(wanted.promtool.version);
    }
    return found;
  };
  const stages: Stage[] = [
    {
      name: 'promtool-check',
      run: async (project) => runPromtoolCheck(project, await ports(), checkOptions(config)),
    },
    {
      name: 'promql-unit',
      run: async (project) =>
        runPromqlUnit(
          project,
          { ...(await ports()), parallel: availableParallelism(), now: () => performance.now() },
          options.shard === undefined ? {} : { shard: options.shard },
        ),
    },
    {
      name: 'heartbeat-rules-lint',
      run: (project) =>
        heartbeatRulesLint(project, options.baseline === undefined ? {} : { baseline: options.baseline }),
    },
  ];
  return { stages, tools: () => (used.size === 0 ? {} : { promtool: [...used] }) };
}

function checkOptions({ gate }: Config): Parameters<typeof runPromtoolCheck>[2] {
  return { lint: gate.promtool_check.lint, lintFatal: gate.promtool_check.lint_fatal };
}

async function promtoolPorts({ options, context, config, root, scratch }: StageSetup): Promise<PromtoolPorts> {
  const toolchain = createToolchain({
    env: { ...context.env },
    progress: (line) => context.progress(line),
    signal: context.signal,
  });
  const want = (version: string | undefined): Promise<WantedPromtool> =>
    wantedPromtool(toolchain, {
      version,
      path: options.promtoolPath,
      allowVersionDrift: options.allowVersionDrift,
      enableFeature: config.prometheus.enable_feature,
      signal: context.signal,
    });
  const [authority, ...crossChecks] = await Promise.all([
    want(config.prometheus.version),
    ...config.prometheus.cross_check.map((version) => want(version)),
  ]);
  return { authority, crossChecks, root, scratch: scratchIn(scratch) };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
