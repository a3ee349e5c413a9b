import type { ActorSet, ClassicRule, ReviewRule } from '../state/classic-rule.ts';
import type { App, Repo, World } from '../state.ts';
import type { Schema } from '../schema.ts';
import { integration, team, user } from './account.ts';
import { repoUrl, urlPath } from './repo.ts';

/** The stub that branch answers carry; it tells little and never the reviews. */
export function protectionSummary(rule: ClassicRule | null): Record<string, unknown> {
  const checks = rule?.statusChecks?.checks ?? [];
  return {
    enabled: rule !== null,
    required_status_checks: {
      enforcement_level: rule?.statusChecks ? (rule.enforceAdmins ? 'everyone' : 'non_admins') : 'off',
      contexts: checks.map(({ context }) => context),
      checks: checks.map(({ context, appId }) => ({ context, app_id: appId })),
    },
  };
}

function findApp(world: World, slug: string): App | undefined {
  return [...world.apps.values()].find((app) => app.slug === slug);
}

export function appsOf(world: World, set: ActorSet): NonNullable<Schema<'integration'>>[] {
  return set.apps.flatMap((slug) => {
    const app = findApp(world, slug);
    return app ? [integration(world, app)] : [];
  });
}

export function actorSet(world: World, repo: Repo, set: ActorSet): Record<string, unknown> {
  return {
    users: set.users.map((login) => user(world, login)),
    teams: set.teams.map((slug) => team(world, repo.owner, slug)),
    apps: appsOf(world, set),
  };
}

export function protectionUrl(world: World, repo: Repo, branch: string): string {
  return `${repoUrl(world, repo)}/branches/${urlPath(branch)}/protection`;
}

export function statusChecks(
  world: World,
  repo: Repo,
  branch: string,
  rule: NonNullable<ClassicRule['statusChecks']>,
): unknown {
  const url = `${protectionUrl(world, repo, branch)}/required_status_checks`;
  return {
    url,
    strict: rule.strict,
    contexts: rule.checks.map(({ context }) => context),
    contexts_url: `${url}/contexts`,
    // Whatever -1 or `null` was written, the answer says null for "any App".
    checks: rule.checks.map(({ context, appId }) => ({ context, app_id: appId })),
  };
}

/** Restrictions and allowances that were never set are absent, not null. */
export function reviews(world: World, repo: Repo, branch: string, rule: ReviewRule): Record<string, unknown> {
  const url = `${protectionUrl(world, repo, branch)}/required_pull_request_reviews`;
  const dismissal = rule.dismissal && {
    url: `${protectionUrl(world, repo, branch)}/dismissal_restrictions`,
    users_url: `${protectionUrl(world, repo, branch)}/dismissal_restrictions/users`,
    teams_url: `${protectionUrl(world, repo, branch)}/dismissal_restrictions/teams`,
    ...actorSet(world, repo, rule.dismissal),
  };
  return {
    url,
    dismiss_stale_reviews: rule.dismissStale,
    require_code_owner_reviews: rule.codeOwner,
    require_last_push_approval: rule.lastPush,
    required_approving_review_count: rule.count,
    ...(dismissal ? { dismissal_restrictions: dismissal } : {}),
    ...(rule.bypass ? { bypass_pull_request_allowances: actorSet(world, repo, rule.bypass) } : {}),
  };
}

export function restrictions(world: World, repo: Repo, branch: string, set: ActorSet): Record<string, unknown> {
  const url = `${protectionUrl(world, repo, branch)}/restrictions`;
  return {
    url,
    users_url: `${url}/users`,
    teams_url: `${url}/teams`,
    apps_url: `${url}/apps`,
    ...actorSet(world, repo, set),
  };
}

/** The whole answer of GET and PUT: what is off is either `{enabled: false}` or not there at all. */
export function protection(world: World, repo: Repo, branch: string, rule: ClassicRule): Record<string, unknown> {
  const url = protectionUrl(world, repo, branch);
  return {
    url,
    ...(rule.statusChecks ? { required_status_checks: statusChecks(world, repo, branch, rule.statusChecks) } : {}),
    ...(rule.reviews ? { required_pull_request_reviews: reviews(world, repo, branch, rule.reviews) } : {}),
    ...(rule.restrictions ? { restrictions: restrictions(world, repo, branch, rule.restrictions) } : {}),
    required_signatures: { url: `${url}/required_signatures`, enabled: rule.signatures },
    enforce_admins: { url: `${url}/enforce_admins`, enabled: rule.enforceAdmins },
    required_linear_history: { enabled: rule.linearHistory },
    allow_force_pushes: { enabled: rule.allowForcePushes },
    allow_deletions: { enabled: rule.allowDeletions },
    block_creations: { enabled: rule.blockCreations },
    required_conversation_resolution: { enabled: rule.conversationResolution },
    lock_branch: { enabled: rule.lockBranch },
    allow_fork_syncing: { enabled: rule.allowForkSyncing },
  };
}
