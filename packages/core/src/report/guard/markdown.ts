import type { GuardReport, LeaseReport } from '../../guard/index.ts';
import type { Reason } from '../../kernel/index.ts';
import type { Difference } from '../../protection/index.ts';
import { codeSpan, escapeMarkdown } from '../markdown-escape.ts';
import { guardHeadline, leaseEnding, leaseSubject } from './lines.ts';
import { differenceText } from './text.ts';

/** For the job summary. All text from outside is escaped. */
export function renderGuardMarkdown(report: GuardReport): string {
  const parts = [
    `### Protection guard: ${guardHeadline(report)}`,
    table(
      ['Lease', 'Ending'],
      report.leases.map((each) => [codeSpan(leaseSubject(each)), leaseEnding(each)]),
    ),
    ...report.drift.map(({ branch, differences }) =>
      differences.length === 0 ? '' : `${codeSpan(branch)} is not as committed:\n\n${list(differences)}`,
    ),
    reasons(report.reasons),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** An issue that a person has to look at; `name` stays the same while the cause does. */
export type GuardAlarm = { readonly name: string; readonly title: string; readonly body: string };

/** One alarm for each lease that could not be finished well, and for each branch that drifted. */
export function guardAlarms(report: GuardReport): GuardAlarm[] {
  const leases = report.leases.flatMap((each) => leaseAlarm(each) ?? []);
  const drifts = report.drift
    .filter(({ differences }) => differences.length > 0)
    .map(({ branch, differences }) => ({
      name: `drift ${branch}`,
      title: `Protection of ${plain(branch)} is not the committed one`,
      body: `The protection of ${codeSpan(branch)} differs from the committed baseline:\n\n${list(differences)}\n\nEither set it back, or commit what it is now: the report of the run holds it under \`protection\`.\n`,
    }));
  return [...leases, ...drifts];
}

function leaseAlarm(report: LeaseReport): GuardAlarm | undefined {
  if (report.kind === 'unreadable') {
    return {
      name: `lease ${report.ref}`,
      title: 'A lease cannot be opened',
      body: `${codeSpan(report.ref)} (at ${codeSpan(report.sha)}) is no lease of this tool, or it cannot be opened with the seal key.\n\n${reasons(report.reasons)}\n\nCheck the protection of the branch by hand. Then delete the ref; no change is merged without a person while it stands.\n`,
    };
  }
  if (report.kind !== 'finished' || report.outcome === 'clean' || report.outcome === 'restored') return undefined;
  const subject = codeSpan(report.branch);
  const open = report.outcome === 'open';
  return {
    name: `lease ${report.branch}`,
    title: open
      ? `Protection of ${plain(report.branch)} may be open`
      : `Protection of ${plain(report.branch)} was changed during a merge`,
    body: [
      `The merge of pull request ${report.pr} (run ${report.runId}) left a lease on ${subject}, which ${leaseEnding(report)}.`,
      report.foreign.length === 0 ? '' : `Compared with the protection before the merge:\n\n${list(report.foreign)}`,
      reasons(report.reasons),
      open ? 'Check the protection by hand now.' : 'Check that the change was meant.',
    ]
      .filter((part) => part !== '')
      .join('\n\n'),
  };
}

function list(differences: readonly Difference[]): string {
  return differences.map((each) => `- ${codeSpan(differenceText(each))}`).join('\n');
}

function reasons(all: readonly Reason[]): string {
  return table(
    ['Reason', ''],
    all.map(({ code, message }) => [codeSpan(code), escapeMarkdown(message)]),
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Titles are no Markdown, but mentions in them would notify. */
function plain(text: string): string {
  return text
    .replaceAll('@', '(at)')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ')
    .slice(0, 100);
}
