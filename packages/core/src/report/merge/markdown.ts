import type { Reason } from '../../kernel/index.ts';
import type { MergePlan, MergeReport } from '../../merge/index.ts';
import { codeSpan, escapeMarkdown } from '../markdown-escape.ts';
import { headline, reasonsOf, type MergeView } from './view.ts';

/** GitHub takes comments of up to 65,536 characters; the rest is for what the caller adds. */
const LIMIT = 60_000;
const LISTED = 40;

/** For the job summary and the comment on the pull request. All text from outside is escaped. */
export function renderMergeMarkdown(view: MergeView): string {
  const { plan, report } = view;
  const { pull } = plan.facts;
  const parts = [
    `### Pull request ${pull.number} ${headline(view)}`,
    facts(plan, report),
    reasonTable(reasonsOf(view), plan),
    gateTable(plan),
    ladder(plan),
    steps(report),
  ];
  const text = `${parts.filter((part) => part !== '').join('\n\n')}\n`;
  return text.length <= LIMIT ? text : `${text.slice(0, LIMIT)}\n\nCut here: the report holds the rest.\n`;
}

function facts({ facts: { pull }, evaluation, method, rung }: MergePlan, report: MergeReport | null): string {
  const rows = [
    ['Head', codeSpan(pull.head.sha)],
    ['Base', `${codeSpan(pull.base.branch)} at ${codeSpan(pull.base.sha)}`],
    ['Scenario', codeSpan(evaluation.pack?.scenario ?? 'none')],
    ['Way', `${codeSpan(rung?.name ?? 'none')}, ${method}`],
    ...(report === null || report.sha === null ? [] : [['Merged as', codeSpan(report.sha)]]),
    ...(report === null || report.windowMs === null ? [] : [['Window', `${report.windowMs} ms`]]),
    ...(report === null || report.relax === 'none' ? [] : [['Protection', RESTORED[report.restore]]]),
  ];
  return ['| | |', '| --- | --- |', ...rows.map((cells) => `| ${cells.join(' | ')} |`)].join('\n');
}

const RESTORED: Readonly<Record<MergeReport['restore'], string>> = {
  not_needed: 'not changed',
  restored: 'restored and read back',
  unseen: '**not proved**: the guard looks again',
  open: '**still relaxed**: the guard goes on',
};

function reasonTable(reasons: readonly Reason[], { evaluation }: MergePlan): string {
  if (reasons.length === 0) return '';
  const help = (code: string): string => evaluation.refusals.find((each) => each.code === code)?.help ?? '';
  const rows = reasons
    .slice(0, LISTED)
    .map(
      ({ code, message, subject }) =>
        `| ${codeSpan(code)} | ${escapeMarkdown(message)} | ${subject === undefined ? '' : codeSpan(subject)} | ${escapeMarkdown(help(code))} |`,
    );
  const rest = reasons.length > LISTED ? [`\nand ${reasons.length - LISTED} more`] : [];
  return ['| Reason | | About | What to do |', '| --- | --- | --- | --- |', ...rows, ...rest].join('\n');
}

function gateTable({ evaluation }: MergePlan): string {
  const rows = evaluation.verdicts.map(({ gate, outcome, notes }) => {
    const note = notes.slice(0, 5).map(escapeMarkdown).join('; ');
    return `| ${gate} | ${outcome} | ${note} |`;
  });
  return ['| Gate | Outcome | |', '| --- | --- | --- |', ...rows].join('\n');
}

function ladder({ refusedRungs, rung, edit }: MergePlan): string {
  if (refusedRungs.length === 0 && edit === null) return '';
  const refused = refusedRungs.flatMap(({ rung: name, reasons }) =>
    reasons.map(({ message }) => `- ${codeSpan(name)} is refused: ${escapeMarkdown(message)}`),
  );
  const changes = (edit?.changes ?? []).map(
    ({ path, before, after }) =>
      `- ${codeSpan(rung?.name ?? '')} changes ${codeSpan(path)} from ${codeSpan(JSON.stringify(before))} to ${codeSpan(JSON.stringify(after))}, and back`,
  );
  return [...refused.slice(0, LISTED), ...changes].join('\n');
}

function steps(report: MergeReport | null): string {
  if (report === null) return '';
  const rows = report.steps.map(({ step, end, ms }) => `| ${step} | ${end} | ${Math.round(ms)} ms |`);
  return ['| Step | | Time |', '| --- | --- | --- |', ...rows].join('\n');
}
