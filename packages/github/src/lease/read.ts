import { LEASE_REFS, isExpired, leaseRef, openLease, type LeaseReading } from '@obsgate/core/ledger';
import { mintHeld } from '@obsgate/core/ledger/mint';
import { reasonOf, type Answer } from '../client/index.ts';
import { commitAnswer, refAnswer, withoutPrefix, type LeaseContext } from './context.ts';

/** Reads the lease on a branch. */
export async function readLease(context: LeaseContext, branch: string): Promise<LeaseReading> {
  const ref = leaseRef(branch);
  const tip = await readTip(context, ref);
  if (tip.kind === 'failed') {
    return { kind: 'refused', reasons: [reasonOf(tip.failure, `the lease on ${branch} could not be read`)] };
  }
  return tip.value === undefined ? { kind: 'none' } : openAt(context, ref, tip.value, branch);
}

/** Reads every lease of the repository. */
export async function listLeases(context: LeaseContext, except?: string): Promise<readonly LeaseReading[]> {
  const route = 'GET /repos/{owner}/{repo}/git/matching-refs/{ref}';
  const answer = await context.client.call({ route, params: { ref: LEASE_REFS } }, refAnswer.array());
  if (answer.kind === 'failed') {
    return [{ kind: 'refused', reasons: [reasonOf(answer.failure, 'the leases could not be listed')] }];
  }
  const others = answer.value.filter(({ object }) => object.sha !== except);
  return Promise.all(others.map(({ ref, object }) => openAt(context, ref, object.sha, undefined)));
}

/** What the ref points at; undefined when there is no such ref. */
export async function readTip(context: LeaseContext, ref: string): Promise<Answer<string | undefined>> {
  const route = 'GET /repos/{owner}/{repo}/git/ref/{ref}';
  const answer = await context.client.call({ route, params: { ref: withoutPrefix(ref) } }, refAnswer);
  if (answer.kind === 'ok') return { ...answer, value: answer.value.object.sha };
  return answer.failure.kind === 'not-found' ? { kind: 'ok', value: undefined, status: 404 } : answer;
}

/** A lease without a known branch must stand under the ref that its own claims ask for. */
async function openAt(
  context: LeaseContext,
  ref: string,
  sha: string,
  branch: string | undefined,
): Promise<LeaseReading> {
  const route = 'GET /repos/{owner}/{repo}/git/commits/{commit_sha}';
  const commit = await context.client.call({ route, params: { commit_sha: sha } }, commitAnswer);
  if (commit.kind === 'failed')
    return { kind: 'unreadable', ref, sha, reasons: [reasonOf(commit.failure, `lease ${ref} could not be read`)] };
  const expected = { repositoryId: context.repositoryId, ...(branch === undefined ? {} : { branch }) };
  const opened = openLease(commit.value.message, context.sealKey, expected);
  if (opened.kind === 'refused') return { kind: 'unreadable', ref, sha, reasons: [{ ...opened.reason, subject: ref }] };
  const { lease } = opened;
  if (leaseRef(lease.claims.branch) !== ref) {
    const message = `the lease was sealed for ${lease.claims.branch}, and stands under ${ref}`;
    return { kind: 'unreadable', ref, sha, reasons: [{ code: 'lease_replayed', message, subject: ref }] };
  }
  const { runId, runAttempt } = lease.claims;
  if (runId === context.run.id && runAttempt === context.run.attempt) {
    return { kind: 'ours', held: mintHeld({ ref, sha, lease }, 'restore') };
  }
  const stale = { ref, sha, treeSha: commit.value.tree.sha, lease };
  return isExpired(lease.claims, context.now()) ? { kind: 'stale', stale } : { kind: 'held', stale };
}
