import { compareRules, objectOf, sortedActors } from './canonical.ts';
import type { Actors, Json, ProtectionSnapshot, ReviewRequirements } from './model.ts';
import { parseRuleset } from './parse-ruleset.ts';
import type { WireWrite } from './wire.ts';

type Fields = { readonly [key: string]: Json };

/**
 * What reading gives after GitHub took a write, for the two writes that are ever sent: given keys replace, keys that
 * are left out stay. Undefined when the snapshot has not what the write is for.
 */
export function acceptWrite(snapshot: ProtectionSnapshot, write: WireWrite): ProtectionSnapshot | undefined {
  if (write.kind === 'put-ruleset') return acceptRuleset(snapshot, write.id, objectOf(write.body));
  const { classic } = snapshot;
  if (classic === null || classic.reviews === null) return undefined;
  if (write.ruleId !== classic.ruleId) return undefined;
  return {
    ...snapshot,
    classic: { ...classic, reviews: updated(classic.reviews, objectOf(write.input), write.bypass) },
  };
}

function updated(reviews: ReviewRequirements, input: Fields, bypass: Actors | null): ReviewRequirements {
  const count = input['requiredApprovingReviewCount'] ?? reviews.requiredApprovingReviewCount;
  return {
    ...reviews,
    requiredApprovingReviewCount: Number(count),
    requireCodeOwnerReviews: (input['requiresCodeOwnerReviews'] ?? reviews.requireCodeOwnerReviews) === true,
    requireLastPushApproval: (input['requireLastPushApproval'] ?? reviews.requireLastPushApproval) === true,
    bypassAllowances: bypass === null ? reviews.bypassAllowances : sortedActors(bypass),
  };
}

function acceptRuleset(snapshot: ProtectionSnapshot, id: number, body: Fields): ProtectionSnapshot | undefined {
  const before = snapshot.rulesets.find((each) => each.id === id);
  if (before === undefined || before.source !== 'Repository' || before.bypassActors === 'hidden') return undefined;
  const answer = {
    ...before,
    source_type: before.source,
    rules: before.rules.map(({ type, parameters }) => ({ type, parameters })),
    bypass_actors: before.bypassActors.map((each) => ({
      actor_id: each.actorId,
      actor_type: each.actorType,
      bypass_mode: each.bypassMode,
    })),
    ...body,
  };
  const after = parseRuleset(answer);
  const others = snapshot.rules.filter(({ rulesetId }) => rulesetId !== id);
  const covers = snapshot.rules.length > others.length;
  const own = after.rules.map((rule) => ({
    type: rule.type,
    rulesetId: id,
    rulesetSource: after.source,
    parameters: rule.parameters,
  }));
  return {
    ...snapshot,
    rules: covers
      ? [...others, ...own].toSorted((a, b) => a.rulesetId - b.rulesetId || compareRules(a, b))
      : snapshot.rules,
    rulesets: snapshot.rulesets.map((each) => (each.id === id ? after : each)),
  };
}
