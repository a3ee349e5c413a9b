import { optionalText } from '../http/body.ts';
import { text } from '../http/body.ts';
import type { RepoCall, Route } from '../http/router.ts';
import { mergePull } from '../domain/merge-pull.ts';
import { baseTip } from '../domain/mergeability.ts';
import { personFor, webFlow } from '../domain/people.ts';
import { resolveCommit, branchTip, needPull } from '../domain/resolve.ts';
import { updateRef } from '../domain/update-ref.ts';
import { isAncestor } from '../git/history.ts';
import { writeCommit } from '../git/commits.ts';
import { mergeCommits } from '../git/merge.ts';
import type { MergeMethod } from '../enforce/merge-rules.ts';
import { actorOf, can, needs } from '../permissions.ts';
import { created, noContent, notFound, ok, refuse } from '../reply.ts';
import type { Reply } from '../reply.ts';
import { commit, needCommit } from '../shapes/git.ts';
import { findRepo } from '../state.ts';
import { pullUrl } from './pulls.ts';
import { throwOutcome } from './refs.ts';

export function methodOf(value: string | undefined): MergeMethod {
  if (value === undefined || value === 'merge') return 'merge';
  if (value === 'squash' || value === 'rebase') return value;
  return refuse(422, `Invalid request.\n\n${value} is not a member of ["merge", "squash", "rebase"].`);
}

async function putMerge(call: RepoCall): Promise<Reply> {
  const { world, repo, caller, body } = call;
  const sha = await mergePull(world, repo, needPull(call), caller, {
    method: methodOf(optionalText(body, 'merge_method')),
    sha: optionalText(body, 'sha'),
    title: optionalText(body, 'commit_title'),
    message: optionalText(body, 'commit_message'),
  });
  return ok({ sha, merged: true, message: 'Pull Request successfully merged' });
}

function isMerged(call: RepoCall): Reply {
  return needPull(call).mergedAt === null ? notFound() : noContent;
}

async function updateBranch(call: RepoCall): Promise<Reply> {
  const { world, caller, repo, body } = call;
  const pull = needPull(call);
  const expected = optionalText(body, 'expected_head_sha');
  if (expected !== undefined && expected !== pull.headSha)
    refuse(422, 'expected head sha didn’t match current head ref.');
  const [owner = '', name = ''] = pull.headRepo.split('/');
  const home = findRepo(world, owner, name) ?? notFound();
  if (home !== repo ? !pull.maintainerCanModify : !can(world, caller, home, 'contents', 'write')) {
    refuse(403, 'Must have write access to repository.');
  }
  const base = baseTip(repo, pull);
  if (await isAncestor(repo.gitDir, base, pull.headSha)) refuse(422, 'There are no new commits on the base branch.');
  const merged = await mergeCommits(repo.gitDir, pull.headSha, base);
  if (!merged.clean) return refuse(422, 'merge conflict between base and head');
  const message = `Merge branch '${pull.baseRef}' into ${pull.headRef}`;
  const sha = mergeCommit(call, merged.tree, [pull.headSha, base], message);
  const update = { ref: `refs/heads/${pull.headRef}`, before: pull.headSha, after: sha };
  throwOutcome(await updateRef(world, home, caller, update), 422);
  return { status: 202, body: { message: 'Updating pull request branch.', url: pullUrl(call, pull) } };
}

function mergeCommit({ world, repo, caller }: RepoCall, tree: string, parents: string[], message: string): string {
  const author = personFor(world, actorOf(caller));
  const sha = writeCommit(repo.gitDir, { tree, parents, author, committer: webFlow(world), message });
  repo.verifiedCommits.add(sha);
  return sha;
}

/** `POST /merges`: merges one branch into another without a pull request. */
async function postMerge(call: RepoCall): Promise<Reply> {
  const { world, repo, caller, body } = call;
  const base = text(body, 'base');
  const before = branchTip(repo, base) ?? refuse(404, 'Base does not exist');
  const head = resolveCommit(repo, text(body, 'head'))?.sha ?? refuse(404, 'Head does not exist');
  if (await isAncestor(repo.gitDir, head, before)) return noContent;
  const merged = await mergeCommits(repo.gitDir, before, head);
  if (!merged.clean) return refuse(409, 'Merge conflict');
  const message = optionalText(body, 'commit_message') ?? `Merge ${text(body, 'head')} into ${base}`;
  const after = mergeCommit(call, merged.tree, [before, head], message);
  throwOutcome(await updateRef(world, repo, caller, { ref: `refs/heads/${base}`, before, after }), 409);
  return created(commit(world, repo, needCommit(repo, after)));
}

const base = '/repos/{owner}/{repo}';

export const mergingRoutes: readonly Route[] = [
  { method: 'PUT', path: `${base}/pulls/{pull_number}/merge`, need: needs('write', 'contents'), repo: putMerge },
  {
    method: 'GET',
    path: `${base}/pulls/{pull_number}/merge`,
    need: needs('read', 'pull_requests', 'contents'),
    repo: isMerged,
  },
  {
    method: 'PUT',
    path: `${base}/pulls/{pull_number}/update-branch`,
    need: needs('write', 'pull_requests'),
    repo: updateBranch,
  },
  { method: 'POST', path: `${base}/merges`, need: needs('write', 'contents'), repo: postMerge },
];
