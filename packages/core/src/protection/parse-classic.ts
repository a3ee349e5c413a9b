import * as z from 'zod';
import { canonicalJson, compareText, sortedActors } from './canonical.ts';
import type { Actors, ClassicProtection, RequiredCheck, ReviewRequirements } from './model.ts';

const switched = z.looseObject({ enabled: z.boolean() }).transform(({ enabled }) => enabled);
const off = switched.optional().default(false);
const restActors = z
  .looseObject({
    users: z.array(z.looseObject({ login: z.string() })).default([]),
    teams: z.array(z.looseObject({ slug: z.string() })).default([]),
    apps: z.array(z.looseObject({ slug: z.string() })).default([]),
  })
  .transform(({ users, teams, apps }) =>
    sortedActors({
      users: users.map(({ login }) => login),
      teams: teams.map(({ slug }) => slug),
      apps: apps.map(({ slug }) => slug),
    }),
  );

const restReviews = z.looseObject({
  dismiss_stale_reviews: z.boolean().default(false),
  require_code_owner_reviews: z.boolean().default(false),
  require_last_push_approval: z.boolean().default(false),
  required_approving_review_count: z.int().nonnegative().default(0),
  dismissal_restrictions: restActors.optional(),
  bypass_pull_request_allowances: restActors.optional(),
});

const restProtection = z.looseObject({
  required_pull_request_reviews: restReviews.optional(),
  required_status_checks: z
    .looseObject({
      strict: z.boolean().default(false),
      contexts: z.array(z.string()).default([]),
      checks: z.array(z.looseObject({ context: z.string(), app_id: z.int().nullish() })).optional(),
    })
    .optional(),
  restrictions: restActors.optional(),
  enforce_admins: off,
  required_signatures: off,
  required_linear_history: off,
  allow_force_pushes: off,
  allow_deletions: off,
  block_creations: off,
  required_conversation_resolution: off,
  lock_branch: off,
  allow_fork_syncing: off,
});

const NOBODY: Actors = { users: [], teams: [], apps: [] };

/**
 * Reads the answer of `GET /repos/{owner}/{repo}/branches/{branch}/protection`, for the rule that GraphQL named.
 * The REST API shows neither deployments nor who may force-push.
 * @throws ZodError when the answer is not of that shape.
 */
export function parseClassicRest(
  answer: unknown,
  rule: { readonly id: string; readonly pattern: string },
): ClassicProtection {
  const read = restProtection.parse(answer);
  const checks = read.required_status_checks;
  return {
    ruleId: rule.id,
    pattern: rule.pattern,
    reviews: read.required_pull_request_reviews ? reviewsOf(read.required_pull_request_reviews) : null,
    statusChecks: checks
      ? {
          strict: checks.strict,
          checks: sortedChecks(
            checks.checks?.map(({ context, app_id }) => ({ context, appId: anyApp(app_id) })) ??
              checks.contexts.map((context) => ({ context, appId: null })),
          ),
        }
      : null,
    enforceAdmins: read.enforce_admins,
    requiredSignatures: read.required_signatures,
    requiredLinearHistory: read.required_linear_history,
    allowForcePushes: read.allow_force_pushes,
    allowDeletions: read.allow_deletions,
    blockCreations: read.block_creations,
    requiredConversationResolution: read.required_conversation_resolution,
    lockBranch: read.lock_branch,
    allowForkSyncing: read.allow_fork_syncing,
    restrictions: read.restrictions ?? null,
  };
}

/** -1 and null both mean any App. */
function anyApp(id: number | null | undefined): number | null {
  return id === undefined || id === -1 ? null : id;
}

export function sortedChecks(checks: readonly RequiredCheck[]): RequiredCheck[] {
  return checks.toSorted((a, b) => compareText(canonicalJson(a), canonicalJson(b)));
}

function reviewsOf(read: z.infer<typeof restReviews>): ReviewRequirements {
  return {
    requiredApprovingReviewCount: read.required_approving_review_count,
    dismissStaleReviews: read.dismiss_stale_reviews,
    requireCodeOwnerReviews: read.require_code_owner_reviews,
    requireLastPushApproval: read.require_last_push_approval,
    dismissalRestrictions: read.dismissal_restrictions ?? null,
    bypassAllowances: read.bypass_pull_request_allowances ?? NOBODY,
  };
}
