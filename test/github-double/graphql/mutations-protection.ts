import { isRecord } from '../http/body.ts';
import { parseNodeId } from '../ids.ts';
import { actorOf } from '../permissions.ts';
import { blankReviews, blankRule } from '../state/classic-rule.ts';
import type { ActorSet, ClassicRule, RequiredCheck } from '../state/classic-rule.ts';
import type { Repo, World } from '../state.ts';
import { newId } from '../state.ts';
import type { Context, Node } from './context.ts';
import { fail, requireScope } from './context.ts';
import { needRepo, needRule } from './lookup.ts';
import { protectionRuleNode } from './protection-rule.ts';

export type Input = Readonly<Record<string, unknown>>;

function flag(input: Input, key: string): boolean | undefined {
  return typeof input[key] === 'boolean' ? input[key] : undefined;
}

function actorSet(world: World, ids: unknown): ActorSet {
  const set = { users: [] as string[], teams: [] as string[], apps: [] as string[] };
  for (const id of Array.isArray(ids) ? ids.map(String) : []) {
    const parsed = parseNodeId(id);
    if (parsed?.kind === 'U') set.users.push(parsed.key);
    else if (parsed?.kind === 'T') set.teams.push(parsed.key.split('/')[1] ?? '');
    else if (parsed?.kind === 'A') {
      const app = world.apps.get(Number(parsed.key));
      if (app) set.apps.push(app.slug);
      else fail('NOT_FOUND', `Could not resolve to a node with the global id of '${id}'.`);
    } else fail('NOT_FOUND', `Could not resolve to a node with the global id of '${id}'.`);
  }
  return set;
}

/** "any" allows every App; an omitted id pins the check to the App that reported it last. */
function readChecks(repo: Repo, input: Input, before: readonly RequiredCheck[]): RequiredCheck[] {
  const checks: unknown = input['requiredStatusChecks'];
  const contexts: unknown = input['requiredStatusCheckContexts'];
  const reporter = (name: string): number | null =>
    [...repo.checkRuns.values()].findLast((run) => run.name === name)?.appId ?? null;
  if (Array.isArray(checks)) {
    return (checks as unknown[]).filter(isRecord).map((check) => {
      const context = String(check['context']);
      const id = check['appId'];
      if (id === 'any') return { context, appId: null };
      const parsed = typeof id === 'string' ? parseNodeId(id) : null;
      return { context, appId: parsed?.kind === 'A' ? Number(parsed.key) : reporter(context) };
    });
  }
  if (Array.isArray(contexts))
    return contexts.map((name) => ({ context: String(name), appId: reporter(String(name)) }));
  return [...before];
}

/** Every field is optional; what is left out stays. Turning a group off forgets its parts. */
function apply(world: World, repo: Repo, rule: ClassicRule, input: Input): void {
  applyReviews(world, rule, input);
  if (flag(input, 'requiresStatusChecks') === false) rule.statusChecks = null;
  else if (rule.statusChecks || flag(input, 'requiresStatusChecks')) {
    const before = rule.statusChecks ?? { strict: false, checks: [] };
    rule.statusChecks = {
      strict: flag(input, 'requiresStrictStatusChecks') ?? before.strict,
      checks: readChecks(repo, input, before.checks),
    };
  }
  if (flag(input, 'restrictsPushes') === false) rule.restrictions = null;
  else if (rule.restrictions || flag(input, 'restrictsPushes')) {
    const given = input['pushActorIds'];
    rule.restrictions = Array.isArray(given) ? actorSet(world, given) : (rule.restrictions ?? actorSet(world, []));
  }
  if (Array.isArray(input['bypassForcePushActorIds']))
    rule.forcePushBypass = actorSet(world, input['bypassForcePushActorIds']);
  const environments: unknown = input['requiredDeploymentEnvironments'];
  if (flag(input, 'requiresDeployments') === false) rule.deployments = null;
  else if (Array.isArray(environments)) rule.deployments = environments.map(String);
  else if (flag(input, 'requiresDeployments')) rule.deployments ??= [];
  applyFlags(rule, input);
}

function applyReviews(world: World, rule: ClassicRule, input: Input): void {
  const wanted = flag(input, 'requiresApprovingReviews');
  if (wanted === false) {
    rule.reviews = null;
    return;
  }
  if (!rule.reviews && wanted !== true) return;
  const before = rule.reviews ?? blankReviews();
  const count = input['requiredApprovingReviewCount'];
  const bypass = input['bypassPullRequestActorIds'];
  const dismissal = input['reviewDismissalActorIds'];
  const restricted = flag(input, 'restrictsReviewDismissals') ?? before.dismissal !== null;
  const allowed = Array.isArray(bypass) ? actorSet(world, bypass) : before.bypass;
  rule.reviews = {
    count: typeof count === 'number' ? count : before.count,
    dismissStale: flag(input, 'dismissesStaleReviews') ?? before.dismissStale,
    codeOwner: flag(input, 'requiresCodeOwnerReviews') ?? before.codeOwner,
    lastPush: flag(input, 'requireLastPushApproval') ?? before.lastPush,
    dismissal: restricted
      ? Array.isArray(dismissal)
        ? actorSet(world, dismissal)
        : (before.dismissal ?? actorSet(world, []))
      : null,
    bypass: allowed && allowed.users.length + allowed.teams.length + allowed.apps.length > 0 ? allowed : null,
  };
}

function applyFlags(rule: ClassicRule, input: Input): void {
  rule.enforceAdmins = flag(input, 'isAdminEnforced') ?? rule.enforceAdmins;
  rule.linearHistory = flag(input, 'requiresLinearHistory') ?? rule.linearHistory;
  rule.signatures = flag(input, 'requiresCommitSignatures') ?? rule.signatures;
  rule.conversationResolution = flag(input, 'requiresConversationResolution') ?? rule.conversationResolution;
  rule.allowForcePushes = flag(input, 'allowsForcePushes') ?? rule.allowForcePushes;
  rule.allowDeletions = flag(input, 'allowsDeletions') ?? rule.allowDeletions;
  rule.blockCreations = flag(input, 'blocksCreations') ?? rule.blockCreations;
  rule.lockBranch = flag(input, 'lockBranch') ?? rule.lockBranch;
  rule.allowForkSyncing = flag(input, 'lockAllowsFetchAndMerge') ?? rule.allowForkSyncing;
}

function refuseTwin(repo: Repo, pattern: string, self: ClassicRule | null): void {
  if (repo.classicRules.some((each) => each !== self && each.pattern === pattern)) {
    fail('UNPROCESSABLE', 'Name already protected: '.concat(pattern));
  }
}

function answer(context: Context, repo: Repo, rule: ClassicRule, input: Input): Node {
  return {
    __typename: 'UpdateBranchProtectionRulePayload',
    clientMutationId: input['clientMutationId'] ?? null,
    branchProtectionRule: () => protectionRuleNode(context, repo, rule),
  };
}

export function updateBranchProtectionRule(context: Context, input: Input): Node {
  const { repo, rule } = needRule(context, String(input['branchProtectionRuleId']));
  requireScope(context, repo, 'administration', 'write');
  const { pattern } = input;
  if (typeof pattern === 'string') {
    refuseTwin(repo, pattern, rule);
    rule.pattern = pattern;
  }
  apply(context.world, repo, rule, input);
  return answer(context, repo, rule, input);
}

export function createBranchProtectionRule(context: Context, input: Input): Node {
  const repo = needRepo(context, String(input['repositoryId']));
  requireScope(context, repo, 'administration', 'write');
  const pattern = String(input['pattern']);
  refuseTwin(repo, pattern, null);
  const rule = blankRule(newId(context.world), pattern, actorOf(context.caller));
  apply(context.world, repo, rule, input);
  repo.classicRules = [...repo.classicRules, rule];
  return answer(context, repo, rule, input);
}

export function deleteBranchProtectionRule(context: Context, input: Input): Node {
  const { repo, rule } = needRule(context, String(input['branchProtectionRuleId']));
  requireScope(context, repo, 'administration', 'write');
  repo.classicRules = repo.classicRules.filter((each) => each !== rule);
  return { __typename: 'DeleteBranchProtectionRulePayload', clientMutationId: input['clientMutationId'] ?? null };
}
