import type { Config } from '../config/index.ts';
import type { AuditEntry } from '../ledger/index.ts';
import { matchRulepacks, type Rulepack, type RulepackMatch, type RulepackSet } from '../rulepack/index.ts';
import type { MergeFacts } from './facts.ts';
import { actorGate } from './gates/actor.ts';
import { baseGate } from './gates/base.ts';
import { checksGate } from './gates/checks.ts';
import type { GateInput } from './gates/input.ts';
import { labelsGate } from './gates/labels.ts';
import { originGate } from './gates/origin.ts';
import { pathPolicyGate } from './gates/path-policy.ts';
import { missingReviews } from './gates/reviews.ts';
import type { MergeRequest } from './request.ts';
import type { GateVerdict, Refusal, SingleCause } from './verdict.ts';

/** What the six gates say together. */
export type Evaluation = {
  /** `wait`: nothing is refused, but something is still under way. */
  readonly outcome: 'pass' | 'wait' | 'refuse';
  readonly verdicts: readonly GateVerdict[];
  /** All refusals of all gates, in the gates' order. */
  readonly refusals: readonly Refusal[];
  readonly match: RulepackMatch;
  /** The scenario; null when no rulepack fits, and then the outcome is `refuse`. */
  readonly pack: Rulepack | null;
  readonly singleCause: SingleCause;
};

/**
 * Evaluates all six gates, whatever the first of them says: everything that keeps the pull request from merging is told at
 * once. Pure: the same facts give the same verdicts.
 *
 * @param rulepacks those of the base commit, with what is wrong with any of them
 * @param ledger entries of the ledger that the cooldown is read from
 */
export function evaluateGates(
  facts: MergeFacts,
  rulepacks: RulepackSet,
  config: Config,
  request: MergeRequest,
  ledger: readonly AuditEntry[] = [],
): Evaluation {
  const match = matchRulepacks(facts.files.files, rulepacks.rulepacks, config.merge.rulepacks);
  const input: GateInput = { facts, rulepacks, match, pack: match.pack, config, request, ledger };
  const verdicts = [
    pathPolicyGate(input),
    originGate(input),
    actorGate(input),
    labelsGate(input),
    checksGate(input),
    baseGate(input),
  ];
  const refusals = verdicts.flatMap((verdict) => verdict.refusals);
  const refused = verdicts.some(({ outcome }) => outcome === 'refuse');
  return {
    outcome: refused ? 'refuse' : refusals.length > 0 ? 'wait' : 'pass',
    verdicts,
    refusals,
    match,
    pack: match.pack,
    singleCause: singleCause(facts, refusals),
  };
}

function singleCause(facts: MergeFacts, refusals: readonly Refusal[]): SingleCause {
  if (facts.protection.kind === 'unreadable') return { kind: 'unknown', why: facts.protection.why };
  if (refusals.length > 0) return { kind: 'more', refusals };
  const causes = missingReviews(facts, facts.protection.snapshot);
  return causes.length === 0 ? { kind: 'none' } : { kind: 'review', causes };
}
