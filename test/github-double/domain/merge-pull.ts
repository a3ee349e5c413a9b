import { readCommit, writeCommit } from '../git/commits.ts';
import { mergeCommits, rebase } from '../git/merge.ts';
import { readRef, writeRef } from '../git/refs.ts';
import { METHOD_REFUSAL, OUT_OF_DATE, judgeMerge } from '../enforce/merge-rules.ts';
import type { MergeMethod } from '../enforce/merge-rules.ts';
import type { Verdict } from '../enforce/verdict.ts';
import { refusalMessage } from '../enforce/verdict.ts';
import type { Caller } from '../permissions.ts';
import { actorOf } from '../permissions.ts';
import { refuse } from '../reply.ts';
import { issueOf } from '../shapes/pull.ts';
import type { PullState } from '../state/pull.ts';
import type { Repo, World } from '../state.ts';
import { findRepo, nowIso } from '../state.ts';
import { addEvent, closeIssue } from './events.ts';
import { baseTip, computeMergeable, mergeFacts, pullCommits } from './mergeability.ts';
import { personFor, webFlow } from './people.ts';
import { refMoved } from './ref-moved.ts';
import { forbiddenWorkflow, recordSuite, updateRef, workflowRefusal } from './update-ref.ts';

export type MergeRequest = {
  readonly method: MergeMethod;
  /** The head the caller means; another head is refused. */
  readonly sha?: string | undefined;
  readonly title?: string | undefined;
  readonly message?: string | undefined;
  /** `false`: the caller's bypass of rules is not used. The synchronous merge always uses it. */
  readonly bypass?: boolean;
};

const UNMERGEABLE = 'Pull Request is not mergeable';

/** Merges or refuses with GitHub's status and words. @returns the SHA of the new tip of the base branch. */
export async function mergePull(
  world: World,
  repo: Repo,
  pull: PullState,
  caller: Caller,
  request: MergeRequest,
): Promise<string> {
  const base = baseTip(repo, pull);
  const verdicts = await checkMerge(world, repo, pull, caller, request);
  const tip = await makeCommits(world, repo, pull, caller, request, base);
  const ref = `refs/heads/${pull.baseRef}`;
  if (!writeRef(repo.gitDir, ref, tip, base)) refuse(405, 'Base branch was modified. Review and try the merge again.');
  await finish(world, repo, pull, caller, verdicts, base, tip);
  return tip;
}

async function checkMerge(
  world: World,
  repo: Repo,
  pull: PullState,
  caller: Caller,
  { method, sha, bypass }: MergeRequest,
): Promise<Verdict[]> {
  if (pull.mergedAt !== null || issueOf(repo, pull).state === 'closed') refuse(405, UNMERGEABLE);
  if (sha !== undefined && sha !== pull.headSha)
    refuse(409, 'Head branch was modified. Review and try the merge again.');
  if (pull.draft) refuse(405, 'Pull Request is still a draft');
  const { allowMergeCommit, allowSquashMerge, allowRebaseMerge } = repo.settings;
  const allowed = { merge: allowMergeCommit, squash: allowSquashMerge, rebase: allowRebaseMerge };
  if (!allowed[method]) refuse(405, METHOD_REFUSAL[method]);
  if (!(await computeMergeable(world, repo, pull))) refuse(405, UNMERGEABLE);
  const judged = judgeMerge(await mergeFacts(world, repo, pull, caller, method));
  const verdicts = bypass === false ? judged.map((verdict) => Object.assign({}, verdict, { bypassed: false })) : judged;
  const message = refusalMessage(verdicts);
  if (message === OUT_OF_DATE || message === `Repository rule violations found\n\n${OUT_OF_DATE}\n\n`)
    refuse(409, OUT_OF_DATE);
  const methodRefused = Object.values(METHOD_REFUSAL).find((each) => message?.includes(each));
  if (message !== null) refuse(405, methodRefused ?? message);
  const file = await forbiddenWorkflow(world, repo, caller, baseTip(repo, pull), await mergedTree(repo, pull));
  if (file !== null) refuse(403, workflowRefusal(file));
  return verdicts;
}

async function mergedTree(repo: Repo, pull: PullState): Promise<string> {
  const merged = await mergeCommits(repo.gitDir, baseTip(repo, pull), pull.headSha);
  return merged.clean ? merged.tree : refuse(405, UNMERGEABLE);
}

async function makeCommits(
  world: World,
  repo: Repo,
  pull: PullState,
  caller: Caller,
  { method, title, message }: MergeRequest,
  base: string,
): Promise<string> {
  const issue = issueOf(repo, pull);
  const merger = personFor(world, actorOf(caller));
  if (method === 'rebase') {
    const replay = await rebase(repo.gitDir, base, pull.headSha, merger);
    return replay.clean ? replay.tip : refuse(405, "This branch can't be rebased");
  }
  const tree = await mergedTree(repo, pull);
  const squash = method === 'squash';
  const [owner = ''] = pull.headRepo.split('/');
  const head = squash
    ? `${issue.title} (#${pull.number})`
    : `Merge pull request #${pull.number} from ${owner}/${pull.headRef}`;
  const text = message ?? (squash ? await squashBody(repo, pull) : issue.title);
  const sha = writeCommit(repo.gitDir, {
    tree,
    parents: squash ? [base] : [base, pull.headSha],
    author: squash ? personFor(world, issue.user) : merger,
    committer: webFlow(world),
    message: [title ?? head, text].filter(Boolean).join('\n\n'),
  });
  repo.verifiedCommits.add(sha);
  return sha;
}

async function squashBody(repo: Repo, pull: PullState): Promise<string> {
  const messages = (await pullCommits(repo, pull)).map((sha) => readCommit(repo.gitDir, sha)?.message.trimEnd() ?? '');
  const [only = ''] = messages;
  if (messages.length === 1) return only.split('\n').slice(1).join('\n').trim();
  return messages.map((each) => `* ${each}`).join('\n\n');
}

async function finish(
  world: World,
  repo: Repo,
  pull: PullState,
  caller: Caller,
  verdicts: readonly Verdict[],
  base: string,
  tip: string,
): Promise<void> {
  const actor = actorOf(caller);
  const ref = `refs/heads/${pull.baseRef}`;
  const issue = issueOf(repo, pull);
  pull.mergedAt = nowIso(world);
  pull.mergedBy = actor;
  pull.mergeCommitSha = tip;
  pull.baseBeforeMerge = base;
  pull.baseSha = base;
  addEvent(world, issue, 'merged', actor, { commitId: tip });
  closeIssue(world, issue, actor);
  recordSuite(world, repo, actor, { ref, before: base, after: tip }, verdicts);
  await refMoved(world, repo, { ref, before: base, after: tip, actor, type: 'pr_merge' });
  if (repo.settings.deleteBranchOnMerge) await deleteHead(world, pull, caller);
}

async function deleteHead(world: World, pull: PullState, caller: Caller): Promise<void> {
  const [owner = '', name = ''] = pull.headRepo.split('/');
  const home = findRepo(world, owner, name);
  const ref = `refs/heads/${pull.headRef}`;
  const before = home ? readRef(home.gitDir, ref) : null;
  if (home && before !== null) await updateRef(world, home, caller, { ref, before, after: null });
}
