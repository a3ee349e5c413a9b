import { simulate, type Edit, type ReviewField } from '../protection/index.ts';
import type { Reason } from '../kernel/index.ts';
import { uncheckedBypass } from './ladder-bypass.ts';
import { mayBypass, refuse, type LadderInput, type RungResult } from './ladder-input.ts';
import { coversOtherBranches, sourceOf, sourceReasons, type RuleSource } from './ladder-source.ts';
import type { ReviewCause } from './verdict.ts';

/** Lowers one review field of one rule, for everybody, as little as it takes. The last way, and the widest window. */
export function lowerFieldRung(input: LadderInput, causes: readonly ReviewCause[]): RungResult {
  const open = causes.filter(({ from }) => !mayBypass(input, from));
  const source = sourceOf(open);
  if (source.kind === 'refused') return refuse(source.reasons);
  const needs = [...new Set(open.map(({ need }) => need))];
  const field = needs.length === 1 ? fieldFor(needs[0], source.from, input) : undefined;
  const reasons = [
    ...sourceReasons(source.from, input),
    ...coversOtherBranches(source.from, input),
    ...(field === undefined ? [notOneField(open)] : []),
    ...uncheckedBypass(input.snapshot, input.merger, input.method),
  ];
  if (field === undefined || reasons.length > 0) return refuse(reasons);
  const edit = editOf(source.from, input, field);
  if (edit === undefined)
    return refuse([{ code: 'protection_changed', message: 'the rule that asks for reviews is gone' }]);
  // The edit and its undoing are played on the snapshot first; what does not come out even is not begun.
  const played = simulate(input.snapshot, edit, input.method);
  if (played.kind === 'refused') return refuse(played.reasons);
  return { kind: 'fits', rung: { name: 'lower-field', edit } };
}

function notOneField(causes: readonly ReviewCause[]): Reason {
  const what = causes.map(({ need }) => need).join(', ');
  return { code: 'not_relaxable', message: `no single review field lifts ${what}, and only one may be lowered` };
}

function fieldFor(
  need: ReviewCause['need'] | undefined,
  from: RuleSource,
  input: LadderInput,
): ReviewField | undefined {
  switch (need) {
    case 'approvals': {
      const required = requiredApprovals(from, input);
      if (required === undefined || input.approvals >= required) return undefined;
      return { name: 'requiredApprovingReviewCount', from: required, to: Math.max(0, input.approvals) };
    }
    case 'code_owners':
      return { name: 'requireCodeOwnerReviews', from: true, to: false };
    case 'last_push_approval':
      return { name: 'requireLastPushApproval', from: true, to: false };
    case 'required_reviewers':
    case undefined:
      return undefined;
  }
}

function requiredApprovals(from: RuleSource, { snapshot }: LadderInput): number | undefined {
  if (from.kind === 'classic') return snapshot.classic?.reviews?.requiredApprovingReviewCount;
  const rules = snapshot.rulesets.find(({ id }) => id === from.rulesetId)?.rules ?? [];
  const counts = rules.filter(({ type }) => type === 'pull_request').map(({ parameters }) => approvalsOf(parameters));
  return counts.length === 1 ? counts[0] : undefined;
}

function approvalsOf(parameters: unknown): number | undefined {
  if (typeof parameters !== 'object' || parameters === null) return undefined;
  const count = Object.entries(parameters).find(([key]) => key === 'required_approving_review_count')?.[1] as unknown;
  return typeof count === 'number' ? count : undefined;
}

function editOf(from: RuleSource, { snapshot }: LadderInput, field: ReviewField): Edit | undefined {
  if (from.kind === 'ruleset') return { kind: 'ruleset-field', rulesetId: from.rulesetId, field };
  return snapshot.classic === null ? undefined : { kind: 'classic-field', ruleId: snapshot.classic.ruleId, field };
}
