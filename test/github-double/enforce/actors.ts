import type { Caller } from '../permissions.ts';
import { atLeast, roleOf } from '../permissions.ts';
import type { ActorSet } from '../state/classic-rule.ts';
import type { BypassMode, Ruleset } from '../state/ruleset.ts';
import type { Repo, Role, World } from '../state.ts';

export function inSet(world: World, repo: Repo, set: ActorSet | null, caller: Caller): boolean {
  if (!set) return false;
  if (caller.kind === 'installation') return set.apps.includes(caller.app.slug);
  if (caller.kind !== 'user') return false;
  const inTeam = set.teams.some((slug) => world.teams.get(`${repo.owner}/${slug}`)?.members.has(caller.login));
  return set.users.includes(caller.login) || inTeam;
}

/** An administrator whom `enforce_admins` does not bind. Apps are never administrators. */
export function isFreeAdmin(world: World, repo: Repo, caller: Caller, enforceAdmins: boolean): boolean {
  return !enforceAdmins && caller.kind === 'user' && roleOf(world, repo, caller.login) === 'admin';
}

// The ids of the built-in roles in bypass lists.
// https://registry.terraform.io/providers/integrations/github/latest/docs/resources/repository_ruleset#bypass_actors
const ROLE_IDS: ReadonlyMap<number, Role> = new Map([
  [2, 'maintain'],
  [4, 'write'],
  [5, 'admin'],
]);

function matches(world: World, repo: Repo, actor: Ruleset['bypassActors'][number], caller: Caller): boolean {
  if (actor.actor_type === 'Integration') return caller.kind === 'installation' && caller.app.id === actor.actor_id;
  if (caller.kind !== 'user') return false;
  switch (actor.actor_type) {
    case 'OrganizationAdmin':
      return repo.owner === caller.login || (world.accounts.get(repo.owner)?.owners.has(caller.login) ?? false);
    case 'RepositoryRole': {
      const role = ROLE_IDS.get(actor.actor_id ?? 0);
      return role !== undefined && atLeast(roleOf(world, repo, caller.login), role);
    }
    case 'Team': {
      const team = [...world.teams.values()].find(({ id }) => id === actor.actor_id);
      return team?.members.has(caller.login) ?? false;
    }
    case 'DeployKey':
      return false;
  }
}

/** How this caller may bypass a ruleset as a whole; the widest mode when several entries name them. */
export function bypassMode(world: World, repo: Repo, ruleset: Ruleset, caller: Caller): BypassMode | null {
  const mine = ruleset.bypassActors.filter((actor) => matches(world, repo, actor, caller));
  const modes = new Set(mine.map((actor) => actor.bypass_mode));
  return (['exempt', 'always', 'pull_request'] as const).find((mode) => modes.has(mode)) ?? null;
}
