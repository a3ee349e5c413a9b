import type { CommitShape } from '@obsgate/core/merge';
import { buttonBranch, revertBranch, revertMarker, type RevertPull } from '@obsgate/core/rollback';
import type * as z from 'zod';
import type { commitAnswer, RevertPullAnswer, RollbackAnswer } from './query.ts';

const STATES = { OPEN: 'open', CLOSED: 'closed', MERGED: 'merged' } as const;

export function shape({ oid, tree, parents }: z.infer<typeof commitAnswer>): CommitShape {
  return { sha: oid, tree: tree.oid, parents: parents.nodes.map((parent) => parent.oid) };
}

type Merged = { readonly pull: number; readonly mergeSha: string; readonly headBranch: string };

/** Pull requests of this repository that take the merge back by their branch's name, or by our mark. */
export function revertPulls({ ours, newest }: RollbackAnswer, merged: Merged): RevertPull[] {
  const all = new Map([...newest.nodes, ...ours.nodes].map((each) => [each.number, each]));
  return (
    [...all.values()]
      // Whoever can open a pull request from a fork must not be able to stop a rollback.
      .filter(({ number, isCrossRepository }) => !isCrossRepository && number !== merged.pull)
      .flatMap((each) => {
        const isOurs = ofOurs(each, merged);
        return isOurs || ofButton(each, merged) ? [revertPull(each, isOurs)] : [];
      })
  );
}

export function revertPull(answer: RevertPullAnswer, ours: boolean): RevertPull {
  const head = answer.commits.nodes.at(-1)?.commit;
  return {
    number: answer.number,
    state: STATES[answer.state],
    branch: answer.headRefName,
    head: head === undefined ? null : shape(head),
    labels: (answer.labels?.nodes ?? []).map(({ name }) => name),
    ours,
    landed: answer.mergeCommit && shape(answer.mergeCommit),
  };
}

function ofOurs({ headRefName, body }: RevertPullAnswer, { pull, mergeSha }: Merged): boolean {
  return headRefName === revertBranch(pull, mergeSha) || body.includes(revertMarker(pull, mergeSha));
}

/** GitHub appends a number to a name that is taken. */
function ofButton({ headRefName }: RevertPullAnswer, { pull, headBranch }: Merged): boolean {
  const name = buttonBranch(pull, headBranch);
  return headRefName === name || (headRefName.startsWith(`${name}-`) && /^-\d+$/.test(headRefName.slice(name.length)));
}
