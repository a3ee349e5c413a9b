import type { Edit } from './edit.ts';
import type { Actors, ClassicProtection, Json, ReviewRequirements, Ruleset } from './model.ts';
import type { EditTarget } from './port.ts';

/**
 * What is sent for an edit or its undoing: only the edited part, so that nothing else can be overwritten.
 * Whole rules are never sent: `PUT …/protection` turns every key that is left out off.
 */
export type WireWrite =
  /**
   * GraphQL `updateBranchProtectionRule`: by the rule's id, so that neither a wildcard is shadowed nor a rule edited
   * that took the place of ours. Actors are still names: the adapter knows their ids.
   */
  | { readonly kind: 'update-rule'; readonly ruleId: string; readonly input: Json; readonly bypass: Actors | null }
  /** `PUT /rulesets/{id}`: keys that are left out stay as they are; the bypass list is sent always. */
  | { readonly kind: 'put-ruleset'; readonly id: number; readonly body: Json };

/** The write that makes the edited part of the rule what it is in `target`; undefined when `target` has no such part. */
export function wireWrite(edit: Edit, target: EditTarget): WireWrite | undefined {
  if (edit.kind === 'classic-bypass' || edit.kind === 'classic-field') {
    return target.kind === 'classic' && target.rule?.reviews
      ? updateRule(edit, target.rule, target.rule.reviews)
      : undefined;
  }
  return target.kind === 'ruleset' && target.ruleset !== null ? rulesetWrite(edit, target.ruleset) : undefined;
}

const GRAPHQL_FIELD = {
  requiredApprovingReviewCount: 'requiredApprovingReviewCount',
  requireCodeOwnerReviews: 'requiresCodeOwnerReviews',
  requireLastPushApproval: 'requireLastPushApproval',
} as const;

type ClassicEdit = Extract<Edit, { kind: 'classic-bypass' | 'classic-field' }>;
type RulesetEdit = Extract<Edit, { kind: 'ruleset-bypass' | 'ruleset-field' }>;

function updateRule(edit: ClassicEdit, rule: ClassicProtection, reviews: ReviewRequirements): WireWrite {
  const { ruleId } = rule;
  return edit.kind === 'classic-field'
    ? {
        kind: 'update-rule',
        ruleId,
        input: { [GRAPHQL_FIELD[edit.field.name]]: reviews[edit.field.name] },
        bypass: null,
      }
    : { kind: 'update-rule', ruleId, input: {}, bypass: reviews.bypassAllowances };
}

function rulesetWrite(edit: RulesetEdit, ruleset: Ruleset): WireWrite | undefined {
  if (ruleset.bypassActors === 'hidden') return undefined;
  const bypass_actors: Json = ruleset.bypassActors.map(({ actorId, actorType, bypassMode }) => ({
    actor_id: actorId,
    actor_type: actorType,
    bypass_mode: bypassMode,
  }));
  if (edit.kind === 'ruleset-bypass') return { kind: 'put-ruleset', id: ruleset.id, body: { bypass_actors } };
  const rules: Json = ruleset.rules.map(({ type, parameters }) =>
    parameters === null ? { type } : { type, parameters },
  );
  return { kind: 'put-ruleset', id: ruleset.id, body: { bypass_actors, rules } };
}
