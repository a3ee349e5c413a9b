import type { Reason } from '@obsgate/core/kernel';
import { leaseRef, sealLease, type AcquireResult, type LeaseRequest } from '@obsgate/core/ledger';
import { mintHeld } from '@obsgate/core/ledger/mint';
import { reasonOf, type Answer, type Failure } from '../client/index.ts';
import { commitAnswer, refAnswer, type LeaseContext } from './context.ts';
import { readLease, readTip } from './read.ts';

/** Claims the lease on a branch: the sealed content is in the repository before the ref makes the claim. */
export async function acquireLease(context: LeaseContext, request: LeaseRequest): Promise<AcquireResult> {
  const { claims, content } = request;
  if (claims.repositoryId !== context.repositoryId)
    return refused([mismatch('the lease would be for another repository')]);
  const what = `the lease on ${claims.branch} could not be written`;
  const tree = request.treeSha === undefined ? await treeOf(context, claims.headSha) : ok(request.treeSha);
  if (tree.kind === 'failed') return refused([reasonOf(tree.failure, what)]);
  const message = sealLease(claims, content, context.sealKey, context.random);
  const commit = await writeCommit(context, message, tree.value, []);
  if (commit.kind === 'failed') return refused([reasonOf(commit.failure, what)]);
  const ref = leaseRef(claims.branch);
  const sha = commit.value;
  const created = await context.client.call(
    { route: 'POST /repos/{owner}/{repo}/git/refs', params: { ref, sha } },
    refAnswer,
  );
  if (created.kind === 'failed') return contested(context, request, { ref, sha, failure: created.failure });
  return acquired(ref, sha, request);
}

/** The ref was not created, or nobody said whether it was: what it points at tells. */
async function contested(
  context: LeaseContext,
  request: LeaseRequest,
  { ref, sha, failure }: { readonly ref: string; readonly sha: string; readonly failure: Failure },
): Promise<AcquireResult> {
  const { branch } = request.claims;
  const reason = reasonOf(failure, `the lease on ${branch} could not be claimed`);
  if (failure.effect === 'unknown') {
    const tip = await readTip(context, ref);
    if (tip.kind === 'failed')
      return refused([{ ...reason, code: 'lease_unconfirmed' }, reasonOf(tip.failure, 'nor could it be read')]);
    if (tip.value === sha) return acquired(ref, sha, request);
    if (tip.value === undefined) return refused([reason]);
  } else if (failure.kind !== 'invalid' || !/already exists/i.test(failure.message)) {
    return refused([reason]);
  }
  const standing = await readLease(context, branch);
  switch (standing.kind) {
    case 'stale':
      return {
        kind: 'stale',
        stale: standing.stale,
        reason: { code: 'lease_expired', message: `an expired lease stands on ${branch}` },
      };
    case 'held':
    case 'ours': {
      const { claims } = standing.kind === 'held' ? standing.stale.lease : standing.held.lease;
      const tip = standing.kind === 'held' ? standing.stale.sha : standing.held.sha;
      const message = `${branch} is leased to run ${claims.runId} for #${claims.pr} until ${claims.expiresAt}`;
      return { kind: 'held', claims, sha: tip, reason: { code: 'lease_held', message, subject: branch } };
    }
    case 'none':
      return refused([
        { code: 'lease_held', message: `the lease on ${branch} was released just now; try again`, subject: branch },
      ]);
    case 'unreadable':
    case 'refused':
      return refused(standing.reasons);
  }
}

function acquired(ref: string, sha: string, { claims, content }: LeaseRequest): AcquireResult {
  return { kind: 'acquired', held: mintHeld({ ref, sha, lease: { claims, content } }, 'relax') };
}

/** Writes a commit object; a commit that no ref names is nothing yet. */
export async function writeCommit(
  context: LeaseContext,
  message: string,
  tree: string,
  parents: readonly string[],
): Promise<Answer<string>> {
  const params = { message, tree, parents };
  const answer = await context.client.call({ route: 'POST /repos/{owner}/{repo}/git/commits', params }, commitAnswer);
  return answer.kind === 'ok' ? ok(answer.value.sha) : answer;
}

async function treeOf(context: LeaseContext, sha: string): Promise<Answer<string>> {
  const route = 'GET /repos/{owner}/{repo}/git/commits/{commit_sha}';
  const answer = await context.client.call({ route, params: { commit_sha: sha } }, commitAnswer);
  return answer.kind === 'ok' ? ok(answer.value.tree.sha) : answer;
}

function ok<T>(value: T): Answer<T> {
  return { kind: 'ok', value, status: 200 };
}

function mismatch(message: string): Reason {
  return { code: 'proof_mismatch', message };
}

function refused(reasons: readonly Reason[]): AcquireResult {
  return { kind: 'refused', reasons };
}
