import { realpath, stat } from 'node:fs/promises';
import {
  asWritten,
  gateReport,
  gateRules,
  loadProject,
  requireShard,
  runStages,
  type GateReport,
  type StageName,
  type StageReport,
} from '@obsgate/core/gate';
import { ConfigError, type SourceText } from '@obsgate/core/kernel';
import { lintRules } from '@obsgate/core/lint';
import type { RuleMeta } from '@obsgate/core/report';
import { repositoryFiles } from '../files/index.ts';
import { withTempDir } from '../process/index.ts';
import { loadConfig } from './load-config.ts';
import type { GateContext, GateOptions } from './options.ts';
import { skippedStages } from './skipped-stages.ts';
import { rememberSources } from './sources.ts';
import { createStages } from './stages.ts';

export type GateResult = {
  readonly report: GateReport;
  /** Texts of the files that were read, for code frames. */
  readonly sources: (path: string) => SourceText | undefined;
  /** What renderers say of the rules. */
  readonly rules: readonly RuleMeta[];
};

/**
 * Runs the gate on a repository with real tools: the one way for the command and for the actions.
 *
 * @throws ConfigError for wrong options or configuration.
 */
export async function runGate(options: GateOptions, context: GateContext): Promise<GateResult> {
  const start = performance.now();
  const root = await repositoryRoot(options.directory);
  const { files, sources } = rememberSources(repositoryFiles(root));
  // Before any stage runs: a mistyped part would be noticed after minutes, or never.
  if (options.shard !== undefined) requireShard(options.shard);
  const config = await loadConfig(files, options, context);
  const skip = skippedStages(options.stages, config);
  const project = await loadProject(files, config);
  return withTempDir('obsgate-gate', async (scratch) => {
    const { stages, tools } = createStages({ options, context, config, root, scratch });
    const all = await runStages(project, stages, skip, ports(context));
    const chosen = options.onlySelected === true ? all.filter((stage) => !isUnselected(stage)) : all;
    const textOf = (path: string): string | undefined => sources(path)?.text;
    const stageReports = chosen.map((stage) => asWritten(stage, project.templated, config.realm.value, textOf));
    return { report: gateReport(stageReports, tools(), performance.now() - start), sources, rules: RULES };
  });
}

function ports({ onStage }: GateContext): Parameters<typeof runStages>[3] {
  const now = (): number => performance.now();
  return onStage === undefined
    ? { now }
    : { now, onStage: (event: { readonly name: StageName; readonly report?: StageReport }) => onStage(event) };
}

function isUnselected({ outcome, reasons }: StageReport): boolean {
  return outcome === 'skipped' && reasons.some(({ code }) => code === 'not_selected');
}

async function repositoryRoot(directory: string): Promise<string> {
  const found = await stat(directory).catch((error: NodeJS.ErrnoException) => error);
  if (found instanceof Error) {
    throw new ConfigError(
      found.code === 'ENOENT' ? 'no such directory' : `cannot be read: ${found.code ?? found.message}`,
      directory,
    );
  }
  if (!found.isDirectory()) throw new ConfigError('this is no directory; give the root of the repository', directory);
  return realpath(directory);
}

export const RULES: readonly RuleMeta[] = [...gateRules, ...lintRules].map(({ id, summary, severity }) => ({
  id,
  summary,
  level: severity,
}));
