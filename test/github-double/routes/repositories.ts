import { flagOr, optionalText } from '../http/body.ts';
import { paged, pagedUnder } from '../http/pagination.ts';
import type { Call, RepoCall, Route } from '../http/router.ts';
import { branchTip } from '../domain/resolve.ts';
import { activeRulesets, classicRuleFor } from '../enforce/match.ts';
import { listRefs } from '../git/refs.ts';
import { actorOf, atLeast, can, covers, needs, roleOf } from '../permissions.ts';
import { invalid, notFound, ok, refuse } from '../reply.ts';
import type { Reply } from '../reply.ts';
import { accountOf, user } from '../shapes/account.ts';
import { commit, needCommit } from '../shapes/git.ts';
import { fullRepository, htmlUrl, repository, repoUrl, urlPath } from '../shapes/repo.ts';
import { protectionSummary } from '../shapes/classic-rule.ts';
import { nodeId } from '../ids.ts';
import type { Repo, Role } from '../state.ts';

const contents = needs('read', 'contents');
const metadata = needs('read', 'metadata');

function isProtected(call: RepoCall, branch: string): boolean {
  const { world, repo } = call;
  return classicRuleFor(repo, branch) !== null || activeRulesets(world, repo, `refs/heads/${branch}`).length > 0;
}

function listBranches(call: RepoCall): Reply {
  const { world, repo, query } = call;
  const wanted = query.get('protected');
  const all = listRefs(repo.gitDir, 'refs/heads/')
    .map(({ name, sha }) => ({ name: name.slice('refs/heads/'.length), sha }))
    .filter(({ name }) => wanted === null || String(isProtected(call, name)) === wanted);
  return paged(call, all, ({ name, sha }) => ({
    name,
    commit: { sha, url: `${repoUrl(world, repo)}/commits/${sha}` },
    protected: isProtected(call, name),
    protection: protectionSummary(classicRuleFor(repo, name)),
    protection_url: `${repoUrl(world, repo)}/branches/${urlPath(name)}/protection`,
  }));
}

function getBranch(call: RepoCall): Reply {
  const { world, repo, params } = call;
  const name = params['branch'] ?? '';
  const sha = branchTip(repo, name) ?? refuse(404, 'Branch not found');
  const self = `${repoUrl(world, repo)}/branches/${urlPath(name)}`;
  return ok({
    name,
    commit: commit(world, repo, needCommit(repo, sha)),
    _links: { self, html: `${htmlUrl(repo)}/tree/${urlPath(name)}` },
    protected: isProtected(call, name),
    protection: protectionSummary(classicRuleFor(repo, name)),
    protection_url: `${self}/protection`,
  });
}

function patchRepo({ world, repo, caller, body }: RepoCall): Reply {
  const { settings } = repo;
  const branch = optionalText(body, 'default_branch');
  if (branch !== undefined) {
    if (branchTip(repo, branch) === null)
      invalid(
        'Repository',
        'default_branch',
        'invalid',
        `The branch ${branch} was not found. Please push that ref first or create it via the Git Data API.`,
      );
    repo.defaultBranch = branch;
  }
  settings.allowMergeCommit = flagOr(body, 'allow_merge_commit', settings.allowMergeCommit);
  settings.allowSquashMerge = flagOr(body, 'allow_squash_merge', settings.allowSquashMerge);
  settings.allowRebaseMerge = flagOr(body, 'allow_rebase_merge', settings.allowRebaseMerge);
  settings.allowAutoMerge = flagOr(body, 'allow_auto_merge', settings.allowAutoMerge);
  settings.deleteBranchOnMerge = flagOr(body, 'delete_branch_on_merge', settings.deleteBranchOnMerge);
  settings.archived = flagOr(body, 'archived', settings.archived);
  return ok(fullRepository(world, repo, caller));
}

// The old `permission` field knows three roles and flattens the others; `role_name` is exact.
const FLAT: Record<Role, string> = {
  none: 'none',
  read: 'read',
  triage: 'read',
  write: 'write',
  maintain: 'write',
  admin: 'admin',
};

function permissionFlags(role: Role): Record<string, boolean> {
  return {
    admin: role === 'admin',
    maintain: atLeast(role, 'maintain'),
    push: atLeast(role, 'write'),
    triage: atLeast(role, 'triage'),
    pull: atLeast(role, 'read'),
  };
}

function collaborator({ world, repo }: RepoCall, login: string): Record<string, unknown> {
  const role = roleOf(world, repo, login);
  return { ...user(world, login), permissions: permissionFlags(role), role_name: role === 'none' ? '' : role };
}

function getPermission(call: RepoCall): Reply {
  const { world, repo, caller, params } = call;
  const login = params['username'] ?? '';
  const mayAsk = caller.kind === 'installation' || can(world, caller, repo, 'contents', 'write');
  if (!mayAsk) refuse(403, 'Must have push access to view collaborator permission.');
  if (login.endsWith('[bot]')) return botPermission(call, login);
  if (!world.accounts.has(login)) return refuse(404, `${login} is not a user`);
  const role = roleOf(world, repo, login);
  return ok({ permission: FLAT[role], user: collaborator(call, login), role_name: role === 'none' ? '' : role });
}

/** A bot is nobody's collaborator: GitHub answers with what the public has. */
function botPermission(call: RepoCall, login: string): Reply {
  const role: Role = call.repo.private ? 'none' : 'read';
  const shown = {
    ...user(call.world, login),
    permissions: permissionFlags(role),
    role_name: role === 'none' ? '' : role,
  };
  return ok({ permission: FLAT[role], user: shown, role_name: role === 'none' ? '' : role });
}

function listCollaborators(call: RepoCall): Reply {
  const { world, repo } = call;
  const owner = accountOf(world, repo.owner);
  const people = new Set([...(owner.type === 'User' ? [repo.owner] : owner.owners), ...repo.collaborators.keys()]);
  return paged(call, [...people], (login) => collaborator(call, login));
}

function isCollaborator({ repo, params, world }: RepoCall): Reply {
  const login = params['username'] ?? '';
  return repo.collaborators.has(login) || roleOf(world, repo, login) === 'admin' ? { status: 204 } : notFound();
}

function listActivity(call: RepoCall): Reply {
  const { world, repo, query } = call;
  const ref = query.get('ref');
  const full = ref === null ? null : ref.startsWith('refs/') ? ref : `refs/heads/${ref}`;
  const actor = query.get('actor');
  const type = query.get('activity_type');
  const found = repo.activity
    .filter(
      (each) =>
        (full === null || each.ref === full) &&
        (actor === null || each.actor === actor) &&
        (type === null || each.type === type),
    )
    .toSorted((a, b) => (query.get('direction') === 'asc' ? a.id - b.id : b.id - a.id));
  return paged(call, found, (each) => ({
    id: each.id,
    node_id: nodeId('PSH', each.id),
    before: each.before,
    after: each.after,
    ref: each.ref,
    timestamp: each.timestamp,
    activity_type: each.type,
    actor: user(world, each.actor),
  }));
}

function getUser({ world, params }: Call): Reply {
  const login = params['username'] ?? '';
  const known = world.accounts.has(login) || [...world.apps.values()].some(({ slug }) => `${slug}[bot]` === login);
  return known ? ok(publicUser(world, login)) : notFound();
}

function publicUser(world: Call['world'], login: string): Record<string, unknown> {
  const nothing = {
    name: null,
    company: null,
    blog: '',
    location: null,
    email: null,
    hireable: null,
    bio: null,
    twitter_username: null,
  };
  const counts = { public_repos: 0, public_gists: 0, followers: 0, following: 0 };
  const date = '2020-01-01T00:00:00Z';
  return { ...user(world, login), ...nothing, ...counts, created_at: date, updated_at: date };
}

function getSelf({ world, caller }: Call): Reply {
  if (caller.kind === 'installation') return refuse(403, 'Resource not accessible by integration');
  return ok(publicUser(world, actorOf(caller)));
}

function installationRepos(call: Call): Reply {
  const { world, caller } = call;
  if (caller.kind !== 'installation')
    return refuse(
      403,
      'You must authenticate with an installation access token in order to list repositories for an installation.',
    );
  const mine = (repo: Repo): boolean => repo.owner === caller.account && covers(caller.repositories, repo);
  return pagedUnder(call, 'repositories', [...world.repos.values()].filter(mine), (repo) => repository(world, repo));
}

function rateLimit({ world }: Call): Reply {
  const reset = Math.floor((Date.now() + world.clockOffset) / 1000) + 3600;
  const limit = { limit: 5000, remaining: 5000, reset, used: 0 };
  return ok({
    resources: { core: limit, search: { ...limit, limit: 30, remaining: 30 }, graphql: limit },
    rate: limit,
  });
}

const base = '/repos/{owner}/{repo}';

export const repositoryRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: base,
    need: metadata,
    repo: ({ world, repo, caller }) => ok(fullRepository(world, repo, caller)),
  },
  { method: 'PATCH', path: base, need: needs('write', 'administration'), repo: patchRepo },
  { method: 'GET', path: `${base}/branches`, need: contents, repo: listBranches },
  { method: 'GET', path: `${base}/branches/{branch}`, need: contents, repo: getBranch },
  { method: 'GET', path: `${base}/collaborators`, need: metadata, repo: listCollaborators },
  { method: 'GET', path: `${base}/collaborators/{username}`, need: metadata, repo: isCollaborator },
  { method: 'GET', path: `${base}/collaborators/{username}/permission`, need: metadata, repo: getPermission },
  { method: 'GET', path: `${base}/activity`, need: contents, repo: listActivity },
  { method: 'GET', path: `${base}/codeowners/errors`, need: contents, repo: () => ok({ errors: [] }) },
  { method: 'GET', path: '/users/{username}', need: { kind: 'none' }, handle: getUser },
  { method: 'GET', path: '/user', need: { kind: 'token' }, handle: getSelf },
  { method: 'GET', path: '/installation/repositories', need: { kind: 'token' }, handle: installationRepos },
  { method: 'GET', path: '/rate_limit', need: { kind: 'none' }, handle: rateLimit },
];
