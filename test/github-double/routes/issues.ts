import { isRecord, nullableText, optionalText, text, textList } from '../http/body.ts';
import { paged } from '../http/pagination.ts';
import type { RepoCall, Route } from '../http/router.ts';
import { addComment, addLabels } from '../domain/conversation.ts';
import { newIssue } from '../domain/create-pull.ts';
import { addEvent, closeIssue, reopenIssue } from '../domain/events.ts';
import { needIssue } from '../domain/resolve.ts';
import { actorOf, appIdOf, atLeast, needs, roleOf } from '../permissions.ts';
import { created, noContent, notFound, ok, refuse } from '../reply.ts';
import type { Reply } from '../reply.ts';
import { user } from '../shapes/account.ts';
import { comment, issue, issueEvent } from '../shapes/issue.ts';
import { nodeId } from '../ids.ts';
import type { Comment, IssueState } from '../state/issue.ts';
import { newId, nowIso } from '../state.ts';

const read = needs('read', 'issues', 'pull_requests');
const write = needs('write', 'issues', 'pull_requests');

function show(call: RepoCall, each: IssueState): unknown {
  return issue(call.world, call.repo, each);
}

/** Pull requests are issues here too, as on GitHub; `pull_request` tells them apart. */
function listIssues(call: RepoCall): Reply {
  const { repo, query } = call;
  const state = query.get('state') ?? 'open';
  const labels = (query.get('labels') ?? '').split(',').filter(Boolean);
  const since = query.get('since');
  const creator = query.get('creator');
  const has = (each: IssueState, name: string): boolean =>
    each.labels.some((label) => label.toLowerCase() === name.toLowerCase());
  const found = [...repo.issues.values()]
    .filter((each) => state === 'all' || each.state === state)
    .filter((each) => labels.every((name) => has(each, name)))
    .filter((each) => (since === null || each.updatedAt >= since) && (creator === null || each.user === creator))
    .toSorted((a, b) => (query.get('direction') === 'asc' ? a.number - b.number : b.number - a.number));
  return paged(call, found, (each) => show(call, each));
}

function labelNames(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  return value.map((each: unknown) => (isRecord(each) ? text(each, 'name') : String(each)));
}

function postIssue(call: RepoCall): Reply {
  const { world, repo, caller, body } = call;
  const login = actorOf(caller);
  const made = newIssue(world, repo, {
    title: text(body, 'title'),
    body: nullableText(body, 'body') ?? null,
    user: login,
    isPull: false,
  });
  // Labels of somebody who may not set them are dropped without a word.
  const mayLabel = caller.kind !== 'user' || atLeast(roleOf(world, repo, login), 'triage');
  if (mayLabel) addLabels(world, repo, made, labelNames(body['labels']), login, appIdOf(caller));
  if (mayLabel && body['assignees'] !== undefined) made.assignees = textList(body['assignees'], 'assignees');
  return created(show(call, made));
}

function patchIssue(call: RepoCall): Reply {
  const { world, repo, caller, body } = call;
  const each = needIssue(call);
  const actor = actorOf(caller);
  const title = optionalText(body, 'title');
  if (title !== undefined && title !== each.title) {
    addEvent(world, each, 'renamed', actor, { extra: { rename: { from: each.title, to: title } } });
    each.title = title;
  }
  const newBody = nullableText(body, 'body');
  if (newBody !== undefined) each.body = newBody;
  if (body['labels'] !== undefined) {
    const names = labelNames(body['labels']);
    each.labels = each.labels.filter((name) => names.includes(name));
    addLabels(world, repo, each, names, actor, appIdOf(caller));
  }
  if (body['assignees'] !== undefined) each.assignees = textList(body['assignees'], 'assignees');
  const state = optionalText(body, 'state');
  if (state === 'closed') closeIssue(world, each, actor);
  if (state === 'open') reopenIssue(world, each, actor);
  const reason = body['state_reason'];
  if (each.state === 'closed' && (reason === 'completed' || reason === 'not_planned')) each.stateReason = reason;
  each.updatedAt = nowIso(world);
  return ok(show(call, each));
}

function addAssignees(call: RepoCall): Reply {
  const { world, caller, body } = call;
  const each = needIssue(call);
  for (const login of textList(body['assignees'] ?? [], 'assignees')) {
    if (each.assignees.includes(login)) continue;
    each.assignees.push(login);
    const extra = { assignee: user(world, login), assigner: user(world, actorOf(caller)) };
    addEvent(world, each, 'assigned', actorOf(caller), { extra });
  }
  return created(show(call, each));
}

function findComment({ repo, params }: RepoCall): { readonly on: IssueState; readonly found: Comment } {
  const id = Number(params['comment_id']);
  for (const on of repo.issues.values()) {
    const found = on.comments.find((each) => each.id === id);
    if (found) return { on, found };
  }
  return notFound();
}

function listComments(call: RepoCall): Reply {
  const on = needIssue(call);
  const since = call.query.get('since');
  const all = on.comments.filter(({ updatedAt }) => since === null || updatedAt >= since);
  return paged(call, all, (each) => comment(call.world, call.repo, on, each));
}

function listAllComments(call: RepoCall): Reply {
  const since = call.query.get('since');
  const all = [...call.repo.issues.values()].flatMap((on) => on.comments.map((each) => ({ on, each })));
  const recent = all.filter(({ each }) => since === null || each.updatedAt >= since);
  return paged(call, recent, ({ on, each }) => comment(call.world, call.repo, on, each));
}

// GitHub's own limit; longer bodies are refused, not cut.
const MAX_BODY = 65_536;

function postComment(call: RepoCall): Reply {
  const { world, repo, caller } = call;
  const on = needIssue(call);
  const body = text(call.body, 'body');
  if (body.length > MAX_BODY) {
    const message = `body is too long (maximum is ${MAX_BODY} characters)`;
    refuse(422, 'Validation Failed', {
      errors: [{ resource: 'IssueComment', code: 'unprocessable', field: 'data', message }],
    });
  }
  if (body.trim() === '')
    refuse(422, 'Validation Failed', { errors: [{ resource: 'IssueComment', code: 'missing_field', field: 'body' }] });
  return created(comment(world, repo, on, addComment(world, on, actorOf(caller), body, appIdOf(caller))));
}

function patchComment(call: RepoCall): Reply {
  const { world, repo } = call;
  const { on, found } = findComment(call);
  found.body = text(call.body, 'body');
  found.updatedAt = nowIso(world);
  return ok(comment(world, repo, on, found));
}

function deleteComment(call: RepoCall): Reply {
  const { on, found } = findComment(call);
  on.comments.splice(on.comments.indexOf(found), 1);
  return noContent;
}

function react(call: RepoCall): Reply {
  const { world, caller, body } = call;
  findComment(call);
  const id = newId(world);
  const content = text(body, 'content');
  return created({
    id,
    node_id: nodeId('REA', id),
    user: user(world, actorOf(caller)),
    content,
    created_at: nowIso(world),
  });
}

function listEvents(call: RepoCall): Reply {
  return paged(call, needIssue(call).events, (each) => issueEvent(call.world, call.repo, each));
}

function listAllEvents(call: RepoCall): Reply {
  const { world, repo } = call;
  const all = [...repo.issues.values()].flatMap((on) => on.events.map((each) => ({ on, each })));
  const newest = all.toSorted((a, b) => b.each.id - a.each.id);
  return paged(call, newest, ({ on, each }) => ({ ...issueEvent(world, repo, each), issue: show(call, on) }));
}

/** Events, comments, and for pull requests commits and reviews, in order of time. */
function timeline(call: RepoCall): Reply {
  const { world, repo } = call;
  const on = needIssue(call);
  const pull = repo.pulls.get(on.number);
  const entries = [
    ...on.events.map((each) => ({ id: each.id, shown: issueEvent(world, repo, each) as unknown })),
    ...on.comments.map((each) => ({
      id: each.id,
      shown: { ...comment(world, repo, on, each), event: 'commented', actor: user(world, each.user) },
    })),
    ...(pull?.reviews ?? []).map((each) => ({
      id: each.id,
      shown: {
        id: each.id,
        node_id: nodeId('PRR', each.id),
        event: 'reviewed',
        user: user(world, each.user),
        body: each.body,
        state: each.state.toLowerCase(),
        commit_id: each.commitId,
        submitted_at: each.submittedAt ?? undefined,
        html_url: `https://github.com/${repo.owner}/${repo.name}/pull/${on.number}#pullrequestreview-${each.id}`,
        pull_request_url: `${world.baseUrl}/repos/${repo.owner}/${repo.name}/pulls/${on.number}`,
        author_association: 'COLLABORATOR',
        _links: { html: { href: '' }, pull_request: { href: '' } },
      },
    })),
  ].toSorted((a, b) => a.id - b.id);
  return paged(call, entries, ({ shown }) => shown);
}

const base = '/repos/{owner}/{repo}/issues';

export const issueRoutes: readonly Route[] = [
  { method: 'GET', path: base, need: read, repo: listIssues },
  { method: 'POST', path: base, need: needs('read', 'issues'), repo: postIssue },
  { method: 'GET', path: `${base}/comments`, need: read, repo: listAllComments },
  {
    method: 'GET',
    path: `${base}/comments/{comment_id}`,
    need: read,
    repo: (call) => {
      const { on, found } = findComment(call);
      return ok(comment(call.world, call.repo, on, found));
    },
  },
  { method: 'PATCH', path: `${base}/comments/{comment_id}`, need: write, repo: patchComment },
  { method: 'DELETE', path: `${base}/comments/{comment_id}`, need: write, repo: deleteComment },
  { method: 'POST', path: `${base}/comments/{comment_id}/reactions`, need: write, repo: react },
  { method: 'GET', path: `${base}/events`, need: read, repo: listAllEvents },
  { method: 'GET', path: `${base}/{issue_number}`, need: read, repo: (call) => ok(show(call, needIssue(call))) },
  { method: 'PATCH', path: `${base}/{issue_number}`, need: write, repo: patchIssue },
  { method: 'POST', path: `${base}/{issue_number}/assignees`, need: write, repo: addAssignees },
  { method: 'GET', path: `${base}/{issue_number}/comments`, need: read, repo: listComments },
  { method: 'POST', path: `${base}/{issue_number}/comments`, need: write, repo: postComment },
  { method: 'GET', path: `${base}/{issue_number}/events`, need: read, repo: listEvents },
  { method: 'GET', path: `${base}/{issue_number}/timeline`, need: read, repo: timeline },
];
