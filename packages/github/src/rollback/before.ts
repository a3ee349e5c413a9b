import type { BeforeFacts, ChangedFacts, MergedPull, SinceFacts } from '@obsgate/core/rollback';
import type { CommitShape } from '@obsgate/core/merge';
import { FILE_STATUSES, UNSEEN } from '@obsgate/core/rulepack';
import * as z from 'zod';
import { reasonOf, type Answer, type GitHubClient } from '../client/index.ts';

const activityAnswer = z.array(z.looseObject({ before: z.string(), after: z.string(), activity_type: z.string() }));

const compareAnswer = z.looseObject({
  status: z.enum(['ahead', 'behind', 'diverged', 'identical']),
  ahead_by: z.int(),
  behind_by: z.int(),
  total_commits: z.int(),
  commits: z.array(z.looseObject({ sha: z.string(), commit: z.looseObject({ message: z.string() }) })),
  files: z
    .array(
      z.looseObject({
        filename: z.string(),
        previous_filename: z.string().optional(),
        status: z.enum(FILE_STATUSES),
        additions: z.int(),
        deletions: z.int(),
      }),
    )
    .optional(),
});
type Comparison = z.infer<typeof compareAnswer>;

const gitCommit = z.looseObject({
  sha: z.string(),
  tree: z.looseObject({ sha: z.string() }),
  parents: z.array(z.looseObject({ sha: z.string() })),
});

/** GitHub's comparison lists up to 300 files: https://docs.github.com/en/rest/commits/commits#compare-two-commits */
const FILES_LIMIT = 300;

export async function readCommit(client: GitHubClient, sha: string): Promise<Answer<CommitShape>> {
  const route = 'GET /repos/{owner}/{repo}/git/commits/{commit_sha}';
  const answer = await client.call({ route, params: { commit_sha: sha } }, gitCommit);
  if (answer.kind === 'failed') return answer;
  const { tree, parents } = answer.value;
  return { ...answer, value: { sha: answer.value.sha, tree: tree.sha, parents: parents.map((parent) => parent.sha) } };
}

function compare(client: GitHubClient, base: string, head: string): Promise<Answer<Comparison>> {
  const route = 'GET /repos/{owner}/{repo}/compare/{basehead}';
  return client.call({ route, params: { basehead: `${base}...${head}`, per_page: 100 } }, compareAnswer);
}

/** What came onto the base branch after the merge: one request. */
export async function readSince(client: GitHubClient, merge: string, base: string): Promise<SinceFacts> {
  if (merge === base) return { kind: 'complete', commits: [] };
  const answer = await compare(client, merge, base);
  if (answer.kind === 'failed') {
    // "No common ancestor": another history altogether.
    if (answer.failure.kind === 'not-found') return { kind: 'not_on_base' };
    return { kind: 'unknown', why: reasonOf(answer.failure, 'later commits could not be read').message };
  }
  const { status, commits, total_commits: total } = answer.value;
  if (status !== 'ahead' && status !== 'identical') return { kind: 'not_on_base' };
  if (commits.length < total) return { kind: 'unknown', why: `${total} commits came after the merge` };
  return { kind: 'complete', commits: commits.map(({ sha, commit }) => ({ sha, message: commit.message })) };
}

type Before = { readonly before: BeforeFacts; readonly files: ChangedFacts };

/**
 * Where the base branch was before the merge. A merge commit says it itself; of a squash or a rebase GitHub's log of
 * the branch's moves does, held against the commits: a queue can move a branch by several pull requests at once.
 */
export async function readBefore(client: GitHubClient, pull: MergedPull): Promise<Before> {
  const { merge } = pull;
  if (merge === null) return unknown('it is not merged');
  const start = await startOf(client, pull, merge);
  if (start.kind === 'unknown') return unknown(start.why);
  const [commit, compared] = await Promise.all([readCommit(client, start.sha), compare(client, start.sha, merge.sha)]);
  if (commit.kind === 'failed')
    return unknown(reasonOf(commit.failure, 'the commit before the merge could not be read').message);
  if (compared.kind === 'failed')
    return unknown(reasonOf(compared.failure, 'the commits of the merge could not be read').message);
  const { ahead_by: ahead, behind_by: behind, commits } = compared.value;
  const rebased = merge.parents.length === 1 && merge.parents[0] !== start.sha;
  if (behind > 0 || ahead === 0) return unknown(`${start.sha} is not before the merge`);
  if (rebased && ahead > pull.commits)
    return unknown(`${ahead} commits landed in one move, and the pull request has ${pull.commits}`);
  const { sha, tree } = commit.value;
  const shas = commits.map((each) => each.sha);
  return { before: { kind: 'known', sha, tree, from: start.from, shas }, files: changed(compared.value) };
}

type Start =
  | { readonly kind: 'known'; readonly sha: string; readonly from: 'activity' | 'parent' }
  | { readonly kind: 'unknown'; readonly why: string };

async function startOf(
  client: GitHubClient,
  { baseBranch, commits }: MergedPull,
  merge: NonNullable<MergedPull['merge']>,
): Promise<Start> {
  const [first] = merge.parents;
  if (first === undefined) return { kind: 'unknown', why: 'the merge has no parent' };
  // A squash and a rebase of one commit come to the same.
  if (merge.parents.length > 1 || commits === 1) return { kind: 'known', sha: first, from: 'parent' };
  const params = { ref: `refs/heads/${baseBranch}`, activity_type: 'pr_merge', per_page: 100 };
  const answer = await client.call({ route: 'GET /repos/{owner}/{repo}/activity', params }, activityAnswer);
  if (answer.kind === 'failed')
    return { kind: 'unknown', why: reasonOf(answer.failure, 'the moves of the base branch could not be read').message };
  const move = answer.value.find(({ after, activity_type: type }) => after === merge.sha && type === 'pr_merge');
  if (move === undefined) return { kind: 'unknown', why: 'the log of the base branch does not show the merge' };
  return { kind: 'known', sha: move.before, from: 'activity' };
}

function changed({ files }: Comparison): ChangedFacts {
  if (files === undefined || files.length >= FILES_LIMIT)
    return { kind: 'incomplete', why: `the merge changed ${FILES_LIMIT} files or more, which cannot be listed` };
  return {
    kind: 'complete',
    files: files.map(({ filename, previous_filename: previousPath, status, additions, deletions }) => ({
      path: filename,
      ...(previousPath === undefined ? {} : { previousPath }),
      status,
      additions,
      deletions,
      before: status === 'added' ? null : UNSEEN,
      after: status === 'removed' ? null : UNSEEN,
    })),
  };
}

function unknown(why: string): Before {
  return { before: { kind: 'unknown', why }, files: { kind: 'incomplete', why } };
}
