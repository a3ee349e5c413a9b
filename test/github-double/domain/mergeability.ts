import type { Caller } from '../permissions.ts';
import { commitsBetween, isAncestor, mergeBase } from '../git/history.ts';
import { diff } from '../git/diff.ts';
import type { FileChange } from '../git/diff.ts';
import { writeCommit } from '../git/commits.ts';
import { mergeCommits, rebase } from '../git/merge.ts';
import { readRef } from '../git/refs.ts';
import { judgeMerge } from '../enforce/merge-rules.ts';
import type { MergeFacts, MergeMethod } from '../enforce/merge-rules.ts';
import { refusalMessage } from '../enforce/verdict.ts';
import { OUT_OF_DATE } from '../enforce/merge-rules.ts';
import type { PullTotals } from '../shapes/pull.ts';
import { issueOf } from '../shapes/pull.ts';
import type { PullState } from '../state/pull.ts';
import type { Repo, World } from '../state.ts';
import { webFlow } from './people.ts';

/** The base branch's tip now; `pull.baseSha` is what GitHub shows and may lag behind. */
export function baseTip(repo: Repo, pull: PullState): string {
  return readRef(repo.gitDir, `refs/heads/${pull.baseRef}`) ?? pull.baseSha;
}

/** Where the pull request's own changes start. A merged one is compared with the base as it was. */
export async function comparisonBase(repo: Repo, pull: PullState): Promise<string> {
  const base = pull.baseBeforeMerge ?? baseTip(repo, pull);
  return (await mergeBase(repo.gitDir, base, pull.headSha)) ?? base;
}

export async function pullFiles(repo: Repo, pull: PullState): Promise<FileChange[]> {
  return diff(repo.gitDir, await comparisonBase(repo, pull), pull.headSha);
}

export async function pullCommits(repo: Repo, pull: PullState): Promise<string[]> {
  return commitsBetween(repo.gitDir, await comparisonBase(repo, pull), pull.headSha);
}

/** Computes mergeability for the present head and base, and the test merge commit that goes with it. */
export async function computeMergeable(world: World, repo: Repo, pull: PullState): Promise<boolean> {
  const base = baseTip(repo, pull);
  const known = pull.mergeability;
  if (known.value !== null && known.head === pull.headSha && known.base === base) return known.value;
  const merged = await mergeCommits(repo.gitDir, base, pull.headSha);
  const committer = webFlow(world);
  const replay = merged.clean ? await rebase(repo.gitDir, base, pull.headSha, committer) : { clean: false };
  pull.mergeability = { head: pull.headSha, base, nullReadsLeft: 0, value: merged.clean, rebaseable: replay.clean };
  if (merged.clean) {
    const message = `Merge ${pull.headSha} into ${base}`;
    const parents = [base, pull.headSha];
    pull.mergeCommitSha = writeCommit(repo.gitDir, {
      tree: merged.tree,
      parents,
      author: committer,
      committer,
      message,
    });
  } else pull.mergeCommitSha = null;
  return merged.clean;
}

/** `null` for the first reads after head or base changed: GitHub computes in the background. */
async function readMergeable(world: World, repo: Repo, pull: PullState): Promise<boolean | null> {
  const base = baseTip(repo, pull);
  const current = pull.mergeability;
  if (current.head !== pull.headSha || current.base !== base) {
    const nullReadsLeft = world.options.mergeableNullReads;
    pull.mergeability = { head: pull.headSha, base, nullReadsLeft, value: null, rebaseable: false };
  }
  if (pull.mergeability.nullReadsLeft > 0) {
    pull.mergeability.nullReadsLeft -= 1;
    return null;
  }
  return computeMergeable(world, repo, pull);
}

export async function mergeFacts(
  world: World,
  repo: Repo,
  pull: PullState,
  caller: Caller,
  method: MergeMethod,
): Promise<MergeFacts> {
  const files = await pullFiles(repo, pull);
  const changedPaths = files.flatMap(({ path, previousPath }) =>
    previousPath === null ? [path] : [path, previousPath],
  );
  const headContainsBase = await isAncestor(repo.gitDir, baseTip(repo, pull), pull.headSha);
  const headCommits = await pullCommits(repo, pull);
  return { world, repo, pull, caller, method, changedPaths, headContainsBase, headCommits };
}

/** GitHub caches this per viewer and nobody should trust it; the double computes it for the caller. */
async function mergeableState(
  world: World,
  repo: Repo,
  pull: PullState,
  caller: Caller,
  mergeable: boolean | null,
): Promise<string> {
  if (mergeable === null) return 'unknown';
  if (!mergeable) return 'dirty';
  if (pull.draft) return 'draft';
  const message = refusalMessage(judgeMerge(await mergeFacts(world, repo, pull, caller, 'merge')));
  if (message === OUT_OF_DATE) return 'behind';
  if (message !== null) return 'blocked';
  const runs = [...repo.checkRuns.values()].filter(({ headSha }) => headSha === pull.headSha);
  const red = runs.some(({ status, conclusion }) => status !== 'completed' || conclusion === 'failure');
  return red ? 'unstable' : 'clean';
}

export async function pullTotals(world: World, repo: Repo, pull: PullState, caller: Caller): Promise<PullTotals> {
  const files = await pullFiles(repo, pull);
  const open = issueOf(repo, pull).state === 'open';
  const mergeable = open ? await readMergeable(world, repo, pull) : null;
  return {
    mergeable,
    rebaseable: mergeable === null ? null : pull.mergeability.rebaseable,
    mergeableState: await mergeableState(world, repo, pull, caller, mergeable),
    commits: (await pullCommits(repo, pull)).length,
    additions: files.reduce((sum, { additions }) => sum + additions, 0),
    deletions: files.reduce((sum, { deletions }) => sum + deletions, 0),
    changedFiles: files.length,
  };
}
