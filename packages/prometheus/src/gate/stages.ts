import { availableParallelism } from 'node:os';
import { rangeOfKey } from '@obsgate/core/config';
import {
  heartbeatRulesLint,
  runLiveReload,
  runPromqlUnit,
  runPromtoolCheck,
  runReloadDryRun,
  runSmokeQuery,
  type Project,
  type PromtoolCheckOptions,
  type ReloadPorts,
  type SmokePorts,
  type Stage,
} from '@obsgate/core/gate';
import { ConfigError } from '@obsgate/core/kernel';
import type { PrometheusServer } from '@obsgate/core/server';
import { parseAuth, prometheusServer } from '../api/index.ts';
import { gitFiles, wallClock } from '../sandbox/index.ts';
import { changedLines } from './changed-lines.ts';
import { DEFAULT_CONFIG } from './load-config.ts';
import type { StageSetup } from './stage-setup.ts';
import { gateTools, type GateTools } from './tools.ts';

export type WiredStages = {
  readonly stages: readonly Stage[];
  /** Versions used so far, by tool. */
  tools(): Record<string, string[]>;
};

/** The five stages with real tools. A tool is looked for when the first stage needs it. */
export function createStages(setup: StageSetup): WiredStages {
  const { options } = setup;
  const tools = gateTools(setup);
  const stages: Stage[] = [
    {
      name: 'promtool-check',
      run: async (project) => runPromtoolCheck(project, await tools.promtools(), await checkOptions(setup, project)),
    },
    {
      name: 'promql-unit',
      run: async (project) => {
        const ports = { ...(await tools.promtools()), parallel: availableParallelism(), now: wallClock.now };
        return runPromqlUnit(project, ports, options.shard === undefined ? {} : { shard: options.shard });
      },
    },
    {
      name: 'heartbeat-rules-lint',
      run: async (project) => heartbeatRulesLint(project, await lintOptions(setup)),
    },
    {
      name: 'reload-dry-run',
      run: async (project) =>
        options.reloadMode === 'live'
          ? runLiveReload(project, {
              api: givenServer(setup, 'the live reload'),
              clock: wallClock,
              check: async () => runPromtoolCheck(project, await tools.promtools(), await checkOptions(setup, project)),
            })
          : runReloadDryRun(project, await reloadPorts(setup, tools)),
    },
    {
      name: 'smoke-query',
      run: async (project) =>
        runSmokeQuery(
          project,
          await smokePorts(setup, tools),
          options.smokeProfile === undefined ? {} : { profile: options.smokeProfile },
        ),
    },
  ];
  return { stages, tools: tools.versions };
}

async function checkOptions({ options, config }: StageSetup, project: Project): Promise<PromtoolCheckOptions> {
  const { lint, lint_fatal: lintFatal } = config.gate.promtool_check;
  const path = options.config ?? DEFAULT_CONFIG;
  const read = await project.files.read(path);
  const range = read.kind === 'text' ? rangeOfKey(path, read.text, ['gate', 'promtool_check', 'lint']) : undefined;
  return { lint, lintFatal, ...(range === undefined ? {} : { lintWritten: { file: path, range } }) };
}

async function lintOptions({ options, root }: StageSetup): Promise<Parameters<typeof heartbeatRulesLint>[1]> {
  return {
    ...(options.baseline !== undefined && { baseline: options.baseline }),
    ...(options.changedOnly === true && { changed: await changedLines(root, options.baseRef) }),
  };
}

async function reloadPorts({ options, root }: StageSetup, tools: GateTools): Promise<ReloadPorts> {
  const sandboxes = await tools.sandboxes();
  if (options.baseRef === undefined) return { sandboxes, clock: wallClock };
  const base = { ref: options.baseRef, files: await gitFiles(root, options.baseRef) };
  return { sandboxes, clock: wallClock, base };
}

async function smokePorts(setup: StageSetup, tools: GateTools): Promise<SmokePorts> {
  const { options } = setup;
  if (options.prometheusUrl !== undefined) {
    return { clock: wallClock, target: { kind: 'server', api: givenServer(setup, 'smoke queries') } };
  }
  const [sandbox] = await tools.sandboxes();
  if (sandbox === undefined) throw new Error('there is no sandbox for the server version');
  const pushgateway = options.pushgateway === true ? { pushgateway: tools.pushgateway } : {};
  return { clock: wallClock, target: { kind: 'sandbox', sandbox, ...pushgateway } };
}

function givenServer({ options, context }: StageSetup, what: string): PrometheusServer {
  if (options.prometheusUrl === undefined) throw new ConfigError(`${what} needs the URL of a server: --prometheus-url`);
  const auth = parseAuth(context.env['OBSGATE_PROMETHEUS_AUTH'] ?? '');
  return prometheusServer({
    url: options.prometheusUrl,
    ...(auth !== undefined && { auth }),
    signal: context.signal,
  });
}
