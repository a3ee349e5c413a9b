import { finishOpenLeases } from '@obsgate/core/guard';
import { leaseRef, sealLease } from '@obsgate/core/ledger';
import { runMerge, type MergePorts, type MergeReport } from '@obsgate/core/merge';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { randomBytes } from 'node:crypto';
import { client } from '../github-double/client.ts';
import { liveProtection } from './crash.ts';
import {
  clientOf,
  openGreenPull,
  portsOf,
  protectFor,
  RUN,
  SEAL_KEY,
  startStage,
  taskFor,
  type Stage,
} from './stage.ts';

const CASE = { rung: 'add-bypass', kind: 'classic' } as const;
const NEVER = new AbortController().signal;
const HOUR = 3_600_000;

let stage: Stage;
beforeEach(async () => {
  stage = await startStage({ mergeableNullReads: 0 });
  protectFor(CASE, stage);
});
afterEach(() => stage.double.close());

async function portsAs(id: number, later = 0): Promise<MergePorts> {
  return portsOf(await clientOf(stage), stage, { run: { id, attempt: 1 }, now: () => Date.now() + later });
}

/** A run that is killed once its edit is made. */
async function killedInTheWindow(): Promise<void> {
  const killed = new AbortController();
  const dying = (await clientOf(stage)).until(killed.signal);
  const ports = portsOf(dying, stage);
  const task = await taskFor(stage, ports, CASE);
  const route = '/repos/{owner}/{repo}/pulls/{pull_number}/merge';
  stage.double.faults.add({ route, fault: { do: 'hook', when: 'before', run: () => killed.abort() } });
  // The merge that was sent reaches GitHub; what is asked for here is that nothing else does.
  await runMerge(task, ports, NEVER);
  stage.double.faults.clear();
}

async function finishAs(id: number, later: number) {
  const { protection, lease: leases, ledger } = await portsAs(id, later);
  return finishOpenLeases({ protection, leases, ledger, sleep: async () => undefined });
}

describe('two runs at once', () => {
  test('on one branch: one merges, the other waits, and the protection is as it was', async () => {
    const before = await liveProtection(stage);
    const other = await openGreenPull(stage.double, stage.repo, { branch: 'other', files: { 'docs/b.md': 'b\n' } });
    const [first, second] = [await portsAs(1), await portsAs(2)];
    const mine = await taskFor(stage, first, CASE, { run: { id: 1, attempt: 1 } });
    const theirs = { ...mine, pull: other.number, headSha: other.headSha, run: { id: 2, attempt: 1 } };
    const reports = await Promise.all([runMerge(mine, first, NEVER), runMerge(theirs, second, NEVER)]);
    expect(reports.map(({ outcome }) => outcome).toSorted()).toEqual(['hold', 'pass']);
    expect(reports.flatMap(({ reasons }) => reasons.map(({ code }) => code))).toContain('lease_held');
    expect(await liveProtection(stage)).toEqual(before);
  });

  test('on two branches under one rule: neither merges through what the other opened', async () => {
    const { repo, app, double } = stage;
    repo.state.classicRules = [];
    await repo.push('release', { 'README.md': 'obs\n', 'a.md': 'a\n' }, { from: 'main' });
    repo.ruleset({
      name: 'both',
      include: ['refs/heads/main', 'refs/heads/release'],
      rules: [{ type: 'pull_request', parameters: REVIEWS }],
    });
    const other = await openGreenPull(double, repo, {
      branch: 'other',
      base: 'release',
      files: { 'docs/b.md': 'b\n' },
    });
    const [first, second] = [await portsAs(1), await portsAs(2)];
    const kind = { rung: 'add-bypass', kind: 'ruleset' } as const;
    const mine = await taskFor(stage, first, kind, { run: { id: 1, attempt: 1 } });
    const read = await second.protection.read('release');
    if (read.kind === 'refused') throw new Error(JSON.stringify(read.reasons));
    const theirs = {
      ...mine,
      pull: other.number,
      headSha: other.headSha,
      branch: 'release',
      snapshot: read.snapshot,
      run: { id: 2, attempt: 1 },
    };
    const reports = await Promise.all([runMerge(mine, first, NEVER), runMerge(theirs, second, NEVER)]);
    const merged = reports.filter((report) => report.merged);
    expect(merged.length).toBeLessThanOrEqual(1);
    expect(reports.every(({ outcome }) => outcome === 'pass' || outcome === 'hold')).toBe(true);
    const ruleset = [...repo.state.rulesets.values()][0];
    expect(ruleset?.bypassActors.filter(({ actor_id }) => actor_id === app.id)).toEqual([]);
  });
});

const REVIEWS = {
  required_approving_review_count: 1,
  dismiss_stale_reviews_on_push: false,
  require_code_owner_review: false,
  require_last_push_approval: false,
  required_review_thread_resolution: false,
};

describe('a lease that a dead run left', () => {
  test('holds others off until it expires, is then taken over and restored, and the next run merges', async () => {
    const before = await liveProtection(stage);
    await killedInTheWindow();
    const other = await openGreenPull(stage.double, stage.repo, { branch: 'next', files: { 'docs/b.md': 'b\n' } });
    const early = await portsAs(2);
    const held = await early.lease.read('main');
    expect(held.kind).toBe('held');
    expect(await finishAs(2, HOUR)).toMatchObject([{ kind: 'finished', outcome: 'restored', released: true }]);
    expect(await liveProtection(stage)).toEqual(before);
    const next: Stage = { ...stage, pull: other };
    const ports = await portsAs(3);
    const files = [{ path: 'docs/b.md', status: 'added' }];
    const task = await taskFor(next, ports, CASE, { files, run: { id: 3, attempt: 1 } });
    expect(await runMerge(task, ports, NEVER)).toMatchObject({ outcome: 'pass', merged: true });
  });

  test('is finished once, whoever of several comes first', async () => {
    await killedInTheWindow();
    const all = await Promise.all([2, 3, 4].map((id) => finishAs(id, HOUR)));
    const kinds = all.flat().map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'finished')).toHaveLength(1);
    expect(stage.repo.tip('refs/obsgate/lease/main')).toBeNull();
  });
});

describe('a lease that somebody with write access made up', () => {
  const claims = {
    repositoryId: 0,
    branch: 'main',
    ruleIds: [],
    pr: 1,
    headSha: '0'.repeat(40),
    runId: 9,
    runAttempt: 1,
    expiresAt: '2020-01-01T00:00:00.000Z',
  };

  /** Puts a commit with this message under the lease's ref, as anybody who may push can. */
  async function plant(message: string): Promise<void> {
    const author = client(stage.double.url, stage.double.token('author'));
    const base = '/repos/acme/obs';
    const tip = await author('GET', `${base}/git/commits/${stage.repo.tip('main') ?? ''}`);
    const tree = (tip.body['tree'] as { sha: string }).sha;
    const commit = await author('POST', `${base}/git/commits`, { message, tree, parents: [] });
    await author('POST', `${base}/git/refs`, { ref: leaseRef('main'), sha: commit.body['sha'] });
  }

  const content = { schema: 'obsgate.lease/1', snapshot: { classic: null }, edit: null, note: {} };

  test.each([
    [
      'forged',
      () =>
        sealLease(
          { ...claims, repositoryId: stage.repo.state.id },
          content,
          'another key of more than thirty-two bytes',
          randomBytes,
        ),
      'lease_forged',
    ],
    [
      'replayed from another repository',
      () => sealLease({ ...claims, repositoryId: 1 }, content, SEAL_KEY, randomBytes),
      'lease_replayed',
    ],
    [
      'replayed from another branch',
      () => sealLease({ ...claims, repositoryId: stage.repo.state.id, branch: 'old' }, content, SEAL_KEY, randomBytes),
      'lease_replayed',
    ],
    [
      'truncated',
      () => sealLease({ ...claims, repositoryId: stage.repo.state.id }, content, SEAL_KEY, randomBytes).slice(0, 200),
      'lease_truncated',
    ],
  ] as const)('%s is refused: nothing is restored from it, and nothing is merged over it', async (_, message, code) => {
    const before = await liveProtection(stage);
    await plant(message());
    const reports = await finishAs(2, HOUR);
    expect(reports).toMatchObject([{ kind: 'unreadable', reasons: [{ code }] }]);
    const ports = await portsAs(RUN.id);
    const report: MergeReport = await runMerge(await taskFor(stage, ports, CASE), ports, NEVER);
    expect(report).toMatchObject({ outcome: 'error', merged: false });
    expect(report.reasons.map((reason) => reason.code)).toContain(code);
    expect(await liveProtection(stage)).toEqual(before);
  });
});
