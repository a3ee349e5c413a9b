import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { leasePort, type LeaseOptions } from '@obsgate/github/lease';
import { leaseRef, type LeaseClaims, type LeasePort } from '@obsgate/core/ledger';
import { openStage, SEAL_KEY, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

const REF = leaseRef('main');
const content = { note: 'as it was' };
const MINUTE = 60_000;

function port(runId = 5, options: Partial<LeaseOptions> = {}): LeasePort {
  const { id } = stage.repo.state;
  return leasePort(stage.session.client, {
    repositoryId: id,
    run: { id: runId, attempt: 1 },
    sealKey: SEAL_KEY,
    ...options,
  });
}

function claims(change: Partial<LeaseClaims> = {}): LeaseClaims {
  return {
    repositoryId: stage.repo.state.id,
    branch: 'main',
    ruleIds: ['ruleset:1'],
    pr: 12,
    headSha: stage.repo.tip('main') ?? '',
    runId: 5,
    runAttempt: 1,
    expiresAt: new Date(Date.now() + 5 * MINUTE).toISOString(),
    ...change,
  };
}

async function acquire(runId = 5, change: Partial<LeaseClaims> = {}) {
  const result = await port(runId).acquire({ claims: claims({ runId, ...change }), content });
  if (result.kind !== 'acquired') throw new Error(JSON.stringify(result));
  return result.held;
}

const later = (minutes: number) => ({ now: () => Date.now() + minutes * MINUTE });

async function stale(minutes = 6) {
  const reading = await port(6, later(minutes)).read('main');
  if (reading.kind !== 'stale') throw new Error(reading.kind);
  return reading.stale;
}

describe('a free branch', () => {
  test('is leased by two requests, when a tree is known, and released by one', async () => {
    const treeSha = (await treeOfMain()) ?? '';
    stage.double.clearRequests();
    const leases = port();
    const result = await leases.acquire({ claims: claims(), content, treeSha });
    expect(result.kind).toBe('acquired');
    expect(stage.double.requests.map(({ method }) => method)).toEqual(['POST', 'POST']);
    expect(stage.repo.tip(REF)).toBe(result.kind === 'acquired' && result.held.sha);
    if (result.kind === 'acquired') expect(await leases.release(result.held)).toEqual({ kind: 'released' });
    expect(stage.repo.tip(REF)).toBeNull();
    expect(stage.double.requests.length).toBe(3);
  });

  test('is leased to one of many who try at once', async () => {
    const results = await Promise.all(
      [1, 2, 3, 4].map((run) => port(run).acquire({ claims: claims({ runId: run }), content })),
    );
    expect(results.map(({ kind }) => kind).toSorted()).toEqual(['acquired', 'held', 'held', 'held']);
  });

  test('does not stand in the way of another branch', async () => {
    await acquire();
    const other = await port(6).acquire({ claims: claims({ branch: 'release/1', runId: 6 }), content });
    expect(other.kind).toBe('acquired');
    const readings = await port(7).list();
    expect(readings.map((each) => each.kind === 'held' && each.stale.lease.claims.branch)).toEqual([
      'main',
      'release/1',
    ]);
  });

  test('is leased when the answer to the claim was lost', async () => {
    stage.double.faults.add({ method: 'POST', route: /git\/refs$/, fault: { do: 'drop', effect: 'applied' } });
    expect((await port().acquire({ claims: claims(), content })).kind).toBe('acquired');
  });

  test('is not leased when the claim never arrived', async () => {
    stage.double.faults.add({ method: 'POST', route: /git\/refs$/, fault: { do: 'status', status: 502 } });
    expect(await port().acquire({ claims: claims(), content })).toMatchObject({
      kind: 'refused',
      reasons: [{ code: 'github_unavailable' }],
    });
  });
});

describe('a lease', () => {
  test('is found by the same run, with a proof for restoring only, and holds what was sealed', async () => {
    await acquire();
    const reading = await port().read('main');
    expect(reading).toMatchObject({ kind: 'ours', held: { lease: { content }, proof: { purpose: 'restore' } } });
  });

  test('is not released when it is about to expire', async () => {
    const held = await acquire();
    expect(await port(5, later(4.9)).release(held)).toMatchObject({ kind: 'left', reason: { code: 'lease_expired' } });
    expect(stage.repo.tip(REF)).toBe(held.sha);
  });

  test('that has expired is named to whoever wants the branch, and never simply replaced', async () => {
    const held = await acquire();
    const result = await port(6, later(6)).acquire({ claims: claims({ runId: 6 }), content });
    expect(result).toMatchObject({ kind: 'stale', stale: { sha: held.sha, lease: { content } } });
    expect(stage.repo.tip(REF)).toBe(held.sha);
  });

  test('that has expired is taken over by one of two who try, and released by that one', async () => {
    await acquire();
    const old = await stale();
    const [a, b] = await Promise.all([6, 7].map((run) => port(run, later(6)).takeOver(old)));
    expect(new Set([a?.kind, b?.kind])).toEqual(new Set(['lost', 'taken']));
    const taken = a?.kind === 'taken' ? a : b;
    if (taken?.kind !== 'taken') throw new Error('nobody took it');
    expect(taken.held).toMatchObject({ lease: { content }, proof: { purpose: 'restore' } });
    expect(await port(taken.held.lease.claims.runId, later(6)).release(taken.held)).toEqual({ kind: 'released' });
    expect(stage.repo.tip(REF)).toBeNull();
  });

  test('is taken over once when the answer was lost', async () => {
    await acquire();
    const old = await stale();
    stage.double.faults.add({ method: 'PATCH', fault: { do: 'drop', effect: 'applied' } });
    expect((await port(6, later(6)).takeOver(old)).kind).toBe('taken');
  });

  test('that was released in the meantime is lost to whoever wanted to take it over', async () => {
    const held = await acquire();
    const old = await stale();
    await port().release(held);
    expect(await port(6, later(6)).takeOver(old)).toMatchObject({ kind: 'lost', reason: { code: 'lease_lost' } });
  });
});

describe('refused, and left where it is', () => {
  async function plant(message: string, ref = REF): Promise<void> {
    const { client } = stage.session;
    const tree = await treeOfMain();
    const commit = await client.send({
      route: 'POST /repos/{owner}/{repo}/git/commits',
      params: { message, tree, parents: [] },
    });
    if (commit.kind === 'failed') throw new Error(commit.failure.message);
    const { sha } = commit.value as { readonly sha: string };
    await client.send({ route: 'POST /repos/{owner}/{repo}/git/refs', params: { ref, sha } });
  }
  async function sealedMessage(): Promise<string> {
    const held = await acquire();
    const answer = await stage.session.client.send({
      route: 'GET /repos/{owner}/{repo}/git/commits/{commit_sha}',
      params: { commit_sha: held.sha },
    });
    await port().release(held);
    return answer.kind === 'ok' ? (answer.value as { readonly message: string }).message : '';
  }
  const codeOf = async (branch = 'main') => {
    const reading = await port(6).read(branch);
    return reading.kind === 'unreadable' ? reading.reasons.map(({ code }) => code) : [reading.kind];
  };

  test('a message that is no lease', async () => {
    await plant('hello');
    expect(await codeOf()).toEqual(['lease_truncated']);
    expect((await port(6).acquire({ claims: claims({ runId: 6 }), content })).kind).toBe('refused');
  });

  test('a lease that was cut off', async () => {
    await plant((await sealedMessage()).slice(0, 200));
    expect(await codeOf()).toEqual(['lease_truncated']);
  });

  test('a lease whose expiry was moved', async () => {
    await plant((await sealedMessage()).replace(/"expiresAt":"\d{4}/, '"expiresAt":"2099'));
    expect(await codeOf()).toEqual(['lease_forged']);
  });

  test('a lease of another branch', async () => {
    const message = await sealedMessage();
    await plant(message, leaseRef('release'));
    expect(await codeOf('release')).toEqual(['lease_replayed']);
    expect((await port(6).list()).map((each) => each.kind === 'unreadable' && each.reasons[0]?.code)).toEqual([
      'lease_replayed',
    ]);
  });

  test('a lease that was sealed with another key', async () => {
    await plant(await sealedMessage());
    const reading = await port(6, { sealKey: 'another key that is as long as it has to be' }).read('main');
    expect(reading).toMatchObject({ kind: 'unreadable', reasons: [{ code: 'lease_forged' }] });
  });
});

test('a short seal key is refused', () => {
  expect(() => port(5, { sealKey: 'hunter2' })).toThrow(/32 bytes/);
});

async function treeOfMain(): Promise<string | undefined> {
  const params = { commit_sha: stage.repo.tip('main') };
  const answer = await stage.session.client.send({
    route: 'GET /repos/{owner}/{repo}/git/commits/{commit_sha}',
    params,
  });
  return answer.kind === 'ok' ? (answer.value as { readonly tree: { readonly sha: string } }).tree.sha : undefined;
}
