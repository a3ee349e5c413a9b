import { resolve } from 'node:path';
import { STAGE_NAMES, type GateReport, type StageName } from '@obsgate/core/gate';
import { ConfigError, nearest } from '@obsgate/core/kernel';
import { formatBaseline } from '@obsgate/core/lint';
import { runGate, type GateOptions } from '@obsgate/prometheus/gate';
import type { Command } from 'commander';
import { gateExitCode } from '@obsgate/core/report';
import type { CliIo } from '../io.ts';
import { addReportFlags, outputTargets, writeOutputs, writeWhole } from '../output.ts';
import { withExamples } from '../help.ts';
import { progressOn } from '../progress.ts';

/** Flags of the gate as commander reads them. */
export type GateFlags = {
  readonly config?: string;
  readonly stage?: string;
  readonly realm?: string;
  readonly promtoolPath?: string;
  readonly prometheusVersion?: string;
  readonly crossCheck?: string;
  readonly allowVersionDrift?: boolean;
  readonly lintFatal?: boolean;
  readonly baseRef?: string;
  readonly prometheusUrl?: string;
  readonly profile?: string;
  readonly pushgateway?: boolean;
  readonly shard?: string;
  readonly changedOnly?: boolean;
  readonly baseline?: string;
  readonly writeBaseline?: string;
  readonly format?: string;
  readonly output?: readonly string[];
  readonly quiet?: boolean;
};

/** What a command runs, beside what its flags say. */
type StageSelection = Pick<GateOptions, 'stages' | 'onlySelected' | 'reloadMode'>;

const STAGE_SUMMARIES: Readonly<Record<StageName, string>> = {
  'promtool-check': 'check configuration and rules with promtool, of one or more versions',
  'promql-unit': 'run the PromQL unit tests, and fail those that prove nothing',
  'heartbeat-rules-lint': 'lint the rules, heartbeats above all',
  'reload-dry-run': 'boot a real Prometheus, reload it to the change, and prove the reload',
  'smoke-query': 'ask the smoke queries of a sandbox or a given server',
};

/** `obsgate gate` and one command for each stage. */
export function addGateCommands(program: Command, io: CliIo, finish: (exitCode: number) => void): void {
  const gate = program
    .command('gate')
    .description('run the five-stage gate on a repository')
    .option('--stage <names>', `only these stages, by comma: ${STAGE_NAMES.join(', ')}`);
  withExamples(gate, [
    ['obsgate gate', 'all five stages, here'],
    ['obsgate gate --stage promtool-check,promql-unit', 'some of them'],
    ['obsgate gate --base-ref origin/main', 'reload from main to this'],
    ['obsgate gate --output sarif=gate.sarif', 'text here, SARIF in a file'],
  ]);
  addGateFlags(gate).action(async (directory: string, flags: GateFlags) =>
    finish(await gateCommand(directory, flags, stagesOf(flags.stage), io)),
  );
  for (const name of STAGE_NAMES) {
    addGateFlags(program.command(name).description(STAGE_SUMMARIES[name]), name).action(
      async (directory: string, flags: GateFlags) =>
        finish(await gateCommand(directory, flags, { stages: [name], onlySelected: true }, io)),
    );
  }
}

/** Which commands an option belongs to: the gate takes all of them, a stage and the live reload their own. */
type Taker = StageName | 'reload';

const TOOLS: readonly Taker[] = ['promtool-check', 'promql-unit', 'reload-dry-run', 'smoke-query', 'reload'];
const VERSIONS: readonly Taker[] = ['promtool-check', 'reload-dry-run', 'reload'];

/** The options of the gate in the order of its help; those without takers are everybody's. */
const OPTIONS: readonly (readonly [flags: string, help: string, takers?: readonly Taker[]])[] = [
  ['--config <file>', 'configuration file (default: .obsgate.yml if there is one)'],
  ['--realm <value>', "value of the realm label (default: REALM, else the configuration's)"],
  ['--promtool-path <path>', 'a promtool, or a folder that holds the Prometheus tools', TOOLS],
  ['--prometheus-version <version>', "the server's version, such as v3.5.3, or a prefix such as 2.53", TOOLS],
  ['--cross-check <versions>', 'other versions that must agree, by comma; latest is the newest', VERSIONS],
  ['--allow-version-drift', 'take the nearest version when the wanted one cannot be had, and warn', TOOLS],
  ['--lint-fatal', "let findings of promtool's own linter fail the stage", ['promtool-check', 'reload']],
  [
    '--base-ref <ref>',
    'git ref before the change: what the reload starts from',
    ['reload-dry-run', 'heartbeat-rules-lint'],
  ],
  ['--prometheus-url <url>', 'running server to ask or to reload (default: a sandbox)', ['smoke-query', 'reload']],
  ['--profile <name>', 'only the smoke queries of this profile', ['smoke-query']],
  ['--pushgateway', 'smoke queries with a real Pushgateway that gets two ticks', ['smoke-query']],
  ['--shard <i/n>', 'run the i-th of n parts of the unit tests', ['promql-unit']],
  ['--changed-only', 'only lint findings on lines that changed since --base-ref', ['heartbeat-rules-lint']],
  ['--baseline <file>', 'file of accepted lint findings', ['heartbeat-rules-lint']],
  [
    '--write-baseline <file>',
    'accept the lint findings of this run: write them to a baseline file',
    ['heartbeat-rules-lint'],
  ],
];

/** The argument and the options of the gate, or those of them that `taker` takes. */
export function addGateFlags(command: Command, taker?: Taker): Command {
  command.argument('[dir]', 'the repository', '.');
  for (const [flags, help, takers] of OPTIONS)
    if (taker === undefined || takers === undefined || takers.includes(taker)) command.option(flags, help);
  return addReportFlags(command);
}

export async function gateCommand(
  directory: string,
  flags: GateFlags,
  selection: StageSelection,
  io: CliIo,
): Promise<number> {
  const targets = outputTargets(flags.format, flags.output);
  const progress = progressOn(io, flags.quiet === true);
  const result = await runGate(
    { ...gateOptions(resolve(io.cwd, directory), flags), ...selection },
    {
      env: io.env,
      progress: progress.line,
      onStage: progress.stage,
      signal: io.signal,
    },
  );
  progress.end();
  if (flags.writeBaseline !== undefined) await writeBaseline(result.report, resolve(io.cwd, flags.writeBaseline));
  await writeOutputs(result.report, targets, result, io, flags.quiet === true);
  return gateExitCode(result.report);
}

/** Writes the lint findings of a run as accepted ones. */
async function writeBaseline(report: GateReport, path: string): Promise<void> {
  const stage = report.stages.find(({ name, outcome }) => name === 'heartbeat-rules-lint' && outcome !== 'skipped');
  if (stage === undefined) throw new ConfigError('the lint stage did not run', '--write-baseline');
  await writeWhole(path, formatBaseline(stage.findings));
}

function gateOptions(directory: string, flags: GateFlags): GateOptions {
  const { config, realm, promtoolPath, prometheusVersion, allowVersionDrift, lintFatal, baseRef } = flags;
  const { prometheusUrl, profile: smokeProfile, pushgateway, shard, changedOnly } = flags;
  const baseline = flags.writeBaseline === undefined ? flags.baseline : false;
  const crossCheck = flags.crossCheck === undefined ? undefined : list(flags.crossCheck);
  const given = { config, realm, promtoolPath, prometheusVersion, allowVersionDrift, lintFatal, baseRef };
  return {
    directory,
    ...defined({ ...given, prometheusUrl, smokeProfile, pushgateway, shard, changedOnly, baseline, crossCheck }),
  };
}

/** Drops the keys whose value is undefined: a flag that was not given is no flag. */
function defined<T extends object>(object: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  // The type system cannot follow what filter leaves.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

function stagesOf(text: string | undefined): StageSelection {
  if (text === undefined) return {};
  const stages = list(text).map(stageName);
  if (stages.length === 0) throw new ConfigError(`names no stage. Known: ${STAGE_NAMES.join(', ')}`, '--stage');
  return { stages };
}

function stageName(text: string): StageName {
  const name = STAGE_NAMES.find((known) => known === text);
  if (name !== undefined) return name;
  const near = nearest(text, STAGE_NAMES) ?? STAGE_NAMES.find((known) => text.length > 2 && known.startsWith(text));
  const hint = near === undefined ? '.' : `; did you mean ${near}?`;
  throw new ConfigError(`unknown stage ${JSON.stringify(text)}${hint} Known: ${STAGE_NAMES.join(', ')}`, '--stage');
}

function list(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
