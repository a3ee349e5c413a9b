import { sealLease, type StaleLease, type TakeOverResult } from '@obsgate/core/ledger';
import { mintHeld } from '@obsgate/core/ledger/mint';
import { reasonOf } from '../client/index.ts';
import { writeCommit } from './acquire.ts';
import { refAnswer, withoutPrefix, type LeaseContext } from './context.ts';
import { readTip } from './read.ts';

/** Puts a lease of ours, with the same content, on top of the stale one. Only the first who tries fast-forwards. */
export async function takeOverLease(context: LeaseContext, stale: StaleLease): Promise<TakeOverResult> {
  const { ref, lease } = stale;
  const what = `the lease on ${lease.claims.branch} could not be taken over`;
  const expiresAt = new Date(context.now() + context.takeOverMs).toISOString();
  const claims = { ...lease.claims, runId: context.run.id, runAttempt: context.run.attempt, expiresAt };
  const message = sealLease(claims, lease.content, context.sealKey, context.random);
  const commit = await writeCommit(context, message, stale.treeSha, [stale.sha]);
  if (commit.kind === 'failed') return { kind: 'refused', reasons: [reasonOf(commit.failure, what)] };
  const sha = commit.value;
  const taken = (): TakeOverResult => ({
    kind: 'taken',
    held: mintHeld({ ref, sha, lease: { claims, content: lease.content } }, 'restore'),
  });
  const params = { ref: withoutPrefix(ref), sha, force: false };
  const moved = await context.client.call({ route: 'PATCH /repos/{owner}/{repo}/git/refs/{ref}', params }, refAnswer);
  if (moved.kind === 'ok') return taken();
  if (moved.failure.effect === 'unknown') {
    const tip = await readTip(context, ref);
    if (tip.kind === 'ok' && tip.value === sha) return taken();
    if (tip.kind === 'failed')
      return { kind: 'refused', reasons: [{ ...reasonOf(moved.failure, what), code: 'lease_unconfirmed' }] };
  } else if (moved.failure.kind !== 'invalid') {
    return { kind: 'refused', reasons: [reasonOf(moved.failure, what)] };
  }
  return { kind: 'lost', reason: { code: 'lease_lost', message: `${what}: somebody else was faster`, subject: ref } };
}
