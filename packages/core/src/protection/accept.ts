import { compareRules, objectOf, sortedActors } from './canonical.ts';
import type { Actors, Json, ProtectionSnapshot, ReviewRequirements } from './model.ts';
import { parseReviewsRest } from './parse-classic.ts';
import { parseRuleset } from './parse-ruleset.ts';
import type { WireWrite } from './wire.ts';

type Fields = { readonly [key: string]: Json };

/**
 * What reading gives after GitHub took a write, for the three writes that are ever sent: given keys replace, keys that
 * are left out stay. Undefined when the snapshot has not what the write is for.
 */
export function acceptWrite(snapshot: ProtectionSnapshot, write: WireWrite): ProtectionSnapshot | undefined {
  if (write.kind === 'put-ruleset') return acceptRuleset(snapshot, write.id, objectOf(write.body));
  const { classic } = snapshot;
  if (classic === null || classic.reviews === null) return undefined;
  if (write.kind === 'patch-reviews') {
    if (write.branch !== classic.pattern) return undefined;
    return { ...snapshot, classic: { ...classic, reviews: patched(classic.reviews, objectOf(write.body)) } };
  }
  if (write.ruleId !== classic.ruleId) return undefined;
  return {
    ...snapshot,
    classic: { ...classic, reviews: updated(classic.reviews, objectOf(write.input), write.bypass) },
  };
}

function patched(reviews: ReviewRequirements, body: Fields): ReviewRequirements {
  const { dismissalRestrictions, bypassAllowances } = reviews;
  const before = {
    required_approving_review_count: reviews.requiredApprovingReviewCount,
    dismiss_stale_reviews: reviews.dismissStaleReviews,
    require_code_owner_reviews: reviews.requireCodeOwnerReviews,
    require_last_push_approval: reviews.requireLastPushApproval,
    ...(dismissalRestrictions === null ? {} : { dismissal_restrictions: actorObjects(dismissalRestrictions) }),
    bypass_pull_request_allowances: actorObjects(bypassAllowances),
  };
  const bypass = body['bypass_pull_request_allowances'];
  const given = bypass === undefined ? {} : { bypass_pull_request_allowances: actorObjects(actorNames(bypass)) };
  return parseReviewsRest({ ...before, ...body, ...given });
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

function actorObjects({ users, teams, apps }: Actors): Json {
  return {
    users: users.map((login) => ({ login })),
    teams: teams.map((slug) => ({ slug })),
    apps: apps.map((slug) => ({ slug })),
  };
}

function actorNames(value: Json): Actors {
  const lists = objectOf(value);
  const names = (key: string): string[] => {
    const list = lists[key];
    return Array.isArray(list) ? list.filter((item) => typeof item === 'string') : [];
  };
  return { users: names('users'), teams: names('teams'), apps: names('apps') };
}
