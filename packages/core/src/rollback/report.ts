import type { Reason } from '../kernel/index.ts';
import type { MergeReport } from '../merge/index.ts';
import type { RollbackPlan } from './plan.ts';
import type { Recovery } from './port.ts';
import type { RollbackRequest } from './request.ts';

export const ROLLBACK_STEPS = ['read', 'open', 'merge', 'recover', 'record'] as const;
export type RollbackStep = {
  readonly step: (typeof ROLLBACK_STEPS)[number];
  readonly at: string;
  readonly what: string;
};

export type RollbackReport = {
  readonly schema: 'obsgate.rollback/1';
  /** `pass`: the merge is taken back; `hold`: a person or a later run goes on. */
  readonly outcome: 'pass' | 'fail' | 'hold' | 'error';
  readonly reasons: readonly Reason[];
  readonly request: RollbackRequest;
  /** Null: the facts could not be read. */
  readonly plan: RollbackPlan | null;
  readonly reverted: boolean;
  readonly revertPull: number | null;
  /** The commit on the base branch that took the merge back. */
  readonly revertSha: string | null;
  readonly merge: MergeReport | null;
  readonly recovery: Recovery | null;
  readonly incident: number | null;
  readonly timeline: readonly RollbackStep[];
};
