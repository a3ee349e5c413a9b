import { nodeId } from '../ids.ts';
import type { Schema } from '../schema.ts';
import type { Comment, IssueEvent, IssueState, Label } from '../state/issue.ts';
import type { Repo, World } from '../state.ts';
import { fullName } from '../state.ts';
import { association, integrationById, user } from './account.ts';
import { htmlUrl, repoUrl } from './repo.ts';

export function label(world: World, repo: Repo, each: Label): Schema<'label'> {
  return {
    id: each.id,
    node_id: nodeId('LA', `${fullName(repo)}:${each.name}`),
    url: `${repoUrl(world, repo)}/labels/${encodeURIComponent(each.name)}`,
    name: each.name,
    color: each.color,
    default: each.default,
    description: each.description,
  };
}

export function labelsOf(world: World, repo: Repo, on: IssueState): Schema<'label'>[] {
  return on.labels.flatMap((name) => {
    const found = repo.labels.get(name.toLowerCase());
    return found ? [label(world, repo, found)] : [];
  });
}

export function reactions(url: string): Schema<'reaction-rollup'> {
  const none = { '+1': 0, '-1': 0, laugh: 0, hooray: 0, confused: 0, heart: 0, rocket: 0, eyes: 0 };
  return { url: `${url}/reactions`, total_count: 0, ...none };
}

export function issueHtml(repo: Repo, on: IssueState): string {
  return `${htmlUrl(repo)}/${on.isPull ? 'pull' : 'issues'}/${on.number}`;
}

export function issue(world: World, repo: Repo, each: IssueState): Schema<'issue'> {
  const url = `${repoUrl(world, repo)}/issues/${each.number}`;
  const html = issueHtml(repo, each);
  const pull = repo.pulls.get(each.number);
  const assignees = each.assignees.map((login) => user(world, login));
  return {
    url,
    repository_url: repoUrl(world, repo),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: html,
    id: each.id,
    node_id: nodeId(each.isPull ? 'PR' : 'I', `${fullName(repo)}:${each.number}`),
    number: each.number,
    title: each.title,
    user: user(world, each.user),
    labels: labelsOf(world, repo, each),
    state: each.state,
    locked: each.locked,
    assignee: assignees[0] ?? null,
    assignees,
    milestone: null,
    comments: each.comments.length,
    created_at: each.createdAt,
    updated_at: each.updatedAt,
    closed_at: each.closedAt,
    author_association: association(world, repo, each.user),
    active_lock_reason: null,
    ...(pull
      ? {
          draft: pull.draft,
          pull_request: {
            url: `${repoUrl(world, repo)}/pulls/${each.number}`,
            html_url: html,
            diff_url: `${html}.diff`,
            patch_url: `${html}.patch`,
            merged_at: pull.mergedAt,
          },
        }
      : {}),
    body: each.body,
    closed_by: each.closedBy === null ? null : user(world, each.closedBy),
    reactions: reactions(url),
    timeline_url: `${url}/timeline`,
    performed_via_github_app: null,
    state_reason: each.stateReason,
  };
}

export function comment(world: World, repo: Repo, on: IssueState, each: Comment): Schema<'issue-comment'> {
  const url = `${repoUrl(world, repo)}/issues/comments/${each.id}`;
  return {
    url,
    html_url: `${issueHtml(repo, on)}#issuecomment-${each.id}`,
    issue_url: `${repoUrl(world, repo)}/issues/${on.number}`,
    id: each.id,
    node_id: nodeId('IC', `${fullName(repo)}:${each.id}`),
    user: user(world, each.user),
    created_at: each.createdAt,
    updated_at: each.updatedAt,
    body: each.body,
    author_association: association(world, repo, each.user),
    reactions: reactions(url),
    performed_via_github_app: integrationById(world, each.appId),
  };
}

/** One entry of `/issues/{n}/events` and `/timeline`; both use the same keys for these kinds. */
export function issueEvent(world: World, repo: Repo, each: IssueEvent): Schema<'issue-event'> {
  return {
    id: each.id,
    node_id: nodeId('EV', `${fullName(repo)}:${each.id}`),
    url: `${repoUrl(world, repo)}/issues/events/${each.id}`,
    actor: user(world, each.actor),
    event: each.event,
    commit_id: each.commitId,
    commit_url: each.commitId === null ? null : `${repoUrl(world, repo)}/commits/${each.commitId}`,
    created_at: each.createdAt,
    performed_via_github_app: integrationById(world, each.appId),
    ...each.extra,
  };
}
