import type { GateReport, StageReport } from '../gate/index.ts';
import type { Range, Severity } from '../kernel/index.ts';
import { untoldCases } from './cases.ts';
import { displayText } from './display-text.ts';
import { repositoryPath, type RenderContext } from './options.ts';
import { workflowCommand } from './workflow-command/index.ts';

/** The contract's cap; GitHub itself shows 10 of each level a step and 50 a job. */
const MAX_ANNOTATIONS = 50;

const COMMANDS = { error: 'error', warning: 'warning', info: 'notice' } as const;
const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

type Annotation = {
  readonly severity: Severity;
  readonly title: string;
  readonly message: string;
  readonly file?: string | undefined;
  readonly range?: Range | undefined;
};

/**
 * The report as workflow commands that GitHub shows on the changed lines: errors first, at most 50 lines in all; the
 * last one counts the rest. The columns are GitHub's: `endColumn` counts the last column itself.
 */
export function renderAnnotations(report: GateReport, options: Pick<RenderContext, 'pathPrefix'>): string {
  const all = report.stages.flatMap(stageAnnotations).sort((a, b) => RANK[a.severity] - RANK[b.severity]);
  const shown = all.length > MAX_ANNOTATIONS ? all.slice(0, MAX_ANNOTATIONS - 1) : all;
  const out = shown.map((item) => command(item, options.pathPrefix));
  if (shown.length < all.length) out.push(restLine(all.slice(shown.length)));
  return out.map((line) => `${line}\n`).join('');
}

function stageAnnotations(stage: StageReport): Annotation[] {
  const reasons = stage.outcome === 'skipped' ? [] : stage.reasons;
  return [
    ...reasons.map(({ code, message }): Annotation => ({
      severity: 'error',
      title: `${stage.name}: ${code}`,
      message,
    })),
    ...stage.findings.map(({ severity, rule, message, help, file, range }): Annotation => {
      return { severity, title: rule, message: help === undefined ? message : `${message}\n${help}`, file, range };
    }),
    ...untoldCases(stage).map(({ suite, name, message, file, range }): Annotation => {
      const title = suite === '' ? name : `${suite}: ${name}`;
      return { severity: 'error', title, message: message ?? 'failed', file, range };
    }),
  ];
}

function command({ severity, title, message, file, range }: Annotation, prefix: string | undefined): string {
  const place = file === undefined ? {} : { file: inert(repositoryPath(file, prefix)), ...lines(range) };
  return workflowCommand(COMMANDS[severity], { ...place, title: inert(title) }, inert(message));
}

/** The text line by line, without characters that a terminal obeys or that make it read otherwise than it is. */
function inert(text: string): string {
  return text
    .split(/\r?\n/)
    .map((line) => displayText(line).text)
    .join('\n');
}

/** GitHub takes columns only where a place starts and ends on one line. */
function lines(range: Range | undefined) {
  if (range === undefined) return {};
  const { line, column, endLine, endColumn } = range;
  if (endLine !== line) return { line, endLine };
  return { line, endLine, col: column, endColumn: Math.max(column, endColumn - 1) };
}

function restLine(rest: readonly Annotation[]): string {
  const worst = rest[0]?.severity ?? 'info';
  const tally = (severity: Severity): number => rest.filter((item) => item.severity === severity).length;
  const parts = [`${tally('error')} errors`, `${tally('warning')} warnings`, `${tally('info')} notes`];
  const text = `${rest.length} more are not shown here (${parts.join(', ')}); the job summary and the report have them all.`;
  return workflowCommand(COMMANDS[worst], { title: 'More findings' }, text);
}
