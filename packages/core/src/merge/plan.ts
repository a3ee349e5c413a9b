import type { Reason } from '../kernel/index.ts';
import { simulate, type Difference, type ProtectionSnapshot, type WireWrite } from '../protection/index.ts';
import { relaxLevel } from '../rulepack/index.ts';
import type { Evaluation } from './evaluate.ts';
import type { MergeFacts } from './facts.ts';
import { approvals } from './gates/reviews.ts';
import { climb, type LadderDecision, type RungRefusal } from './ladder.ts';
import type { Merger, Rung } from './ladder-input.ts';
import type { MergeMethod } from './pull-port.ts';
import type { Refusal } from './verdict.ts';

/** What the edit of a rung comes to, played on the snapshot before anything is sent. */
export type PlannedEdit = {
  readonly changes: readonly Difference[];
  /** What is sent to open the window, and to close it. */
  readonly relax: WireWrite;
  readonly restore: WireWrite;
};

/** A decision about one pull request, with all that led to it. Nothing was changed for it. */
export type MergePlan = {
  /** `pass`: it may be merged, by `rung`; `hold`: something is still under way. */
  readonly outcome: 'pass' | 'fail' | 'hold';
  readonly reasons: readonly Reason[];
  readonly facts: MergeFacts;
  readonly evaluation: Evaluation;
  readonly method: MergeMethod;
  readonly merger: Merger;
  /** Null: no way up was looked for, or none was found. */
  readonly rung: Rung | null;
  readonly snapshot: ProtectionSnapshot | null;
  readonly refusedRungs: readonly RungRefusal[];
  /** Null: the rung changes nothing. */
  readonly edit: PlannedEdit | null;
};

/** Goes from what the gates said to one way of merging, or to every reason against it. Pure. */
export function planMerge(facts: MergeFacts, evaluation: Evaluation, merger: Merger, method: MergeMethod): MergePlan {
  const base = { facts, evaluation, method, merger, refusedRungs: [], rung: null, edit: null, snapshot: null };
  const { protection } = facts;
  if (evaluation.outcome !== 'pass' || evaluation.pack === null || protection.kind === 'unreadable') {
    const outcome = evaluation.outcome === 'wait' ? 'hold' : 'fail';
    return { ...base, outcome, reasons: evaluation.refusals.map(reasonOf) };
  }
  const { snapshot } = protection;
  const { pack, singleCause: cause } = evaluation;
  const decision = climb({
    snapshot,
    cause,
    merger,
    method,
    defaultBranch: facts.repository.defaultBranch,
    approvals: approvals(facts).length,
    relaxable: pack.relaxable,
    relax: relaxLevel(pack),
  });
  return { ...base, snapshot, ...decided(decision, snapshot, method) };
}

type Decided = Pick<MergePlan, 'outcome' | 'reasons' | 'rung' | 'refusedRungs' | 'edit'>;

function decided(decision: LadderDecision, snapshot: ProtectionSnapshot, method: MergeMethod): Decided {
  const refusedRungs = decision.refused;
  if (decision.kind === 'stop')
    return { outcome: 'fail', reasons: decision.reasons, rung: null, refusedRungs, edit: null };
  const { rung } = decision;
  if (rung.edit === null) return { outcome: 'pass', reasons: [], rung, refusedRungs, edit: null };
  const played = simulate(snapshot, rung.edit, method);
  if (played.kind === 'refused')
    return { outcome: 'fail', reasons: played.reasons, rung: null, refusedRungs, edit: null };
  const { changes, relax, restore } = played;
  return { outcome: 'pass', reasons: [], rung, refusedRungs, edit: { changes, relax, restore } };
}

function reasonOf({ code, message, subject }: Refusal): Reason {
  return subject === undefined ? { code, message } : { code, message, subject };
}
