import type { GuardReport } from '../../guard/index.ts';
import type { Difference } from '../../protection/index.ts';
import { displayText } from '../display-text.ts';
import { guardHeadline, leaseEnding, leaseSubject } from './lines.ts';

/** For a log: each lease, each drifted branch, and why. */
export function renderGuardText(report: GuardReport): string {
  const leases = report.leases.map((each) => `lease ${shown(leaseSubject(each))}: ${leaseEnding(each)}`);
  const drift = report.drift.flatMap(({ branch, differences }) =>
    differences.map((each) => `drift ${shown(branch)}: ${shown(differenceText(each))}`),
  );
  const reasons = report.reasons.map(({ code, message }) => `${code}: ${shown(message)}`);
  return `${[...leases, ...drift, ...reasons, guardHeadline(report)].join('\n')}\n`;
}

/** `path: before -> after`, in JSON. */
export function differenceText({ path, before, after }: Difference): string {
  return `${path}: ${JSON.stringify(before)} -> ${JSON.stringify(after)}`;
}

function shown(text: string): string {
  return displayText(text).text;
}
