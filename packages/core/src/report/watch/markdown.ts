import type { Outcome, Reason } from '../../kernel/index.ts';
import { clock, minutes, type MetricJudgement, type WatchVerdict } from '../../slo/index.ts';
import { codeBlock, codeSpan, escapeMarkdown } from '../markdown-escape.ts';
import { metricChart } from './mermaid.ts';
import { coveragePhrase, limitPhrase, measuredPhrase, provedPhrase, requestsPhrase } from './numbers.ts';
import { sparkline } from './sparkline.ts';

const MARKS: Readonly<Record<Outcome, string>> = { pass: '✅', hold: '⏸️', error: '⚠️', breach: '❌' };
const WORDS: Readonly<Record<Outcome, string>> = {
  pass: 'The objectives are kept',
  hold: 'Not proved',
  error: 'Could not be judged',
  breach: 'An objective is broken',
};

/** The verdict as GitHub-flavoured Markdown: table with both numbers, reasons, a chart a metric, the queries. */
export function renderWatchMarkdown(verdict: WatchVerdict): string {
  const passed = Math.max(0, Math.min(verdict.now - verdict.mergedAt, verdict.windowSeconds));
  const lines = [
    `## ${MARKS[verdict.outcome]} ${WORDS[verdict.outcome]}`,
    '',
    `Merged at ${clock(verdict.mergedAt)}, ${minutes(passed)} of ${minutes(verdict.windowSeconds)} watched.`,
    '',
    '| | objective | measured | limit | proved | bad | data | before and after |',
    '| :-- | :-- | --: | --: | --: | --: | --: | :-- |',
    ...verdict.metrics.map((metric) => row(metric, verdict.mergedAt)),
    '',
    ...verdict.reasons.map(reasonLine),
    ...verdict.remarks.map((remark) => `- *Note:* ${reasonLine(remark).slice(2)}`),
    '',
    ...verdict.metrics.flatMap((metric) => details(metric, verdict.mergedAt)),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

function row(metric: MetricJudgement, mergedAt: number): string {
  const cells = [
    metric.ignored ? '➖ ignored' : `${MARKS[metric.outcome]} ${metric.outcome}`,
    escapeMarkdown(metric.spec.name),
    measuredPhrase(metric),
    limitPhrase(metric),
    provedPhrase(metric),
    requestsPhrase(metric),
    coveragePhrase(metric),
    codeSpan(sparkline(metric, mergedAt, 30)),
  ];
  return `| ${cells.join(' | ')} |`;
}

function reasonLine({ code, message, subject }: Reason): string {
  const about = subject === undefined ? '' : `**${escapeMarkdown(subject)}** `;
  return `- ${about}${codeSpan(code)}: ${escapeMarkdown(message)}`;
}

function details(metric: MetricJudgement, mergedAt: number): string[] {
  const chart = metricChart(metric, mergedAt);
  const queries = Object.entries(metric.spec.queries).map(([role, query]) => `${role}: ${query}`);
  const times = [
    ...(metric.onset === undefined ? [] : [`broken since about ${clock(metric.onset)}`]),
    ...(metric.decidedAt === undefined ? [] : [`proved at ${clock(metric.decidedAt)}`]),
  ];
  return [
    `<details><summary>${escapeMarkdown(metric.spec.name)}${times.length === 0 ? '' : `: ${times.join(', ')}`}</summary>`,
    '',
    ...(chart === undefined ? [] : [codeBlock(chart, 'mermaid'), '']),
    codeBlock(queries.join('\n'), 'text'),
    '',
    '</details>',
    '',
  ];
}
