import { canonicalJson, objectOf, sortedBypassActors, sortedSet } from './canonical.ts';
import type { BypassActor, Json, ProtectionSnapshot, ReviewRequirements, Ruleset } from './model.ts';

/** A review field that may be lowered, with the value that lifts the requirement. */
export type ReviewField =
  | { readonly name: 'requiredApprovingReviewCount'; readonly from: number; readonly to: number }
  | { readonly name: 'requireCodeOwnerReviews'; readonly from: true; readonly to: false }
  | { readonly name: 'requireLastPushApproval'; readonly from: true; readonly to: false };

/**
 * The one change that a merge may make to a branch's protection: our app on one bypass list, or one review field lowered.
 * Nothing else can be expressed, so nothing else can be written.
 */
export type Edit =
  | { readonly kind: 'classic-bypass'; readonly ruleId: string; readonly app: string }
  | { readonly kind: 'classic-field'; readonly ruleId: string; readonly field: ReviewField }
  | { readonly kind: 'ruleset-bypass'; readonly rulesetId: number; readonly actor: BypassActor }
  | { readonly kind: 'ruleset-field'; readonly rulesetId: number; readonly field: ReviewField };

/** Names of the review fields in a ruleset's `pull_request` rule. */
export const RULESET_FIELD: Readonly<Record<ReviewField['name'], string>> = {
  requiredApprovingReviewCount: 'required_approving_review_count',
  requireCodeOwnerReviews: 'require_code_owner_review',
  requireLastPushApproval: 'require_last_push_approval',
};

/** What the protection looks like after the edit; undefined when the snapshot has not what the edit names. */
export function applyEdit(snapshot: ProtectionSnapshot, edit: Edit): ProtectionSnapshot | undefined {
  switch (edit.kind) {
    case 'classic-bypass':
      return withReviews(snapshot, edit.ruleId, (reviews) => {
        const { bypassAllowances } = reviews;
        // Where our app stands on the list already there is nothing to open, and nothing that undoing could tell apart.
        if (bypassAllowances.apps.includes(edit.app)) return undefined;
        const apps = sortedSet([...bypassAllowances.apps, edit.app]);
        return { ...reviews, bypassAllowances: { ...bypassAllowances, apps } };
      });
    case 'classic-field':
      return withReviews(snapshot, edit.ruleId, (reviews) =>
        reviews[edit.field.name] === edit.field.from ? { ...reviews, [edit.field.name]: edit.field.to } : undefined,
      );
    case 'ruleset-bypass':
      return withRuleset(snapshot, edit.rulesetId, (ruleset) =>
        ruleset.bypassActors === 'hidden' ||
        withoutActor(ruleset.bypassActors, edit.actor).length < ruleset.bypassActors.length
          ? undefined
          : { ...ruleset, bypassActors: sortedBypassActors([...ruleset.bypassActors, edit.actor]) },
      );
    case 'ruleset-field':
      return withRulesetField(snapshot, edit.rulesetId, edit.field);
  }
}

/** The actors other than `actor`, compared by type and id. */
export function withoutActor(actors: readonly BypassActor[], actor: BypassActor): BypassActor[] {
  return actors.filter(({ actorId, actorType }) => actorId !== actor.actorId || actorType !== actor.actorType);
}

function withReviews(
  snapshot: ProtectionSnapshot,
  ruleId: string,
  change: (reviews: ReviewRequirements) => ReviewRequirements | undefined,
): ProtectionSnapshot | undefined {
  const { classic } = snapshot;
  if (classic === null || classic.ruleId !== ruleId || classic.reviews === null) return undefined;
  const reviews = change(classic.reviews);
  return reviews && { ...snapshot, classic: { ...classic, reviews } };
}

function withRuleset(
  snapshot: ProtectionSnapshot,
  id: number,
  change: (ruleset: Ruleset) => Ruleset | undefined,
): ProtectionSnapshot | undefined {
  const found = snapshot.rulesets.find((ruleset) => ruleset.id === id);
  const changed = found && change(found);
  if (changed === undefined) return undefined;
  return { ...snapshot, rulesets: snapshot.rulesets.map((ruleset) => (ruleset.id === id ? changed : ruleset)) };
}

function withRulesetField(
  snapshot: ProtectionSnapshot,
  id: number,
  field: ReviewField,
): ProtectionSnapshot | undefined {
  const key = RULESET_FIELD[field.name];
  let touched = 0;
  const lower = <R extends { readonly type: string; readonly parameters: Json }>(rule: R): R => {
    const parameters = objectOf(rule.parameters);
    if (rule.type !== 'pull_request' || parameters[key] !== field.from) return rule;
    touched += 1;
    return { ...rule, parameters: { ...parameters, [key]: field.to } };
  };
  const changed = withRuleset(snapshot, id, (ruleset) => ({ ...ruleset, rules: ruleset.rules.map(lower) }));
  if (changed === undefined || touched !== 1) return undefined;
  return { ...changed, rules: changed.rules.map((rule) => (rule.rulesetId === id ? lower(rule) : rule)) };
}

/** Whether two snapshots are the same protection. */
export function sameProtection(a: ProtectionSnapshot, b: ProtectionSnapshot): boolean {
  return canonicalJson(a) === canonicalJson(b);
}
