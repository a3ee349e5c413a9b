import type { ReasonCode } from '../kernel/index.ts';

/** The six gates, in the order in which they are reported. All are evaluated, whatever the others say. */
export const MERGE_GATES = ['path-policy', 'origin', 'actor', 'labels', 'checks', 'base'] as const;
export type MergeGate = (typeof MERGE_GATES)[number];

/** Why a gate does not let the pull request through, and what to do about it. */
export type Refusal = {
  readonly gate: MergeGate;
  readonly code: ReasonCode;
  /** What is wrong, with the values that decided. Text from outside stands in it quoted, as JSON. */
  readonly message: string;
  /** What it is about: a file, a check, a label, an account. As GitHub has it, so it is escaped when shown. */
  readonly subject?: string;
  readonly help: string;
  /** `wait`: it may pass by itself when something that is under way has ended. */
  readonly kind: 'refuse' | 'wait';
};

export type GateVerdict = {
  readonly gate: MergeGate;
  readonly outcome: 'pass' | 'wait' | 'refuse';
  readonly refusals: readonly Refusal[];
  /** What the gate found in favour of the pull request, for the report. */
  readonly notes: readonly string[];
};

/** A requirement of the base branch's protection that the pull request does not meet as it stands. */
export type ReviewCause = {
  readonly need: 'approvals' | 'code_owners' | 'last_push_approval' | 'required_reviewers';
  readonly from: { readonly kind: 'classic' } | { readonly kind: 'ruleset'; readonly rulesetId: number };
  readonly message: string;
};

/**
 * What keeps GitHub from merging the pull request, once the six gates pass.
 * Protection is only ever touched for `review`: everything else stays in force.
 */
export type SingleCause =
  | { readonly kind: 'none' }
  | { readonly kind: 'review'; readonly causes: readonly ReviewCause[] }
  | { readonly kind: 'more'; readonly refusals: readonly Refusal[] }
  | { readonly kind: 'unknown'; readonly why: string };

/** A gate's verdict from what it found. */
export function gateVerdict(gate: MergeGate, refusals: readonly Refusal[], notes: readonly string[] = []): GateVerdict {
  const outcome = refusals.length === 0 ? 'pass' : refusals.some(({ kind }) => kind === 'refuse') ? 'refuse' : 'wait';
  return { gate, outcome, refusals, notes };
}
