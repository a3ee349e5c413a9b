import type { Outcome, Reason } from '../../kernel/index.ts';
import { clock, minutes, type MetricJudgement, type WatchVerdict } from '../../slo/index.ts';
import { displayWidth, padEnd, safeLine } from '../display-text.ts';
import { painter, type Paint, type Tone } from '../paint.ts';
import { coveragePhrase, limitPhrase, measuredPhrase, provedPhrase, requestsPhrase } from './numbers.ts';
import { sparkline } from './sparkline.ts';

const TONES: Readonly<Record<Outcome, Tone>> = { pass: 'green', hold: 'yellow', error: 'magenta', breach: 'red' };
const HEADER = ['objective', 'outcome', 'measured', 'limit', 'proved', 'bad', 'data', 'before | after'];

/** The verdict for a terminal: one line of verdict, a table with both numbers, the reasons and the remarks. */
export function renderWatchText(verdict: WatchVerdict, options: { readonly color: boolean }): string {
  const paint = painter(options.color);
  const passed = Math.max(0, Math.min(verdict.now - verdict.mergedAt, verdict.windowSeconds));
  const head = `${paint(verdict.outcome.toUpperCase(), 'bold', TONES[verdict.outcome])}  merged at ${clock(verdict.mergedAt)}, ${minutes(passed)} of ${minutes(verdict.windowSeconds)} watched`;
  const reasons = verdict.reasons.map((reason) => `  ${reasonLine(reason, paint)}`);
  const remarks = verdict.remarks.map((remark) => `  ${paint('note', 'blue')} ${reasonLine(remark, paint)}`);
  return [
    head,
    '',
    ...table(verdict, paint),
    ...timeLines(verdict),
    ...blankBefore(reasons),
    ...blankBefore(remarks),
    '',
  ].join('\n');
}

function table(verdict: WatchVerdict, paint: Paint): string[] {
  const rows = verdict.metrics.map((metric) => cells(metric, verdict.mergedAt));
  const widths = HEADER.map((title, column) =>
    Math.max(displayWidth(title), ...rows.map((row) => displayWidth(row[column] ?? ''))),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => padEnd(cell, widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  const tone = (index: number): Tone => TONES[verdict.metrics[index]?.outcome ?? 'hold'];
  return [
    paint(line(HEADER), 'dim'),
    ...rows.map((row, index) => paintOutcome(line(row), row[1] ?? '', tone(index), paint)),
  ];
}

function cells(metric: MetricJudgement, mergedAt: number): string[] {
  return [
    safeLine(metric.spec.name),
    metric.ignored ? 'ignored' : metric.outcome,
    measuredPhrase(metric),
    limitPhrase(metric),
    provedPhrase(metric),
    requestsPhrase(metric),
    coveragePhrase(metric),
    sparkline(metric, mergedAt),
  ];
}

function paintOutcome(line: string, word: string, tone: Tone, paint: Paint): string {
  const at = line.indexOf(`  ${word}  `);
  return at === -1 ? line : `${line.slice(0, at + 2)}${paint(word, tone)}${line.slice(at + 2 + word.length)}`;
}

function timeLines(verdict: WatchVerdict): string[] {
  const lines = verdict.metrics
    .filter(({ decidedAt }) => decidedAt !== undefined)
    .map(
      ({ spec, onset, decidedAt }) =>
        `  ${safeLine(spec.name)}: since about ${clock(onset ?? 0)}, proved at ${clock(decidedAt ?? 0)}`,
    );
  return blankBefore(lines);
}

function reasonLine({ code, message, subject }: Reason, paint: Paint): string {
  const about = subject === undefined || message.startsWith(subject) ? '' : `${safeLine(subject)}: `;
  return `${paint(code, 'bold')}  ${about}${safeLine(message)}`;
}

function blankBefore(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', ...lines];
}
