import type { CaseReport, GateReport, StageOutcome, StageReport } from '../gate/index.ts';
import type { Finding } from '../kernel/index.ts';
import { failedCases, untoldCases } from './cases.ts';
import { displayWidth, padEnd, safeLine, safeLines, wrapPhrases } from './display-text.ts';
import type { RenderContext } from './options.ts';
import { painter, type Paint, type Tone } from './paint.ts';
import { diffLine, findingLine, findingText, place, type TextContext } from './text-finding.ts';
import { count, factPhrases, formatTime } from './words.ts';

/** Findings of one stage shown with a code frame; the rest of them get a line each, so that nothing is hidden. */
const MAX_FRAMES = 50;

/** Where output is no terminal, and the widest that a heading gets. */
const WIDTH = { usual: 100, heading: 120 };

const OUTCOMES: Readonly<Record<StageOutcome, { readonly mark: string; readonly tone: Tone }>> = {
  pass: { mark: '✓', tone: 'green' },
  fail: { mark: '✗', tone: 'red' },
  error: { mark: '!', tone: 'magenta' },
  skipped: { mark: '-', tone: 'dim' },
};

type TextOptions = Pick<RenderContext, 'sources' | 'color' | 'width' | 'quiet'>;

/**
 * The report for a terminal: what is wrong stage by stage, then the stages as a table, then the verdict as the
 * last line, where the eye is when the command ends. Characters a terminal would obey are escaped.
 */
export function renderText(report: GateReport, options: TextOptions): string {
  const paint = painter(options.color);
  const context: TextContext = { sources: options.sources, paint, width: options.width ?? WIDTH.usual };
  const quiet = options.quiet ?? false;
  const out = report.stages.flatMap((stage) => stageDetails(stage, context, quiet));
  const listed = quiet ? report.stages.filter((stage) => stage.outcome !== 'pass') : report.stages;
  out.push(...stageTable(listed, paint, options.width), ...(listed.length > 0 ? [''] : []), verdictLine(report, paint));
  return `${out.join('\n')}\n`;
}

/** One stage on one line, also for progress: mark, name, outcome, time, facts. */
export function stageLine(stage: StageReport, color: boolean): string {
  return stageTable([stage], painter(color), undefined)[0] ?? '';
}

function stageDetails(stage: StageReport, context: TextContext, quiet: boolean): string[] {
  const findings = quiet ? stage.findings.filter((item) => item.severity === 'error') : stage.findings;
  const failed = untoldCases(stage);
  if (findings.length === 0 && failed.length === 0) return [];
  const title = `── ${stage.name} `;
  const rule = context.paint(
    title + '─'.repeat(Math.max(3, Math.min(context.width, WIDTH.heading) - title.length)),
    'dim',
  );
  return [rule, '', ...findingBlocks(findings, context), ...failed.flatMap((item) => caseBlock(item, context.paint))];
}

function findingBlocks(findings: readonly Finding[], context: TextContext): string[] {
  const out = findings.slice(0, MAX_FRAMES).flatMap((finding) => findingText(finding, context).concat(''));
  const rest = findings.slice(MAX_FRAMES);
  if (rest.length > 0) out.push(...rest.map((finding) => findingLine(finding, context.paint)), '');
  return out;
}

function caseBlock(item: CaseReport, paint: Paint): string[] {
  const name = item.suite === '' ? item.name : `${item.suite} › ${item.name}`;
  const out = [`${paint(item.outcome, OUTCOMES[item.outcome].tone, 'bold')} ${paint(safeLine(name), 'bold')}`];
  if (item.file !== undefined) out.push(`  ${paint('-->', 'dim')} ${paint(place(item.file, item.range), 'cyan')}`);
  if (item.message !== undefined)
    out.push(...safeLines(item.message).map((line) => `  ${diffLine(line, paint)}`.trimEnd()));
  return [...out, ''];
}

/** A line a stage, and more where a terminal of `width` columns would break it anywhere. */
function stageTable(stages: readonly StageReport[], paint: Paint, width: number | undefined): string[] {
  const names = Math.max(0, ...stages.map((stage) => stage.name.length));
  const times = Math.max(0, ...stages.map((stage) => formatTime(stage.durationMs).length));
  const column = displayWidth(`✓ ${' '.repeat(names)}  skipped  ${' '.repeat(times)}  `);
  return stages.flatMap((stage) => {
    const { mark, tone } = OUTCOMES[stage.outcome];
    const time = stage.outcome === 'skipped' ? '' : formatTime(stage.durationMs);
    const head = `${paint(mark, tone, 'bold')} ${padEnd(stage.name, names)}  ${paint(padEnd(stage.outcome, 7), tone)}`;
    const facts = [...factPhrases(stage.facts), ...problemPhrases(stage)].map(safeLine);
    const [first = '', ...more] =
      width === undefined ? [facts.join(', ')] : wrapPhrases(facts.join(', ').split(', '), width - column);
    const indent = ' '.repeat(column);
    const line = `${head}  ${paint(time.padStart(times), 'dim')}  ${first}`.trimEnd();
    return [
      line,
      ...more.map((text) => `${indent}${text}`),
      ...stage.reasons.flatMap((item) => reasonLines(item, paint)),
    ];
  });
}

function problemPhrases(stage: StageReport): string[] {
  const tally = (severity: Finding['severity']): number =>
    stage.findings.filter((item) => item.severity === severity).length;
  const failed = failedCases(stage).length;
  const parts: [number, string][] = [
    [tally('error'), 'errors'],
    [tally('warning'), 'warnings'],
    [tally('info'), 'notes'],
    [failed, 'failed cases'],
  ];
  return parts.filter(([amount]) => amount > 0).map(([amount, noun]) => count(amount, noun));
}

function reasonLines(reason: StageReport['reasons'][number], paint: Paint): string[] {
  const [first = '', ...rest] = safeLines(reason.message);
  const subject = reason.subject === undefined ? '' : ` (${safeLine(reason.subject)})`;
  return [`    ${paint(reason.code, 'bold')}${subject}: ${first}`, ...rest.map((line) => `      ${line}`)];
}

function verdictLine(report: GateReport, paint: Paint): string {
  const { mark, tone } = OUTCOMES[report.outcome];
  const time = paint(`in ${formatTime(report.durationMs)}`, 'dim');
  return `${paint(`${mark} ${verdictPhrase(report)}`, tone, 'bold')} ${time}`;
}

/** The verdict as a phrase: `pass: 5 stages`, `fail: 2 of 5 stages failed, 3 errors`. */
export function verdictPhrase(report: GateReport): string {
  const ran = report.stages.filter((stage) => stage.outcome !== 'skipped');
  const having = (outcome: StageOutcome): number => ran.filter((stage) => stage.outcome === outcome).length;
  if (ran.length === 0) return `${report.outcome}: no stage ran`;
  const skipped = report.stages.length - ran.length;
  const parts = [
    report.outcome === 'pass' ? `${count(ran.length, 'stages')} passed` : '',
    having('fail') > 0 ? `${having('fail')} of ${count(ran.length, 'stages')} failed` : '',
    having('error') > 0 ? `${having('error')} of ${count(ran.length, 'stages')} could not judge` : '',
    skipped > 0 ? `${skipped} skipped` : '',
  ];
  const errors = ran.flatMap((stage) => stage.findings).filter((item) => item.severity === 'error').length;
  if (errors > 0) parts.push(count(errors, 'errors'));
  const warnings = ran.flatMap((stage) => stage.findings).filter((item) => item.severity === 'warning').length;
  if (warnings > 0) parts.push(count(warnings, 'warnings'));
  return `${report.outcome}: ${parts.filter((part) => part !== '').join(', ')}`;
}
