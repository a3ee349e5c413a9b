import { nodeId } from '../ids.ts';
import type { Schema } from '../schema.ts';
import type { PullState, Review } from '../state/pull.ts';
import type { IssueState } from '../state/issue.ts';
import type { Repo, World } from '../state.ts';
import { fullName } from '../state.ts';
import { association, team, user } from './account.ts';
import { issueHtml, labelsOf } from './issue.ts';
import { htmlUrl, repoUrl, repository } from './repo.ts';

export function issueOf(repo: Repo, pull: PullState): IssueState {
  const found = repo.issues.get(pull.number);
  if (!found) throw new Error(`pull request ${pull.number} has no issue`);
  return found;
}

function side(world: World, name: string, ref: string, sha: string): Schema<'pull-request-simple'>['head'] {
  const repo = world.repos.get(name.toLowerCase());
  const owner = name.split('/')[0] ?? '';
  // A deleted fork leaves `repo: null`, which GitHub's description does not admit.
  const shown = repo ? repository(world, repo) : (null as unknown as Schema<'repository'>);
  return { label: `${owner}:${ref}`, ref, sha, user: user(world, owner), repo: shown };
}

function links(world: World, repo: Repo, pull: PullState): Schema<'pull-request'>['_links'] {
  const url = `${repoUrl(world, repo)}/pulls/${pull.number}`;
  const issue = `${repoUrl(world, repo)}/issues/${pull.number}`;
  return {
    self: { href: url },
    html: { href: issueHtml(repo, issueOf(repo, pull)) },
    issue: { href: issue },
    comments: { href: `${issue}/comments` },
    review_comments: { href: `${url}/comments` },
    review_comment: { href: `${repoUrl(world, repo)}/pulls/comments{/number}` },
    commits: { href: `${url}/commits` },
    statuses: { href: `${repoUrl(world, repo)}/statuses/${pull.headSha}` },
  };
}

/** An entry of the list; the single answer adds mergeability and totals. */
export function pullSimple(world: World, repo: Repo, pull: PullState): Schema<'pull-request-simple'> {
  const on = issueOf(repo, pull);
  const html = issueHtml(repo, on);
  const assignees = on.assignees.map((login) => user(world, login));
  const linked = links(world, repo, pull);
  return {
    url: linked.self.href,
    id: pull.id,
    node_id: nodeId('PR', `${fullName(repo)}:${pull.number}`),
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    issue_url: linked.issue.href,
    number: pull.number,
    state: on.state,
    locked: on.locked,
    title: on.title,
    user: user(world, on.user),
    body: on.body,
    created_at: on.createdAt,
    updated_at: on.updatedAt,
    closed_at: on.closedAt,
    merged_at: pull.mergedAt,
    merge_commit_sha: pull.mergeCommitSha,
    assignee: assignees[0] ?? null,
    assignees,
    requested_reviewers: pull.requestedReviewers.map((login) => user(world, login)),
    requested_teams: pull.requestedTeams.map((slug) => team(world, repo.owner, slug)),
    labels: labelsOf(world, repo, on) as Schema<'pull-request-simple'>['labels'],
    milestone: null,
    draft: pull.draft,
    commits_url: linked.commits.href,
    review_comments_url: linked.review_comments.href,
    review_comment_url: linked.review_comment.href,
    comments_url: linked.comments.href,
    statuses_url: linked.statuses.href,
    head: side(world, pull.headRepo, pull.headRef, pull.headSha),
    base: side(world, fullName(repo), pull.baseRef, pull.baseSha),
    _links: linked,
    author_association: association(world, repo, on.user),
    auto_merge: autoMerge(world, pull),
    active_lock_reason: null,
  };
}

function autoMerge(world: World, pull: PullState): Schema<'auto-merge'> {
  if (!pull.autoMerge) return null;
  const { enabledBy, method } = pull.autoMerge;
  return { enabled_by: user(world, enabledBy), merge_method: method, commit_title: '', commit_message: '' };
}

export type PullTotals = {
  readonly mergeable: boolean | null;
  readonly rebaseable: boolean | null;
  readonly mergeableState: string;
  readonly commits: number;
  readonly additions: number;
  readonly deletions: number;
  readonly changedFiles: number;
};

export function pullFull(world: World, repo: Repo, pull: PullState, totals: PullTotals): Schema<'pull-request'> {
  const on = issueOf(repo, pull);
  return {
    ...(pullSimple(world, repo, pull) as Pick<Schema<'pull-request'>, keyof Schema<'pull-request-simple'>>),
    user: user(world, on.user),
    merged: pull.mergedAt !== null,
    mergeable: totals.mergeable,
    rebaseable: totals.rebaseable,
    mergeable_state: totals.mergeableState,
    merged_by: pull.mergedBy === null ? null : user(world, pull.mergedBy),
    comments: on.comments.length,
    review_comments: pull.threads.reduce((sum, thread) => sum + thread.comments.length, 0),
    maintainer_can_modify: pull.maintainerCanModify,
    commits: totals.commits,
    additions: totals.additions,
    deletions: totals.deletions,
    changed_files: totals.changedFiles,
  };
}

export function pullMinimal(world: World, repo: Repo, pull: PullState): Schema<'pull-request-minimal'> {
  const head = world.repos.get(pull.headRepo.toLowerCase()) ?? repo;
  const brief = (each: Repo): { id: number; url: string; name: string } => {
    return { id: each.id, url: repoUrl(world, each), name: each.name };
  };
  return {
    id: pull.id,
    number: pull.number,
    url: `${repoUrl(world, repo)}/pulls/${pull.number}`,
    head: { ref: pull.headRef, sha: pull.headSha, repo: brief(head) },
    base: { ref: pull.baseRef, sha: pull.baseSha, repo: brief(repo) },
  };
}

export function review(world: World, repo: Repo, pull: PullState, each: Review): Schema<'pull-request-review'> {
  const html = `${htmlUrl(repo)}/pull/${pull.number}#pullrequestreview-${each.id}`;
  const pullUrl = `${repoUrl(world, repo)}/pulls/${pull.number}`;
  return {
    id: each.id,
    node_id: nodeId('PRR', `${fullName(repo)}:${pull.number}:${each.id}`),
    user: user(world, each.user),
    body: each.body,
    state: each.state,
    html_url: html,
    pull_request_url: pullUrl,
    author_association: association(world, repo, each.user),
    _links: { html: { href: html }, pull_request: { href: pullUrl } },
    ...(each.submittedAt === null ? {} : { submitted_at: each.submittedAt }),
    commit_id: each.commitId,
  };
}
