import { readCommit, writeCommit } from '../git/commits.ts';
import { mergeTrees } from '../git/merge.ts';
import { readRef } from '../git/refs.ts';
import type { Caller } from '../permissions.ts';
import { actorOf } from '../permissions.ts';
import { issueOf } from '../shapes/pull.ts';
import type { PullState } from '../state/pull.ts';
import type { Repo, World } from '../state.ts';
import { fullName } from '../state.ts';
import { createPull } from './create-pull.ts';
import { personFor, webFlow } from './people.ts';
import { updateRef } from './update-ref.ts';

export type RevertOutcome =
  | { readonly ok: true; readonly pull: PullState }
  | { readonly ok: false; readonly message: string };

export type RevertTexts = { readonly title?: string; readonly body?: string; readonly draft: boolean };

export const CANNOT_REVERT =
  'This pull request cannot be reverted automatically. It may have already been reverted, or the content may have changed since it was merged.';

/**
 * Branch, commit and pull request that take a merged pull request back, in one step.
 * Only merges made through GitHub know where they started; a base that was pushed to contain the head does not.
 */
export async function revertPull(
  world: World,
  repo: Repo,
  pull: PullState,
  caller: Caller,
  texts: RevertTexts,
): Promise<RevertOutcome> {
  const byButton = issueOf(repo, pull).events.some(
    ({ event, commitId }) => event === 'merged' && commitId === pull.mergeCommitSha,
  );
  const pushed = repo.activity.some(({ type, after }) => type === 'pr_merge' && after === pull.mergeCommitSha);
  if (pull.mergedAt === null || pull.mergeCommitSha === null || pull.baseBeforeMerge === null || !byButton || !pushed) {
    return { ok: false, message: 'This pull request cannot be reverted because it was not merged through GitHub.' };
  }
  const tip = readRef(repo.gitDir, `refs/heads/${pull.baseRef}`);
  const now = tip === null ? null : readCommit(repo.gitDir, tip);
  const merged = readCommit(repo.gitDir, pull.mergeCommitSha);
  const before = readCommit(repo.gitDir, pull.baseBeforeMerge);
  if (!now || !merged || !before) return { ok: false, message: CANNOT_REVERT };
  const result = await mergeTrees(repo.gitDir, merged.tree, now.tree, before.tree);
  if (!result.clean || result.tree === now.tree) return { ok: false, message: CANNOT_REVERT };
  return publish(world, repo, pull, caller, texts, result.tree, now.sha);
}

async function publish(
  world: World,
  repo: Repo,
  pull: PullState,
  caller: Caller,
  texts: RevertTexts,
  tree: string,
  base: string,
): Promise<RevertOutcome> {
  const { title: original } = issueOf(repo, pull);
  const title = texts.title ?? `Revert "${original}"`;
  const message = `Revert "${original} (#${pull.number})"\n\nThis reverts commit ${pull.mergeCommitSha ?? ''}.`;
  const author = personFor(world, actorOf(caller));
  const after = writeCommit(repo.gitDir, { tree, parents: [base], author, committer: webFlow(world), message });
  repo.verifiedCommits.add(after);
  const branch = freeBranch(repo, `revert-${pull.number}-${pull.headRef}`);
  const outcome = await updateRef(world, repo, caller, { ref: `refs/heads/${branch}`, before: null, after });
  if (!outcome.ok) return { ok: false, message: outcome.message };
  const made = await createPull(world, repo, {
    title,
    body: texts.body ?? `Reverts ${fullName(repo)}#${pull.number}`,
    author: actorOf(caller),
    head: branch,
    base: pull.baseRef,
    draft: texts.draft,
    maintainerCanModify: false,
  });
  return { ok: true, pull: made };
}

function freeBranch(repo: Repo, wanted: string): string {
  let name = wanted;
  for (let count = 1; readRef(repo.gitDir, `refs/heads/${name}`) !== null; count += 1) name = `${wanted}-${count}`;
  return name;
}
