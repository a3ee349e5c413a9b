import { resolveCommit } from '../domain/resolve.ts';
import { listRefs } from '../git/refs.ts';
import { isRecord } from '../http/body.ts';
import { nodeId } from '../ids.ts';
import { roleOf } from '../permissions.ts';
import { issueOf } from '../shapes/pull.ts';
import type { PullState } from '../state/pull.ts';
import type { Repo } from '../state.ts';
import { fullName } from '../state.ts';
import { actor } from './actors.ts';
import { connection } from './connection.ts';
import type { Context, Node } from './context.ts';
import { fail } from './context.ts';
import { byExpression, gitObject } from './git-objects.ts';
import { protectionRuleNode } from './protection-rule.ts';
import { maySeeRules, refNode } from './ref.ts';

function text(args: unknown, key: string): string | null {
  const value = isRecord(args) ? args[key] : undefined;
  return typeof value === 'string' ? value : null;
}

function strings(args: unknown, key: string): string[] | null {
  const value = isRecord(args) ? args[key] : undefined;
  return Array.isArray(value) ? value.map(String) : null;
}

function viewerPermission({ world, caller }: Context, repo: Repo): string | null {
  if (caller.kind !== 'user') return null;
  const role = roleOf(world, repo, caller.login);
  return role === 'none' ? null : role.toUpperCase();
}

function pulls(context: Context, repo: Repo, args: unknown): unknown {
  const states = strings(args, 'states');
  const head = text(args, 'headRefName');
  const base = text(args, 'baseRefName');
  const state = (pull: PullState): string =>
    pull.mergedAt === null ? issueOf(repo, pull).state.toUpperCase() : 'MERGED';
  const found = [...repo.pulls.values()]
    .filter((pull) => states === null || states.includes(state(pull)))
    .filter((pull) => (head === null || pull.headRef === head) && (base === null || pull.baseRef === base));
  return connection('pullRequests', found, args, (pull) => context.nodes.pull(context, repo, pull));
}

/** Issues alone: pull requests are no issues in GraphQL. A label matches in any letter case. */
function issues(repo: Repo, args: unknown): unknown {
  const states = strings(args, 'states');
  const labels = strings(args, 'labels')?.map((label) => label.toLowerCase());
  const found = [...repo.issues.values()]
    .filter(({ number }) => !repo.pulls.has(number))
    .filter(({ state }) => states === null || states.includes(state.toUpperCase()))
    .filter((issue) => labels === undefined || issue.labels.some((label) => labels.includes(label.toLowerCase())));
  return connection('issues', found, args, ({ number, title, state }) => ({
    __typename: 'Issue',
    id: nodeId('I', `${fullName(repo)}:${number}`),
    number,
    title,
    state: state.toUpperCase(),
  }));
}

/** `qualifiedName` may be short: `main` is looked for among branches, then tags. */
function findRef(context: Context, repo: Repo, name: string): Node | null {
  const names = name.startsWith('refs/') ? [name] : [`refs/heads/${name}`, `refs/tags/${name}`, `refs/${name}`];
  return names.map((each) => refNode(context, repo, each)).find((each) => each !== null) ?? null;
}

export function repositoryNode(context: Context, repo: Repo): Node {
  const { world } = context;
  return {
    __typename: 'Repository',
    id: nodeId('R', fullName(repo)),
    databaseId: repo.id,
    name: repo.name,
    nameWithOwner: fullName(repo),
    url: `https://github.com/${fullName(repo)}`,
    owner: actor(world, repo.owner),
    isPrivate: repo.private,
    isFork: repo.parent !== null,
    isArchived: repo.settings.archived,
    visibility: repo.private ? 'PRIVATE' : 'PUBLIC',
    isInOrganization: world.accounts.get(repo.owner)?.type === 'Organization',
    mergeCommitAllowed: repo.settings.allowMergeCommit,
    squashMergeAllowed: repo.settings.allowSquashMerge,
    rebaseMergeAllowed: repo.settings.allowRebaseMerge,
    autoMergeAllowed: repo.settings.allowAutoMerge,
    deleteBranchOnMerge: repo.settings.deleteBranchOnMerge,
    viewerPermission: viewerPermission(context, repo),
    viewerCanAdminister: viewerPermission(context, repo) === 'ADMIN',
    defaultBranchRef: () => refNode(context, repo, `refs/heads/${repo.defaultBranch}`),
    ref: (args: unknown) => findRef(context, repo, text(args, 'qualifiedName') ?? ''),
    refs: (args: unknown) => {
      const prefix = text(args, 'refPrefix') ?? 'refs/';
      return connection('refs', listRefs(repo.gitDir, prefix), args, ({ name }) => refNode(context, repo, name));
    },
    object: (args: unknown) => {
      const oid = text(args, 'oid');
      if (oid !== null) return gitObject(context, repo, oid);
      return byExpression(
        context,
        repo,
        text(args, 'expression') ?? '',
        (name) => resolveCommit(repo, name)?.sha ?? null,
      );
    },
    pullRequest: (args: unknown) => {
      const number = isRecord(args) ? Number(args['number']) : 0;
      const found = repo.pulls.get(number);
      return found
        ? context.nodes.pull(context, repo, found)
        : fail('NOT_FOUND', `Could not resolve to a PullRequest with the number of ${number}.`);
    },
    issues: (args: unknown) => issues(repo, args),
    pullRequests: (args: unknown) => pulls(context, repo, args),
    branchProtectionRules: (args: unknown) => {
      const rules = maySeeRules(context, repo) ? repo.classicRules : [];
      return connection('branchProtectionRules', rules, args, (rule) => protectionRuleNode(context, repo, rule));
    },
  };
}
