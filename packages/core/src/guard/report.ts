import type { Outcome, Reason } from '../kernel/index.ts';
import type { Json } from '../protection/index.ts';
import type { BranchDrift } from './drift.ts';
import type { LeaseReport } from './finish-open-leases.ts';

/** The report of protection-guard. */
export type GuardReport = {
  readonly schema: 'obsgate.guard/1';
  readonly outcome: Outcome;
  readonly reasons: readonly Reason[];
  /** Leases whose protection was found open and was restored. */
  readonly restored: number;
  /** Leases that stand after this run, with those of runs that are at work. */
  readonly open: number;
  readonly leases: readonly LeaseReport[];
  readonly drift: readonly Omit<BranchDrift, 'live'>[];
  /** The live protection: to be committed as the baseline, when it is as it should be. */
  readonly protection: {
    readonly schema: 'obsgate.protection-baseline/1';
    readonly branches: Readonly<Record<string, Json>>;
  };
};

/** `breach`: protection is open, drifted, or a lease was forged; `error`: something could not be read. */
export function guardReport(leases: readonly LeaseReport[], drift: readonly BranchDrift[]): GuardReport {
  const reasons = [...leases.flatMap(reasonsOf), ...drift.flatMap((each) => each.reasons)];
  const live = drift.filter((each) => each.live !== null);
  return {
    schema: 'obsgate.guard/1',
    outcome: outcomeOf(leases, drift),
    reasons,
    restored: leases.filter((each) => each.kind === 'finished' && each.outcome === 'restored').length,
    open: leases.filter((each) => !(each.kind === 'finished' && each.released)).length,
    leases,
    drift: drift.map(({ branch, differences, reasons: why }) => ({ branch, differences, reasons: why })),
    protection: {
      schema: 'obsgate.protection-baseline/1',
      branches: Object.fromEntries(live.map((each) => [each.branch, each.live])),
    },
  };
}

function reasonsOf(report: LeaseReport): readonly Reason[] {
  switch (report.kind) {
    case 'finished':
    case 'unreadable':
    case 'refused':
      return report.reasons;
    case 'held':
      return [];
    case 'lost':
      return [report.reason];
  }
}

function outcomeOf(leases: readonly LeaseReport[], drift: readonly BranchDrift[]): Outcome {
  const open = leases.some(
    (each) =>
      (each.kind === 'finished' && (each.outcome === 'open' || each.outcome === 'changed')) ||
      each.kind === 'unreadable',
  );
  if (open || drift.some((each) => each.differences.length > 0)) return 'breach';
  const unread = leases.some((each) => each.kind === 'refused') || drift.some((each) => each.live === null);
  return unread ? 'error' : 'pass';
}
