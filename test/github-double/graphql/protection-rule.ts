import { nodeId } from '../ids.ts';
import { fnmatch } from '../enforce/match.ts';
import { listRefs } from '../git/refs.ts';
import type { ActorSet, ClassicRule } from '../state/classic-rule.ts';
import type { Repo, World } from '../state.ts';
import { fullName } from '../state.ts';
import { actor, appById, appNode, teamNode } from './actors.ts';
import { connection } from './connection.ts';
import type { Context, Node } from './context.ts';

export function ruleId(repo: Repo, rule: ClassicRule): string {
  return nodeId('BPR', `${fullName(repo)}:${rule.id}`);
}

function members(world: World, repo: Repo, set: ActorSet | null): Node[] {
  if (!set) return [];
  const apps = [...world.apps.values()].filter(({ slug }) => set.apps.includes(slug));
  return [
    ...set.users.map((login) => actor(world, login)),
    ...set.teams.map((slug) => teamNode(repo.owner, slug, world)),
    ...apps.map(appNode),
  ];
}

function allowances(
  context: Context,
  repo: Repo,
  rule: ClassicRule,
  kind: string,
  set: ActorSet | null,
): (args: unknown) => unknown {
  return (args) =>
    connection(kind, members(context.world, repo, set), args, (each) => ({
      __typename: kind,
      id: nodeId(kind, `${rule.id}:${String(each['id'])}`),
      actor: each,
      branchProtectionRule: () => protectionRuleNode(context, repo, rule),
    }));
}

export function protectionRuleNode(context: Context, repo: Repo, rule: ClassicRule): Node {
  const { world } = context;
  const { reviews, statusChecks } = rule;
  return {
    __typename: 'BranchProtectionRule',
    id: ruleId(repo, rule),
    databaseId: rule.id,
    pattern: rule.pattern,
    creator: actor(world, rule.creator),
    allowsDeletions: rule.allowDeletions,
    allowsForcePushes: rule.allowForcePushes,
    blocksCreations: rule.blockCreations,
    dismissesStaleReviews: reviews?.dismissStale ?? false,
    isAdminEnforced: rule.enforceAdmins,
    lockAllowsFetchAndMerge: rule.allowForkSyncing,
    lockBranch: rule.lockBranch,
    requireLastPushApproval: reviews?.lastPush ?? false,
    requiredApprovingReviewCount: reviews?.count ?? null,
    requiredDeploymentEnvironments: rule.deployments ?? [],
    requiredStatusCheckContexts: statusChecks?.checks.map(({ context: name }) => name) ?? [],
    requiredStatusChecks:
      statusChecks?.checks.map(({ context: name, appId }) => ({ context: name, app: appById(world, appId) })) ?? [],
    requiresApprovingReviews: reviews !== null,
    requiresCodeOwnerReviews: reviews?.codeOwner ?? false,
    requiresCommitSignatures: rule.signatures,
    requiresConversationResolution: rule.conversationResolution,
    requiresDeployments: rule.deployments !== null,
    requiresLinearHistory: rule.linearHistory,
    requiresStatusChecks: statusChecks !== null,
    requiresStrictStatusChecks: statusChecks?.strict ?? false,
    restrictsPushes: rule.restrictions !== null,
    restrictsReviewDismissals: Boolean(reviews?.dismissal),
    pushAllowances: allowances(context, repo, rule, 'PushAllowance', rule.restrictions),
    reviewDismissalAllowances: allowances(context, repo, rule, 'ReviewDismissalAllowance', reviews?.dismissal ?? null),
    bypassPullRequestAllowances: allowances(context, repo, rule, 'BypassPullRequestAllowance', reviews?.bypass ?? null),
    bypassForcePushAllowances: allowances(context, repo, rule, 'BypassForcePushAllowance', rule.forcePushBypass),
    branchProtectionRuleConflicts: (args: unknown) => connection('branchProtectionRuleConflicts', [], args, () => null),
    matchingRefs: (args: unknown) => {
      const names = listRefs(repo.gitDir, 'refs/heads/').map(({ name }) => name.slice('refs/heads/'.length));
      const matching = names.filter((name) => name === rule.pattern || fnmatch(rule.pattern, name));
      return connection('matchingRefs', matching, args, (name) => ({ __typename: 'Ref', name, prefix: 'refs/heads/' }));
    },
    repository: { __typename: 'Repository', nameWithOwner: fullName(repo), name: repo.name },
  };
}
