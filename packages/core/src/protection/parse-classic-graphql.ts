import * as z from 'zod';
import { sortedActors, sortedSet } from './canonical.ts';
import type { Actors, ClassicProtection } from './model.ts';
import { sortedChecks } from './parse-classic.ts';

const ALLOWANCES =
  '(first: 100) { totalCount nodes { actor { __typename ... on User { id login } ... on Team { id slug } ... on App { id slug } } } }';

/** Everything that GraphQL tells of a classic rule; for use as `...ClassicRule` in a query. */
export const CLASSIC_RULE_FRAGMENT = `fragment ClassicRule on BranchProtectionRule {
  id pattern
  requiresApprovingReviews requiredApprovingReviewCount dismissesStaleReviews requiresCodeOwnerReviews requireLastPushApproval
  restrictsReviewDismissals reviewDismissalAllowances${ALLOWANCES}
  bypassPullRequestAllowances${ALLOWANCES}
  requiresStatusChecks requiresStrictStatusChecks requiredStatusChecks { context app { databaseId } }
  isAdminEnforced requiresCommitSignatures requiresLinearHistory
  allowsForcePushes bypassForcePushAllowances${ALLOWANCES}
  allowsDeletions blocksCreations requiresConversationResolution lockBranch lockAllowsFetchAndMerge
  restrictsPushes pushAllowances${ALLOWANCES}
  requiresDeployments requiredDeploymentEnvironments
}`;

const actor = z.discriminatedUnion('__typename', [
  z.object({ __typename: z.literal('User'), id: z.string(), login: z.string() }),
  z.object({ __typename: z.literal('Team'), id: z.string(), slug: z.string() }),
  z.object({ __typename: z.literal('App'), id: z.string(), slug: z.string() }),
]);
type Actor = z.infer<typeof actor>;

const allowances = z
  .object({ totalCount: z.int(), nodes: z.array(z.object({ actor })) })
  .refine(({ totalCount, nodes }) => totalCount === nodes.length, 'more actors than one page shows')
  .transform(({ nodes }) => nodes.map((node) => node.actor));

const rule = z.object({
  id: z.string(),
  pattern: z.string(),
  requiresApprovingReviews: z.boolean(),
  requiredApprovingReviewCount: z.int().nonnegative().nullable(),
  dismissesStaleReviews: z.boolean(),
  requiresCodeOwnerReviews: z.boolean(),
  requireLastPushApproval: z.boolean(),
  restrictsReviewDismissals: z.boolean(),
  reviewDismissalAllowances: allowances,
  bypassPullRequestAllowances: allowances,
  requiresStatusChecks: z.boolean(),
  requiresStrictStatusChecks: z.boolean(),
  requiredStatusChecks: z
    .array(z.object({ context: z.string(), app: z.object({ databaseId: z.int().nullable() }).nullable() }))
    .nullable(),
  isAdminEnforced: z.boolean(),
  requiresCommitSignatures: z.boolean(),
  requiresLinearHistory: z.boolean(),
  allowsForcePushes: z.boolean(),
  bypassForcePushAllowances: allowances,
  allowsDeletions: z.boolean(),
  blocksCreations: z.boolean(),
  requiresConversationResolution: z.boolean(),
  lockBranch: z.boolean(),
  lockAllowsFetchAndMerge: z.boolean(),
  restrictsPushes: z.boolean(),
  pushAllowances: allowances,
  requiresDeployments: z.boolean(),
  requiredDeploymentEnvironments: z.array(z.string().nullable()).nullable(),
});

/** GraphQL node ids of actors by `user:<login>`, `team:<slug>` and `app:<slug>`: GraphQL writes take ids, not names. */
export type ActorIds = ReadonlyMap<string, string>;

/**
 * Reads a rule as {@link CLASSIC_RULE_FRAGMENT} asks for it.
 * @throws ZodError when the answer is not of that shape, or when a list of actors is longer than one page (100).
 */
export function parseClassicGraphql(answer: unknown): {
  readonly rule: ClassicProtection;
  readonly actorIds: ActorIds;
} {
  const read = rule.parse(answer);
  const protection: ClassicProtection = {
    ruleId: read.id,
    pattern: read.pattern,
    reviews: read.requiresApprovingReviews
      ? {
          requiredApprovingReviewCount: read.requiredApprovingReviewCount ?? 0,
          dismissStaleReviews: read.dismissesStaleReviews,
          requireCodeOwnerReviews: read.requiresCodeOwnerReviews,
          requireLastPushApproval: read.requireLastPushApproval,
          dismissalRestrictions: read.restrictsReviewDismissals ? actorsOf(read.reviewDismissalAllowances) : null,
          bypassAllowances: actorsOf(read.bypassPullRequestAllowances),
        }
      : null,
    statusChecks: read.requiresStatusChecks
      ? {
          strict: read.requiresStrictStatusChecks,
          checks: sortedChecks(
            (read.requiredStatusChecks ?? []).map(({ context, app }) => ({ context, appId: app?.databaseId ?? null })),
          ),
        }
      : null,
    enforceAdmins: read.isAdminEnforced,
    requiredSignatures: read.requiresCommitSignatures,
    requiredLinearHistory: read.requiresLinearHistory,
    allowForcePushes: read.allowsForcePushes,
    allowDeletions: read.allowsDeletions,
    blockCreations: read.blocksCreations,
    requiredConversationResolution: read.requiresConversationResolution,
    lockBranch: read.lockBranch,
    allowForkSyncing: read.lockAllowsFetchAndMerge,
    restrictions: read.restrictsPushes ? actorsOf(read.pushAllowances) : null,
    requiredDeployments: read.requiresDeployments
      ? sortedSet((read.requiredDeploymentEnvironments ?? []).filter((name) => name !== null))
      : null,
    forcePushAllowances: actorsOf(read.bypassForcePushAllowances),
  };
  return {
    rule: protection,
    actorIds: new Map(read.bypassPullRequestAllowances.map((each) => [keyOf(each), each.id])),
  };
}

function actorsOf(actors: readonly Actor[]): Actors {
  return sortedActors({
    users: actors.flatMap((each) => (each.__typename === 'User' ? [each.login] : [])),
    teams: actors.flatMap((each) => (each.__typename === 'Team' ? [each.slug] : [])),
    apps: actors.flatMap((each) => (each.__typename === 'App' ? [each.slug] : [])),
  });
}

function keyOf(each: Actor): string {
  if (each.__typename === 'User') return `user:${each.login}`;
  return `${each.__typename === 'Team' ? 'team' : 'app'}:${each.slug}`;
}
