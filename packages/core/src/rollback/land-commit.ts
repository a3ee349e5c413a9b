import { climb, type Merger } from '../merge/index.ts';
import { landed, type Landing } from './land.ts';
import type { Work } from './open.ts';
import type { RevertProof } from './prove.ts';

/**
 * Puts the proven commit on the base branch without a pull request: a fast-forward, which GitHub refuses when the
 * branch has moved. Nothing is relaxed for it. Null: the branch is not to be pushed to, so a pull request is opened.
 */
export async function landCommit(proof: RevertProof, work: Work, merger: Merger): Promise<Landing | null> {
  const { facts, ports } = work;
  const { baseBranch } = facts.pull;
  const protection = await ports.merge.protection.read(baseBranch);
  if (protection.kind === 'refused') return null;
  const decision = climb({
    snapshot: protection.snapshot,
    cause: { kind: 'none' },
    merger,
    method: 'squash',
    defaultBranch: facts.repository.defaultBranch,
    approvals: 0,
    relaxable: false,
    relax: 'none',
  });
  if (decision.kind === 'stop') return null;
  const moved = await ports.write.advance(baseBranch, proof.revertSha);
  if (moved.kind === 'written') return landed(proof, proof.revertSha, [], null, work);
  if (moved.kind !== 'unconfirmed') return null;
  const now = await ports.write.branch(baseBranch);
  if (now.kind === 'ok' && now.commit?.sha === proof.revertSha) return landed(proof, proof.revertSha, [], null, work);
  const reasons = now.kind === 'refused' ? now.reasons : moved.reasons;
  return { outcome: 'hold', sha: null, reasons, report: null };
}
