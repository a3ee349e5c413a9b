import type { Reason } from '../../kernel/index.ts';
import type { AuditFacts, HeldLease, LeasePort, LedgerPort } from '../../ledger/index.ts';
import type { ProtectionPort, ProtectionSnapshot } from '../../protection/index.ts';
import type { Merger, Rung } from '../ladder-input.ts';
import type { MergeResult } from '../merge-answer.ts';
import type { CheckNow, MergeMethod, PullNow, PullPort } from '../pull-port.ts';

/** A decided merge: what the gates saw and the ladder chose. Nothing in it is decided again, only compared. */
export type MergeTask = {
  readonly repositoryId: number;
  readonly pull: number;
  readonly headSha: string;
  readonly branch: string;
  readonly method: MergeMethod;
  readonly rung: Rung;
  readonly snapshot: ProtectionSnapshot;
  readonly merger: Merger;
  /** Every label that the gates saw. */
  readonly labels: readonly string[];
  /** The checks that the gates rely on, as they saw them. */
  readonly checks: readonly CheckNow[];
  /** Paths that the gates let through, with the state that GitHub gives each; new names of renamed files. */
  readonly files: readonly { readonly path: string; readonly status: string }[];
  readonly scenario: string | null;
  readonly actor: string;
  readonly run: { readonly id: number; readonly attempt: number };
  /** Any tree of the repository, for the lease's commit. */
  readonly treeSha?: string;
};

export type Clock = {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms`, or at once when `stop` is aborted. */
  sleep(ms: number, stop?: AbortSignal): Promise<void>;
};

export type MergePorts = {
  readonly protection: ProtectionPort;
  readonly lease: LeasePort;
  readonly ledger: LedgerPort;
  readonly pull: PullPort;
  readonly clock: Clock;
};

export type RelaxState = 'none' | 'written' | 'unconfirmed';
export type RestoreState =
  /** Nothing was written. */
  | 'not_needed'
  /** The edited rule was read or answered as it must be. */
  | 'restored'
  /** Nothing of ours was seen, but the write may still be on its way: the lease stays. */
  | 'unseen'
  /** Ours may still be open. */
  | 'open';

/** What is known so far. Steps return what they add to it. */
export type Progress = {
  readonly held: HeldLease | null;
  /** The pull request as it was under the lease, and after the merge. */
  readonly seen: PullNow | null;
  readonly seenAfter: PullNow | null;
  /** Newest version of the edited ruleset before the edit. */
  readonly lastVersion: number | null;
  readonly relax: RelaxState;
  readonly restore: RestoreState;
  readonly openedAt: number | null;
  readonly closedAt: number | null;
  readonly merge: MergeResult | null;
  /** The protection as it was read at the end. */
  readonly after: ProtectionSnapshot | null;
};

export const NOTHING_YET: Progress = {
  held: null,
  seen: null,
  seenAfter: null,
  lastVersion: null,
  relax: 'none',
  restore: 'not_needed',
  openedAt: null,
  closedAt: null,
  merge: null,
  after: null,
};

export const STEP_NAMES = ['lease', 'look', 'relax', 'merge', 'restore', 'verify', 'release', 'audit'] as const;
export type StepName = (typeof STEP_NAMES)[number];

/**
 * How a step ended. `go`: on to the next. `halt`: no further step is begun, and what was begun is undone.
 * `alarm`: undoing goes on, but the run ends in error whatever was merged.
 */
export type StepEnd = {
  readonly kind: 'go' | 'halt' | 'alarm';
  readonly patch: Partial<Progress>;
  readonly reasons: readonly Reason[];
  /** For a halt: `hold` when a later try may pass. */
  readonly outcome?: 'fail' | 'hold' | 'error';
};

export type StepContext = {
  readonly task: MergeTask;
  readonly ports: MergePorts;
  readonly progress: Progress;
  /** Aborted by the job's end or by the transaction's own deadline. Undoing does not listen to it. */
  readonly stop: AbortSignal;
};

export type Act = (context: StepContext) => Promise<StepEnd>;

/** One step of the transaction with what undoes it. The undoing runs in any case, merged or not. */
export type Step = {
  readonly name: StepName;
  readonly act: Act;
  readonly undo: { readonly name: StepName; readonly act: Act } | null;
};

export type StepReport = {
  readonly step: StepName;
  readonly end: StepEnd['kind'];
  readonly reasons: readonly Reason[];
  readonly at: number;
  readonly ms: number;
};

export type MergeOutcome = 'pass' | 'fail' | 'hold' | 'error';

export type MergeReport = {
  readonly outcome: MergeOutcome;
  readonly merged: boolean;
  /** The commit on the base branch; null when nothing was merged. */
  readonly sha: string | null;
  readonly rung: Rung['name'];
  /** Milliseconds from sending the edit to the confirmed restore; null when no window was opened. */
  readonly windowMs: number | null;
  readonly relax: RelaxState;
  readonly restore: RestoreState;
  readonly reasons: readonly Reason[];
  readonly steps: readonly StepReport[];
  readonly before: ProtectionSnapshot;
  readonly after: ProtectionSnapshot | null;
  readonly audit: readonly AuditFacts[];
};

export function go(patch: Partial<Progress> = {}, reasons: readonly Reason[] = []): StepEnd {
  return { kind: 'go', patch, reasons };
}

export function halt(
  outcome: 'fail' | 'hold' | 'error',
  reasons: readonly Reason[],
  patch: Partial<Progress> = {},
): StepEnd {
  return { kind: 'halt', outcome, reasons, patch };
}

export function alarm(reasons: readonly Reason[], patch: Partial<Progress> = {}): StepEnd {
  return { kind: 'alarm', reasons, patch };
}
