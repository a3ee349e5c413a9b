import { isExpired, type HeldLease, type ReleaseResult, type RestoreProof } from '@obsgate/core/ledger';
import { reasonOf } from '../client/index.ts';
import { withoutPrefix, type LeaseContext } from './context.ts';

/** So long before the expiry nothing is deleted any more: the request could arrive when it is somebody else's. */
const MARGIN_MS = 15_000;

/** Deletes the ref. A lease that is already gone counts as released: nobody else deletes one that has not expired. */
export async function releaseLease(context: LeaseContext, held: HeldLease<RestoreProof>): Promise<ReleaseResult> {
  const { claims } = held.lease;
  if (isExpired(claims, context.now() + MARGIN_MS)) {
    const message = `the lease on ${claims.branch} expires at ${claims.expiresAt}, too soon to delete it safely`;
    return { kind: 'left', reason: { code: 'lease_expired', message, subject: held.ref } };
  }
  const params = { ref: withoutPrefix(held.ref) };
  const answer = await context.client.send({ route: 'DELETE /repos/{owner}/{repo}/git/refs/{ref}', params });
  if (answer.kind === 'ok') return { kind: 'released' };
  const { failure } = answer;
  if (failure.kind === 'not-found' || (failure.kind === 'invalid' && /does not exist/i.test(failure.message))) {
    return { kind: 'released' };
  }
  const reason = reasonOf(failure, `the lease on ${claims.branch} could not be released`);
  return { kind: 'left', reason: failure.effect === 'unknown' ? { ...reason, code: 'lease_unconfirmed' } : reason };
}
