import { metricNames, parsePromql } from '../../promql/index.ts';
import { allRules, type Rule } from '../../rules/index.ts';
import type { Project } from '../project.ts';
import { failureReason } from '../reload/ask-server.ts';
import { expectedLabels } from '../reload/compare-rules.ts';
import type { RangeSeries } from '../../server/index.ts';
import type { SandboxFiles, SandboxProgram, SandboxStart } from '../reload/sandbox-port.ts';
import { openMetrics, type HistorySeries } from './history.ts';

/** Recording rules in the order in which they can be computed: each level reads raw series and earlier levels. */
export type RuleLevels = readonly (readonly Rule[])[];

/** The recording rules that the expressions read, through others too. Rules that read themselves come in no level. */
export function neededLevels(project: Project, expressions: readonly string[]): RuleLevels {
  const rules = allRules(project.ruleFiles).filter((rule) => rule.kind === 'recording');
  const byName = groupByName(rules);
  const needed = new Set<Rule>();
  const visit = (expression: string): void => {
    const names = metricNames(parsePromql(expression).root);
    for (const rule of names === 'any' ? rules : [...names].flatMap((name) => byName.get(name) ?? [])) {
      if (needed.has(rule)) continue;
      needed.add(rule);
      visit(rule.expr.value);
    }
  };
  expressions.forEach(visit);
  return levelsOf(needed);
}

function groupByName(rules: readonly Rule[]): Map<string, Rule[]> {
  const groups = new Map<string, Rule[]>();
  for (const rule of rules) groups.set(rule.name.value, [...(groups.get(rule.name.value) ?? []), rule]);
  return groups;
}

function levelsOf(needed: ReadonlySet<Rule>): Rule[][] {
  const levels: Rule[][] = [];
  const waiting = new Set(needed);
  while (waiting.size > 0) {
    const pending = new Set([...waiting].map((rule) => rule.name.value));
    const level = [...waiting].filter((rule) => {
      const names = metricNames(parsePromql(rule.expr.value).root);
      return names !== 'any' && [...names].every((name) => !pending.has(name));
    });
    if (level.length === 0) break; // a cycle, or a selector without a name: left to the running server
    level.forEach((rule) => waiting.delete(rule));
    levels.push(level);
  }
  return levels;
}

export type RecordedResult =
  | { readonly kind: 'recorded'; readonly series: readonly HistorySeries[] }
  | Exclude<SandboxStart, { kind: 'ready' }>;

export type RecordingRun = {
  readonly program: SandboxProgram;
  readonly files: SandboxFiles;
  readonly config: string;
  readonly features: readonly string[];
  readonly deadlineMs: number;
  /** Unix seconds. */
  readonly start: number;
  readonly end: number;
  readonly stepSeconds: number;
};

/**
 * Adds to `history` what the rules would have recorded over it, level by level, by the range queries of a server that
 * has seen the history so far. Without this, a window over a recorded series would be empty for minutes.
 */
export async function recordHistory(
  run: RecordingRun,
  history: readonly HistorySeries[],
  levels: RuleLevels,
): Promise<RecordedResult> {
  const series = [...history];
  for (const level of levels) {
    const { files, config, features, deadlineMs } = run;
    const start = await run.program.start({ files, config, features, deadlineMs, history: openMetrics(series) });
    if (start.kind === 'failed') return start;
    if (start.kind === 'refused') return start;
    try {
      for (const rule of level) {
        const { start: from, end, stepSeconds } = run;
        const answer = await start.server.api.queryRange({ expr: rule.expr.value, start: from, end, stepSeconds });
        // A rule that fails over this history fails in the running server too, and is reported there.
        if (!answer.ok && answer.failure.kind === 'api_error') continue;
        if (!answer.ok) return { kind: 'failed', reason: failureReason(answer.failure, run.program.version) };
        series.push(...recordedSeries(rule, answer.value.series));
      }
    } finally {
      await start.server.stop();
    }
  }
  return { kind: 'recorded', series };
}

function recordedSeries(rule: Rule, result: readonly RangeSeries[]): HistorySeries[] {
  return result.map(({ labels, points }) => {
    const own = Object.entries({ ...labels, ...expectedLabels(rule) }).filter(([name]) => name !== '__name__');
    const values = points.filter((point) => point.kind === 'value');
    return { name: rule.name.value, labels: Object.fromEntries(own), points: values, next: 'stays' };
  });
}
