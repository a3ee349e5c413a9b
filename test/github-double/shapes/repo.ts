import { nodeId } from '../ids.ts';
import type { Caller } from '../permissions.ts';
import { atLeast, can, roleOf } from '../permissions.ts';
import type { Schema } from '../schema.ts';
import type { Repo, World } from '../state.ts';
import { fullName } from '../state.ts';
import { user } from './account.ts';

export function repoUrl(world: World, repo: Repo): string {
  return `${world.baseUrl}/repos/${fullName(repo)}`;
}

export function htmlUrl(repo: Repo): string {
  return `https://github.com/${fullName(repo)}`;
}

/** A path or a branch name as it stands in a URL: slashes stay. */
export function urlPath(name: string): string {
  return name.split('/').map(encodeURIComponent).join('/');
}

// The forty-odd URL templates that every repository object carries; name of the key -> path below the repository.
const URLS = {
  archive_url: '/{archive_format}{/ref}',
  assignees_url: '/assignees{/user}',
  blobs_url: '/git/blobs{/sha}',
  branches_url: '/branches{/branch}',
  collaborators_url: '/collaborators{/collaborator}',
  comments_url: '/comments{/number}',
  commits_url: '/commits{/sha}',
  compare_url: '/compare/{base}...{head}',
  contents_url: '/contents/{+path}',
  contributors_url: '/contributors',
  deployments_url: '/deployments',
  downloads_url: '/downloads',
  events_url: '/events',
  forks_url: '/forks',
  git_commits_url: '/git/commits{/sha}',
  git_refs_url: '/git/refs{/sha}',
  git_tags_url: '/git/tags{/sha}',
  hooks_url: '/hooks',
  issue_comment_url: '/issues/comments{/number}',
  issue_events_url: '/issues/events{/number}',
  issues_url: '/issues{/number}',
  keys_url: '/keys{/key_id}',
  labels_url: '/labels{/name}',
  languages_url: '/languages',
  merges_url: '/merges',
  milestones_url: '/milestones{/number}',
  notifications_url: '/notifications{?since,all,participating}',
  pulls_url: '/pulls{/number}',
  releases_url: '/releases{/id}',
  stargazers_url: '/stargazers',
  statuses_url: '/statuses/{sha}',
  subscribers_url: '/subscribers',
  subscription_url: '/subscription',
  tags_url: '/tags',
  teams_url: '/teams',
  trees_url: '/git/trees{/sha}',
} as const;

function urls(world: World, repo: Repo): Record<keyof typeof URLS, string> {
  const base = repoUrl(world, repo);
  const entries = Object.entries(URLS).map(([key, path]) => [key, base + path]);
  return Object.fromEntries(entries) as Record<keyof typeof URLS, string>;
}

export function minimalRepo(world: World, repo: Repo): Schema<'minimal-repository'> {
  return {
    id: repo.id,
    node_id: nodeId('R', fullName(repo)),
    name: repo.name,
    full_name: fullName(repo),
    private: repo.private,
    owner: user(world, repo.owner),
    html_url: htmlUrl(repo),
    description: null,
    fork: repo.parent !== null,
    url: repoUrl(world, repo),
    ...urls(world, repo),
  };
}

export function repository(world: World, repo: Repo): Schema<'repository'> {
  const html = htmlUrl(repo);
  const openIssues = [...repo.issues.values()].filter(({ state }) => state === 'open').length;
  return {
    id: repo.id,
    node_id: nodeId('R', fullName(repo)),
    name: repo.name,
    full_name: fullName(repo),
    private: repo.private,
    owner: user(world, repo.owner),
    html_url: html,
    description: null,
    fork: repo.parent !== null,
    url: repoUrl(world, repo),
    ...urls(world, repo),
    created_at: repo.createdAt,
    updated_at: repo.createdAt,
    pushed_at: repo.activity.at(-1)?.timestamp ?? repo.createdAt,
    git_url: `git://github.com/${fullName(repo)}.git`,
    ssh_url: `git@github.com:${fullName(repo)}.git`,
    clone_url: `${html}.git`,
    svn_url: html,
    homepage: null,
    size: 0,
    stargazers_count: 0,
    watchers_count: 0,
    language: null,
    has_issues: true,
    has_projects: true,
    has_downloads: true,
    has_wiki: false,
    has_pages: false,
    has_discussions: false,
    forks_count: 0,
    mirror_url: null,
    archived: repo.settings.archived,
    disabled: false,
    open_issues_count: openIssues,
    license: null,
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
    topics: [],
    visibility: repo.private ? 'private' : 'public',
    forks: 0,
    open_issues: openIssues,
    watchers: 0,
    default_branch: repo.defaultBranch,
  };
}

/** The single-repository answer; merge settings only show to callers who may push. */
export function fullRepository(world: World, repo: Repo, caller: Caller): Schema<'full-repository'> {
  const { settings } = repo;
  const parent = repo.parent === null ? undefined : world.repos.get(repo.parent.toLowerCase());
  return {
    ...repository(world, repo),
    ...(caller.kind === 'anonymous' ? {} : { permissions: permissionsOf(world, repo, caller) }),
    ...(can(world, caller, repo, 'contents', 'write')
      ? {
          allow_squash_merge: settings.allowSquashMerge,
          allow_merge_commit: settings.allowMergeCommit,
          allow_rebase_merge: settings.allowRebaseMerge,
          allow_auto_merge: settings.allowAutoMerge,
          delete_branch_on_merge: settings.deleteBranchOnMerge,
          allow_update_branch: false,
          use_squash_pr_title_as_default: false,
          squash_merge_commit_message: 'COMMIT_MESSAGES',
          squash_merge_commit_title: 'COMMIT_OR_PR_TITLE',
          merge_commit_message: 'PR_TITLE',
          merge_commit_title: 'MERGE_MESSAGE',
        }
      : {}),
    ...(parent ? { parent: repository(world, parent), source: repository(world, parent) } : {}),
    custom_properties: {},
    network_count: 0,
    subscribers_count: 0,
  } as Schema<'full-repository'>; // the two schemas disagree only in what `undefined` may stand for
}

function permissionsOf(
  world: World,
  repo: Repo,
  caller: Caller,
): NonNullable<Schema<'full-repository'>['permissions']> {
  if (caller.kind !== 'user') {
    const push = can(world, caller, repo, 'contents', 'write');
    return { admin: false, maintain: false, push, triage: push, pull: true };
  }
  const role = roleOf(world, repo, caller.login);
  return {
    admin: role === 'admin',
    maintain: atLeast(role, 'maintain'),
    push: atLeast(role, 'write'),
    triage: atLeast(role, 'triage'),
    pull: atLeast(role, 'read'),
  };
}
