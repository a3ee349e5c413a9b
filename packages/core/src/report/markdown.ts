import type { CaseReport, GateReport, StageOutcome, StageReport } from '../gate/index.ts';
import type { Finding, Severity } from '../kernel/index.ts';
import { codeBlock, codeSpan, escapeMarkdown } from './markdown-escape.ts';
import { stageChart } from './mermaid.ts';
import { repositoryPath, type RenderContext, type RuleMeta } from './options.ts';
import { verdictPhrase } from './text.ts';
import { factPhrases, formatTime } from './words.ts';

/**
 * Bytes that a step's summary may have: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#step-isolation-and-limits
 * A larger one is not shown at all, so some room is left for what the runner adds.
 */
const LIMIT = 1024 * 1024 - 1024;

const MARKS: Readonly<Record<StageOutcome, string>> = { pass: '✅', fail: '❌', error: '⚠️', skipped: '⏭️' };
const SEVERITY_MARKS: Readonly<Record<Severity, string>> = {
  error: '❌ error',
  warning: '⚠️ warning',
  info: 'ℹ️ note',
};
const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

type MarkdownOptions = Pick<RenderContext, 'rules' | 'pathPrefix'> & { readonly limit?: number };

/**
 * The report as GitHub-flavoured Markdown for a job summary: verdict, stages, their times as a chart, failed cases
 * and findings, the worst first. What does not fit into GitHub's limit of 1 MiB is counted, never dropped silently.
 */
export function renderMarkdown(report: GateReport, options: MarkdownOptions): string {
  const budget = byteBudget(options.limit ?? LIMIT);
  const head = [
    `## ${MARKS[report.outcome]} ${escapeMarkdown(verdictPhrase(report))}`,
    '',
    ...stageTable(report.stages),
    '',
  ];
  const chart = stageChart(report.stages);
  if (chart !== undefined)
    head.push('<details><summary>Times</summary>', '', codeBlock(chart, 'mermaid'), '', '</details>', '');
  const out = budget.take([head.join('\n')]);
  for (const stage of report.stages) out.push(...stageSections(stage, options, budget));
  const tools = Object.entries(report.tools).map(([tool, versions]) => `${tool} ${versions.join(', ')}`);
  if (tools.length > 0)
    out.push(...budget.take([`<sub>${escapeMarkdown(`Checked with ${tools.join('; ')}.`)}</sub>\n`]));
  return out.join('\n');
}

function stageTable(stages: readonly StageReport[]): string[] {
  const rows = stages.map((stage) => {
    const facts = escapeMarkdown(factPhrases(stage.facts).join(', '));
    const reasons = stage.reasons.map(({ code, message }) => `${codeSpan(code)} ${escapeMarkdown(shorten(message))}`);
    // No-break spaces: a number without its unit on the line is hard to read.
    const time = stage.outcome === 'skipped' ? '' : formatTime(stage.durationMs).replaceAll(' ', '\u00a0');
    const cells = [
      `${MARKS[stage.outcome]} ${stage.outcome}`,
      stage.name,
      time,
      [facts, ...reasons].filter((item) => item !== '').join('<br>'),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return ['| outcome | stage | time | looked at |', '| :-- | :-- | --: | :-- |', ...rows];
}

function stageSections(stage: StageReport, options: MarkdownOptions, budget: Budget): string[] {
  const failed = stage.cases.filter((item) => item.outcome === 'fail' || item.outcome === 'error');
  const findings = [...stage.findings].sort((a, b) => RANK[a.severity] - RANK[b.severity]);
  if (failed.length === 0 && findings.length === 0) return [];
  const out = budget.take([`### ${stage.name}\n`]);
  out.push(
    ...section(
      failed.map((item) => caseBlock(item, options)),
      'failed cases',
      budget,
    ),
  );
  const rules = new Map(options.rules.map((rule) => [rule.id, rule]));
  const header = '| severity | rule | place | message |\n| :-- | :-- | :-- | :-- |';
  if (findings.length > 0) out.push(...budget.take([header]));
  out.push(
    ...section(
      findings.map((item) => findingRow(item, rules.get(item.rule), options)),
      `findings of ${stage.name}`,
      budget,
    ),
    '',
  );
  return out;
}

function section(blocks: readonly string[], noun: string, budget: Budget): string[] {
  const taken = budget.take(blocks);
  const left = blocks.length - taken.length;
  return left === 0 ? taken : [...taken, `\n**${left} more ${noun}** did not fit; the JSON report has them all.\n`];
}

function findingRow(finding: Finding, rule: RuleMeta | undefined, options: MarkdownOptions): string {
  const { severity, message, help, file, range } = finding;
  const name =
    rule?.helpUri === undefined ? codeSpan(finding.rule) : `[${codeSpan(finding.rule)}](${encodeURI(rule.helpUri)})`;
  const place = file === undefined ? '' : codeSpan(placeOf(repositoryPath(file, options.pathPrefix), range?.line));
  const text = [
    escapeMarkdown(shorten(message)),
    ...(help === undefined ? [] : [`*${escapeMarkdown(shorten(help))}*`]),
  ];
  return `| ${SEVERITY_MARKS[severity]} | ${name} | ${place} | ${text.join('<br>')} |`;
}

function caseBlock(item: CaseReport, options: MarkdownOptions): string {
  const name = item.suite === '' ? item.name : `${item.suite} › ${item.name}`;
  const place =
    item.file === undefined
      ? ''
      : ` ${codeSpan(placeOf(repositoryPath(item.file, options.pathPrefix), item.range?.line))}`;
  const head = `${MARKS[item.outcome]} **${escapeMarkdown(name)}**${place}\n`;
  return item.message === undefined ? head : `${head}\n${codeBlock(shorten(item.message), 'diff')}\n`;
}

function placeOf(path: string, line: number | undefined): string {
  return line === undefined ? path : `${path}:${line}`;
}

/** A single text of any length must not take the room of all others. */
function shorten(text: string): string {
  const limit = 4000;
  return text.length <= limit ? text : `${text.slice(0, limit)}… (${text.length - limit} more characters)`;
}

type Budget = {
  /** Takes blocks from the first on while they fit. Once one did not, nothing fits any more. */
  take(blocks: readonly string[]): string[];
};

/** Room is kept for the lines that say what was left out, so that the whole never passes the limit. */
function byteBudget(limit: number): Budget {
  const encoder = new TextEncoder();
  let left = limit - 2048;
  return {
    take(blocks) {
      const taken: string[] = [];
      for (const block of blocks) {
        const size = encoder.encode(block).length + 1;
        if (size > left) {
          left = 0;
          break;
        }
        left -= size;
        taken.push(block);
      }
      return taken;
    },
  };
}
