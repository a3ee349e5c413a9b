import type { GuardReport, LeaseReport } from '../../guard/index.ts';
import { count } from '../words.ts';

export const GUARD_ENDINGS = {
  clean: 'nothing was open; released',
  restored: 'was open, and was restored',
  changed: 'nothing of ours is open, but somebody else changed the protection',
  open: 'MAY STILL BE OPEN; the lease stays, and the next run tries again',
} as const;

/** What became of a lease, without text from outside. */
export function leaseEnding(report: LeaseReport): string {
  switch (report.kind) {
    case 'finished':
      return GUARD_ENDINGS[report.outcome];
    case 'held':
      return 'held by a run that is at work';
    case 'lost':
      return 'is being finished by somebody else';
    case 'unreadable':
      return 'is no lease of ours, or cannot be opened';
    case 'refused':
      return 'could not be read';
  }
}

/** The branch, or the ref, that a lease is about; text from outside. */
export function leaseSubject(report: LeaseReport): string {
  switch (report.kind) {
    case 'finished':
      return report.branch;
    case 'held':
      return report.claims.branch;
    case 'unreadable':
      return report.ref;
    case 'lost':
    case 'refused':
      return '';
  }
}

/** The verdict in one line. */
export function guardHeadline({ outcome, restored, open, leases, drift }: GuardReport): string {
  const drifted = drift.filter(({ differences }) => differences.length > 0).length;
  const parts = [
    `${count(leases.length, 'leases')}, ${restored} restored, ${open} left standing`,
    drift.length === 0 ? 'no branch compared' : `${drifted} of ${drift.length} compared branches drifted`,
  ];
  return `${outcome}: ${parts.join('; ')}`;
}
