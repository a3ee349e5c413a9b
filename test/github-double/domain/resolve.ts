import { readCommit } from '../git/commits.ts';
import type { Commit } from '../git/commits.ts';
import { readObject } from '../git/objects.ts';
import { readRef } from '../git/refs.ts';
import { notFound } from '../reply.ts';
import type { RepoCall } from '../http/router.ts';
import type { Repo } from '../state.ts';
import type { IssueState } from '../state/issue.ts';
import type { PullState } from '../state/pull.ts';

/** A commit by branch, tag, full ref name or SHA; annotated tags are peeled. */
export function resolveCommit(repo: Repo, name: string): Commit | null {
  const names = [`refs/heads/${name}`, `refs/tags/${name}`, `refs/${name}`, name];
  const sha = names.map((each) => readRef(repo.gitDir, each)).find((each) => each !== null) ?? name;
  const object = readObject(repo.gitDir, sha);
  if (object?.type === 'tag') {
    const target = /^object ([0-9a-f]{40})$/m.exec(object.content.toString())?.[1];
    return target === undefined ? null : readCommit(repo.gitDir, target);
  }
  return object?.type === 'commit' ? readCommit(repo.gitDir, sha) : null;
}

export function branchTip(repo: Repo, branch: string): string | null {
  return readRef(repo.gitDir, `refs/heads/${branch}`);
}

export function needPull({ repo, params }: RepoCall): PullState {
  return repo.pulls.get(Number(params['pull_number'])) ?? notFound();
}

export function needIssue({ repo, params }: RepoCall): IssueState {
  return repo.issues.get(Number(params['issue_number'])) ?? notFound();
}
