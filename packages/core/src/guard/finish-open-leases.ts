import type { Reason } from '../kernel/index.ts';
import type { LeaseClaims, LeaseReading, StaleLease } from '../ledger/index.ts';
import { finishLease, type FinishedLease, type FinishPorts } from './finish-lease.ts';

export type LeaseReport =
  | ({ readonly kind: 'finished' } & FinishedLease)
  /** Another run is at work, within its time. */
  | { readonly kind: 'held'; readonly claims: LeaseClaims }
  /** Somebody else finishes it. */
  | { readonly kind: 'lost'; readonly reason: Reason }
  /** Not one of ours, or not to be opened: a person has to look. */
  | { readonly kind: 'unreadable'; readonly ref: string; readonly sha: string; readonly reasons: readonly Reason[] }
  | { readonly kind: 'refused'; readonly reasons: readonly Reason[] };

/** A run that is known to have ended: its leases are finished without waiting for their expiry. */
export type EndedRun = { readonly id: number; readonly attempt: number };

/** Finishes every lease of the repository that nobody is working on: what protection-guard does, and every run first. */
export async function finishOpenLeases(
  ports: FinishPorts,
  ended: readonly EndedRun[] = [],
): Promise<readonly LeaseReport[]> {
  const reports: LeaseReport[] = [];
  for (const reading of await ports.leases.list()) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other: a restore is never made to compete
    if (reading.kind !== 'none') reports.push(await finishReading(ports, reading, ended));
  }
  return reports;
}

async function finishReading(
  ports: FinishPorts,
  reading: Exclude<LeaseReading, { kind: 'none' }>,
  ended: readonly EndedRun[],
): Promise<LeaseReport> {
  switch (reading.kind) {
    case 'ours':
      return { kind: 'finished', ...(await finishLease(ports, reading.held)) };
    case 'stale':
      return finishStale(ports, reading.stale);
    case 'held': {
      const { claims } = reading.stale.lease;
      const over = ended.some(({ id, attempt }) => id === claims.runId && attempt >= claims.runAttempt);
      return over ? finishStale(ports, reading.stale) : { kind: 'held', claims };
    }
    case 'unreadable':
    case 'refused':
      return reading;
  }
}

/** Takes a lease over and finishes it. */
export async function finishStale(ports: FinishPorts, stale: StaleLease): Promise<LeaseReport> {
  const taken = await ports.leases.takeOver(stale);
  switch (taken.kind) {
    case 'taken':
      return { kind: 'finished', ...(await finishLease(ports, taken.held)) };
    case 'lost':
      return taken;
    case 'refused':
      return taken;
  }
}
