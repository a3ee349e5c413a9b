import { flagOr, nullableText, optionalText, text } from '../http/body.ts';
import { page, paged } from '../http/pagination.ts';
import type { RepoCall, Route } from '../http/router.ts';
import { createPull } from '../domain/create-pull.ts';
import { closeIssue, reopenIssue, addEvent } from '../domain/events.ts';
import { pullCommits, pullFiles, pullTotals } from '../domain/mergeability.ts';
import { branchTip, needPull } from '../domain/resolve.ts';
import { git } from '../git/cli.ts';
import { actorOf, needs } from '../permissions.ts';
import { created, invalid, ok, refuse } from '../reply.ts';
import type { Reply } from '../reply.ts';
import { commit, diffEntry, needCommit } from '../shapes/git.ts';
import { issueOf, pullFull, pullSimple } from '../shapes/pull.ts';
import type { PullState } from '../state/pull.ts';

import { repoUrl } from '../shapes/repo.ts';

const read = needs('read', 'pull_requests');
const write = needs('write', 'pull_requests');

async function show(call: RepoCall, pull: PullState): Promise<unknown> {
  return pullFull(call.world, call.repo, pull, await pullTotals(call.world, call.repo, pull, call.caller));
}

async function getPull(call: RepoCall): Promise<Reply> {
  const pull = needPull(call);
  if (/\b(diff|patch)\b/.test(call.headers['accept'] ?? '')) {
    const range = `${pull.baseBeforeMerge ?? pull.baseSha}...${pull.headSha}`;
    const { stdout } = await git(call.repo.gitDir, ['diff', '-M', range]);
    return { status: 200, raw: { content: stdout, type: 'application/vnd.github.diff; charset=utf-8' } };
  }
  return ok(await show(call, pull));
}

function listPulls(call: RepoCall): Reply {
  const { world, repo, query } = call;
  const state = query.get('state') ?? 'open';
  const head = query.get('head');
  const base = query.get('base');
  const found = [...repo.pulls.values()]
    .filter((pull) => state === 'all' || issueOf(repo, pull).state === state)
    // GitHub ignores a `head` without an owner, and answers all.
    .filter((pull) => !head?.includes(':') || `${pull.headRepo.split('/')[0]}:${pull.headRef}` === head)
    .filter((pull) => base === null || pull.baseRef === base);
  const key = query.get('sort') === 'updated' ? 'updatedAt' : 'createdAt';
  const direction = query.get('direction') ?? (query.get('sort') === null ? 'desc' : 'asc');
  const order = direction === 'asc' ? 1 : -1;
  const value = (pull: PullState): string => issueOf(repo, pull)[key];
  found.sort((a, b) => order * (value(a).localeCompare(value(b)) || a.number - b.number));
  return paged(call, found, (pull) => pullSimple(world, repo, pull));
}

async function postPull(call: RepoCall): Promise<Reply> {
  const { world, repo, caller, body } = call;
  const pull = await createPull(world, repo, {
    title: text(body, 'title'),
    body: nullableText(body, 'body') ?? null,
    head: text(body, 'head'),
    base: text(body, 'base'),
    draft: flagOr(body, 'draft', false),
    maintainerCanModify: flagOr(body, 'maintainer_can_modify', false),
    author: actorOf(caller),
  });
  return created(await show(call, pull));
}

async function patchPull(call: RepoCall): Promise<Reply> {
  const { world, repo, caller, body } = call;
  const pull = needPull(call);
  const issue = issueOf(repo, pull);
  const actor = actorOf(caller);
  const base = optionalText(body, 'base');
  if (base !== undefined && base !== pull.baseRef) {
    const sha = branchTip(repo, base);
    if (sha === null) return invalid('PullRequest', 'base', 'invalid', `Proposed base branch '${base}' was not found`);
    pull.baseRef = base;
    pull.baseSha = sha;
    addEvent(world, issue, 'base_ref_changed', actor);
  }
  const title = optionalText(body, 'title');
  if (title !== undefined && title !== issue.title) {
    addEvent(world, issue, 'renamed', actor, { extra: { rename: { from: issue.title, to: title } } });
    issue.title = title;
  }
  const newBody = nullableText(body, 'body');
  if (newBody !== undefined) issue.body = newBody;
  const state = optionalText(body, 'state');
  if (state === 'closed') closeIssue(world, issue, actor);
  if (state === 'open' && pull.mergedAt !== null)
    refuse(422, 'Validation Failed', {
      errors: [
        {
          resource: 'PullRequest',
          code: 'custom',
          field: 'state',
          message: 'state cannot be changed. The pull request cannot be reopened.',
        },
      ],
    });
  if (state === 'open') reopenIssue(world, issue, actor);
  pull.maintainerCanModify = flagOr(body, 'maintainer_can_modify', pull.maintainerCanModify);
  return ok(await show(call, pull));
}

async function listFiles(call: RepoCall): Promise<Reply> {
  const { world, repo } = call;
  const pull = needPull(call);
  const files = (await pullFiles(repo, pull)).slice(0, world.options.pullFilesCap);
  return paged(call, files, (file) => diffEntry(world, repo, pull.headSha, file));
}

async function listCommits(call: RepoCall): Promise<Reply> {
  const { world, repo } = call;
  const shas = (await pullCommits(repo, needPull(call))).slice(0, 250); // GitHub's cap for this list
  return paged(call, shas, (sha) => commit(world, repo, needCommit(repo, sha)));
}

/** Pull requests that hold a commit, used to find what a push to the base branch came from. */
async function pullsOfCommit(call: RepoCall): Promise<Reply> {
  const { world, repo, params } = call;
  const sha = needCommit(repo, params['commit_sha'] ?? '').sha;
  const found: PullState[] = [];
  for (const pull of repo.pulls.values()) {
    const holds = pull.mergeCommitSha === sha || pull.headSha === sha || (await pullCommits(repo, pull)).includes(sha);
    if (holds) found.push(pull);
  }
  const { items, headers } = page(call, found);
  return { status: 200, body: items.map((pull) => pullSimple(world, repo, pull)), headers };
}

const base = '/repos/{owner}/{repo}/pulls';

export const pullRoutes: readonly Route[] = [
  { method: 'GET', path: base, need: read, repo: listPulls },
  { method: 'POST', path: base, need: write, repo: postPull },
  { method: 'GET', path: `${base}/{pull_number}`, need: read, repo: getPull },
  { method: 'PATCH', path: `${base}/{pull_number}`, need: write, repo: patchPull },
  { method: 'GET', path: `${base}/{pull_number}/files`, need: read, repo: listFiles },
  { method: 'GET', path: `${base}/{pull_number}/commits`, need: read, repo: listCommits },
  { method: 'GET', path: '/repos/{owner}/{repo}/commits/{commit_sha}/pulls', need: read, repo: pullsOfCommit },
];

export function pullUrl(call: RepoCall, pull: PullState): string {
  return `${repoUrl(call.world, call.repo)}/pulls/${pull.number}`;
}
