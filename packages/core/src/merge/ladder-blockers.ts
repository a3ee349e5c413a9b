import type { Reason } from '../kernel/index.ts';
import type { LadderInput } from './ladder-input.ts';

/** What closes every way at once, whatever is missing: nothing that we may relax lifts any of it. */
export function blockers({ snapshot, merger, method }: LadderInput): Reason[] {
  const reasons: Reason[] = [];
  const { classic, rules } = snapshot;
  if (rules.some(({ type }) => type === 'merge_queue'))
    reasons.push({ code: 'merge_queue', message: 'the branch is merged through a merge queue, which uses no bypass' });
  if (classic?.lockBranch === true) reasons.push({ code: 'branch_locked', message: 'the branch is locked' });
  if (rules.some(({ type }) => type === 'update'))
    reasons.push({ code: 'branch_locked', message: 'a ruleset restricts updates of the branch' });
  if (method === 'rebase' && (classic?.requiredSignatures === true || rules.some(isSignatures)))
    reasons.push({
      code: 'signatures_required',
      message: 'the branch wants signed commits, and GitHub does not sign rebased ones; use method squash',
    });
  if (method === 'merge' && (classic?.requiredLinearHistory === true || rules.some(isLinear)))
    reasons.push({ code: 'method_not_allowed', message: 'the branch wants a linear history; use method squash' });
  const restricted = classic?.restrictions ?? null;
  if (restricted !== null && merger.kind === 'app' && !restricted.apps.includes(merger.slug))
    reasons.push({
      code: 'push_restricted',
      message: `the branch rule says who may push, and the app ${JSON.stringify(merger.slug)} is not among them`,
    });
  return reasons;
}

function isSignatures({ type }: { readonly type: string }): boolean {
  return type === 'required_signatures';
}

function isLinear({ type }: { readonly type: string }): boolean {
  return type === 'required_linear_history';
}
