import type { Reason } from '../kernel/index.ts';
import type { CommitShape } from '../merge/index.ts';
import type { RollbackFacts } from './facts.ts';
import { isGenuineProof, mintRevertProof, type RevertProof } from './mint/index.ts';

export type { RevertProof } from './mint/index.ts';

export type Proved =
  | { readonly kind: 'proved'; readonly proof: RevertProof }
  | { readonly kind: 'unproved'; readonly reason: Reason };

type Compared = Pick<RollbackFacts, 'pull' | 'before' | 'base'>;

/**
 * Compares the trees, as GitHub showed the commits: the base branch is at the merge, the revert stands on it and on
 * nothing else, and its tree is the one from before the merge and not the merge's own.
 */
export function proveRevert({ pull, before, base }: Compared, revert: CommitShape): Proved {
  const { merge } = pull;
  if (merge === null) return unproved('the pull request has no merge commit');
  if (before.kind === 'unknown') return unproved(`where the merge began is not known: ${before.why}`);
  if (base?.sha !== merge.sha)
    return unproved(`the base branch is at ${base?.sha ?? 'nothing'}, no longer at the merge ${merge.sha}`);
  if (revert.parents.length !== 1 || revert.parents[0] !== merge.sha)
    return unproved(`the revert stands on ${revert.parents.join(', ') || 'nothing'}, not on the merge ${merge.sha}`);
  if (revert.tree !== before.tree)
    return unproved(`the revert's tree is ${revert.tree}; before the merge it was ${before.tree}`);
  if (revert.tree === merge.tree) return unproved('the merge changed nothing');
  const proof = mintRevertProof({
    pull: pull.number,
    mergeSha: merge.sha,
    beforeSha: before.sha,
    baseSha: merge.sha,
    revertSha: revert.sha,
    tree: revert.tree,
  });
  return { kind: 'proved', proof };
}

/** What stands against using this proof for this commit; undefined: nothing. */
export function checkRevertProof(proof: RevertProof, revertSha: string): Reason | undefined {
  if (!isGenuineProof(proof))
    return { code: 'proof_mismatch', message: 'the proof of the revert was not minted by the comparison of the trees' };
  if (proof.revertSha === revertSha) return undefined;
  return { code: 'proof_mismatch', message: `the proof is for ${proof.revertSha}, not for ${revertSha}` };
}

function unproved(message: string): Proved {
  return { kind: 'unproved', reason: { code: 'revert_unproven', message } };
}
