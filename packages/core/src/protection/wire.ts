import type { Edit } from './edit.ts';
import type { Actors, ClassicProtection, Json, ReviewRequirements, Ruleset } from './model.ts';
import type { EditTarget } from './port.ts';

/**
 * What is sent for an edit or its undoing: only the edited part, so that nothing else can be overwritten.
 * Whole rules are never sent: `PUT …/protection` turns every key that is left out off.
 */
export type WireWrite =
  /** `PATCH …/protection/required_pull_request_reviews`, for a rule of this very branch. */
  | { readonly kind: 'patch-reviews'; readonly branch: string; readonly body: Json }
  /** GraphQL `updateBranchProtectionRule`, for a wildcard rule. Actors are still names: the adapter knows their ids. */
  | { readonly kind: 'update-rule'; readonly ruleId: string; readonly input: Json; readonly bypass: Actors | null }
  /** `PUT /rulesets/{id}`: keys that are left out stay as they are; the bypass list is sent always. */
  | { readonly kind: 'put-ruleset'; readonly id: number; readonly body: Json };

/**
 * The write that makes the edited part of the rule what it is in `target`; undefined when `target` has no such part.
 * Opening a rule of this very branch is a PATCH; undoing goes through GraphQL (`undoWire`), which also shows the rule
 * as it was right before.
 */
export function wireWrite(edit: Edit, branch: string, target: EditTarget): WireWrite | undefined {
  if (edit.kind === 'classic-bypass' || edit.kind === 'classic-field') {
    return target.kind === 'classic' && target.rule?.reviews
      ? classicWrite(edit, branch, target.rule, target.rule.reviews)
      : undefined;
  }
  return target.kind === 'ruleset' && target.ruleset !== null ? rulesetWrite(edit, target.ruleset) : undefined;
}

/** As {@link wireWrite}, but a classic rule is always written by its id. */
export function undoWire(edit: Edit, branch: string, target: EditTarget): WireWrite | undefined {
  if (edit.kind !== 'classic-bypass' && edit.kind !== 'classic-field') return wireWrite(edit, branch, target);
  return target.kind === 'classic' && target.rule?.reviews
    ? updateRule(edit, target.rule, target.rule.reviews)
    : undefined;
}

const REST_FIELD = {
  requiredApprovingReviewCount: 'required_approving_review_count',
  requireCodeOwnerReviews: 'require_code_owner_reviews',
  requireLastPushApproval: 'require_last_push_approval',
} as const;
const GRAPHQL_FIELD = {
  requiredApprovingReviewCount: 'requiredApprovingReviewCount',
  requireCodeOwnerReviews: 'requiresCodeOwnerReviews',
  requireLastPushApproval: 'requireLastPushApproval',
} as const;

type ClassicEdit = Extract<Edit, { kind: 'classic-bypass' | 'classic-field' }>;
type RulesetEdit = Extract<Edit, { kind: 'ruleset-bypass' | 'ruleset-field' }>;

function classicWrite(
  edit: ClassicEdit,
  branch: string,
  rule: ClassicProtection,
  reviews: ReviewRequirements,
): WireWrite {
  // A PATCH on a branch that a wildcard rule covers would be answered for that rule, or make one that shadows it.
  if (rule.pattern !== branch) return updateRule(edit, rule, reviews);
  const body: Json =
    edit.kind === 'classic-field'
      ? { [REST_FIELD[edit.field.name]]: reviews[edit.field.name] }
      : { bypass_pull_request_allowances: bypassBody(reviews.bypassAllowances) };
  return { kind: 'patch-reviews', branch, body };
}

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

/** Lists that are all empty would leave the switch on with nobody behind it; `{}` turns it off, as it was. */
function bypassBody({ users, teams, apps }: Actors): Json {
  return users.length + teams.length + apps.length === 0 ? {} : { users, teams, apps };
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
