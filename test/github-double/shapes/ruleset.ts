import { bypassMode } from '../enforce/actors.ts';
import { nodeId } from '../ids.ts';
import type { Caller } from '../permissions.ts';
import { can } from '../permissions.ts';
import { user } from './account.ts';
import type { RuleSuite, Ruleset, RulesetVersion } from '../state/ruleset.ts';
import type { Repo, World } from '../state.ts';

export function rulesetUrl(world: World, ruleset: Ruleset): string {
  const home = ruleset.sourceType === 'Repository' ? 'repos' : 'orgs';
  return `${world.baseUrl}/${home}/${ruleset.source}/rulesets/${ruleset.id}`;
}

function currentUserCanBypass(world: World, repo: Repo | null, ruleset: Ruleset, caller: Caller): string {
  const mode = repo === null ? null : bypassMode(world, repo, ruleset, caller);
  return mode === 'pull_request' ? 'pull_requests_only' : (mode ?? 'never');
}

/** The short form of the list. */
export function rulesetSummary(
  world: World,
  repo: Repo | null,
  ruleset: Ruleset,
  caller: Caller,
): Record<string, unknown> {
  const org = ruleset.sourceType === 'Organization';
  const html = org
    ? `https://github.com/organizations/${ruleset.source}/settings/rules/${ruleset.id}`
    : `https://github.com/${ruleset.source}/rules/${ruleset.id}`;
  return {
    id: ruleset.id,
    name: ruleset.name,
    target: ruleset.target,
    source_type: ruleset.sourceType,
    source: ruleset.source,
    enforcement: ruleset.enforcement,
    node_id: nodeId('RRS', ruleset.id),
    _links: { self: { href: rulesetUrl(world, ruleset) }, html: { href: html } },
    created_at: ruleset.createdAt,
    updated_at: ruleset.updatedAt,
    ...(repo === null ? {} : { current_user_can_bypass: currentUserCanBypass(world, repo, ruleset, caller) }),
  };
}

/** Bypass actors are only shown to callers who may write the ruleset: their absence says nothing about the list. */
export function rulesetFull(
  world: World,
  repo: Repo | null,
  ruleset: Ruleset,
  caller: Caller,
  showBypass: boolean,
): Record<string, unknown> {
  return {
    ...rulesetSummary(world, repo, ruleset, caller),
    conditions: ruleset.conditions,
    rules: ruleset.rules,
    ...(showBypass ? { bypass_actors: ruleset.bypassActors } : {}),
  };
}

export function mayWriteRuleset(world: World, repo: Repo, ruleset: Ruleset, caller: Caller): boolean {
  return ruleset.sourceType === 'Repository'
    ? can(world, caller, repo, 'administration', 'write')
    : ownsOrg(world, ruleset.source, caller);
}

export function ownsOrg(world: World, org: string, caller: Caller): boolean {
  if (caller.kind === 'installation')
    return caller.account === org && caller.grants.organization_administration === 'write';
  if (caller.kind !== 'user') return false;
  const granted = caller.grants === null || caller.grants.organization_administration === 'write';
  return granted && (world.accounts.get(org)?.owners.has(caller.login) ?? false);
}

export function version(each: RulesetVersion): Record<string, unknown> {
  return { version_id: each.versionId, actor: each.actor, updated_at: each.updatedAt };
}

export function suite(world: World, repo: Repo, each: RuleSuite): Record<string, unknown> {
  return {
    id: each.id,
    actor_id: user(world, each.actor).id,
    actor_name: each.actor,
    before_sha: each.beforeSha,
    after_sha: each.afterSha,
    ref: each.ref,
    repository_id: repo.id,
    repository_name: repo.name,
    pushed_at: each.pushedAt,
    result: each.result,
    evaluation_result: each.result,
  };
}

export function suiteFull(world: World, repo: Repo, each: RuleSuite): Record<string, unknown> {
  return {
    ...suite(world, repo, each),
    rule_evaluations: each.evaluations.map(({ rulesetId, rulesetName, ruleType, result, details }) => ({
      rule_source: { type: rulesetId === null ? 'protected_branch' : 'ruleset', id: rulesetId, name: rulesetName },
      enforcement: 'active',
      result,
      rule_type: ruleType,
      details,
    })),
  };
}
