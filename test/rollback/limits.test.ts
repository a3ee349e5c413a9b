import { afterEach, describe, expect, test } from 'vitest';
import { protectMain, protectionOf, isSame, REVERT_PACK, rollbackEntries } from './scene.ts';
import { FILES, mergedPull, mergeNow, revertsOnMain, rollBack, startStage, type Stage } from './stage.ts';

let stage: Stage;
afterEach(() => stage.double.close());

function codes(report: Awaited<ReturnType<typeof rollBack>>): string[] {
  return report.reasons.map(({ code }) => code);
}

describe('a rollback that is asked for again', () => {
  test('finds the first in the ledger and changes nothing', async () => {
    stage = await startStage();
    const merged = await mergedPull(stage);
    await rollBack(stage, merged);
    const tip = stage.repo.tip('main');
    const again = await rollBack(stage, merged, { runId: 2 });
    expect(again).toMatchObject({
      outcome: 'pass',
      reverted: true,
      revertSha: tip,
      plan: { already: { by: 'ledger' } },
    });
    expect(stage.repo.tip('main')).toBe(tip);
    expect(rollbackEntries(stage)).toHaveLength(1);
  });

  test('at the same time by two runs gives one revert', async () => {
    stage = await startStage({ pack: REVERT_PACK });
    const merged = await mergedPull(stage);
    protectMain(stage);
    const before = await protectionOf(stage);
    const reports = await Promise.all([rollBack(stage, merged), rollBack(stage, merged, { runId: 2 })]);
    expect(reports.some(({ outcome }) => outcome === 'pass')).toBe(true);
    expect(reports.filter(({ outcome }) => outcome === 'error')).toEqual([]);
    expect(revertsOnMain(stage, merged)).toBe(1);
    expect(stage.repo.file('main', 'docs/guide.md')).toBe(FILES['docs/guide.md']);
    const after = await rollBack(stage, merged, { runId: 3 });
    expect(after).toMatchObject({ outcome: 'pass', reverted: true });
    expect(isSame(before, await protectionOf(stage))).toBe(true);
    expect(stage.repo.state.pulls.size).toBe(2);
  });
});

describe('a merge that was taken back by others', () => {
  test('is seen by the commit that says so', async () => {
    stage = await startStage();
    const merged = await mergedPull(stage);
    await stage.repo.push(
      'main',
      { 'docs/guide.md': FILES['docs/guide.md'], 'docs/note.md': 'x\n' },
      { message: `Back\n\nThis reverts commit ${merged.sha}.` },
    );
    const report = await rollBack(stage, merged);
    expect(report).toMatchObject({ outcome: 'pass', plan: { kind: 'done', already: { by: 'commit', ours: false } } });
    expect(stage.repo.state.pulls.size).toBe(1);
  });

  test('is seen by the tree, whatever the commit says', async () => {
    stage = await startStage();
    const merged = await mergedPull(stage);
    await stage.repo.push('main', { 'docs/guide.md': FILES['docs/guide.md'] }, { message: 'Back to the old guide' });
    expect(await rollBack(stage, merged)).toMatchObject({ plan: { kind: 'done', already: { by: 'tree' } } });
  });

  test('and is open as a pull request of somebody else, is held', async () => {
    stage = await startStage();
    const merged = await mergedPull(stage);
    const branch = `revert-${merged.pull.number}-${merged.pull.headRef}`;
    await stage.repo.pull({ branch, author: 'reviewer', files: { 'docs/guide.md': FILES['docs/guide.md'] } });
    const report = await rollBack(stage, merged);
    expect(report.outcome).toBe('hold');
    expect(codes(report)).toEqual(['revert_open']);
    expect(stage.repo.tip(`obsgate/revert-${merged.pull.number}-${merged.sha.slice(0, 12)}`)).toBeNull();
  });
});

test('a revert is never reverted, by whoever it was made', async () => {
  stage = await startStage();
  const merged = await mergedPull(stage);
  const first = await rollBack(stage, merged);
  const revert = [...stage.repo.state.pulls.values()].find(({ number }) => number === first.revertPull);
  const again = await rollBack(stage, { pull: revert ?? merged.pull, sha: first.revertSha ?? '' });
  expect(again.outcome).toBe('fail');
  expect(codes(again)).toEqual(['revert_of_revert']);
  const byHand = await mergedPull(stage, 'squash', { title: 'Reapply "Change"', files: { 'docs/new.md': 'x\n' } });
  expect(codes(await rollBack(stage, byHand))).toEqual(['revert_of_revert']);
});

test('the fourth merge within a day is left to a person', async () => {
  stage = await startStage();
  for (const name of ['a', 'b', 'c']) {
    const merged = await mergedPull(stage, 'squash', { files: { [`docs/${name}.md`]: 'x\n' } });
    expect(await rollBack(stage, merged)).toMatchObject({ outcome: 'pass', reverted: true });
  }
  const fourth = await mergedPull(stage, 'squash', { files: { 'docs/d.md': 'x\n' } });
  const report = await rollBack(stage, fourth);
  expect(report.outcome).toBe('hold');
  expect(codes(report)).toEqual(['rollback_cap']);
  expect(stage.repo.file('main', 'docs/d.md')).toBe('x\n');
  expect(await rollBack(stage, fourth, { now: () => Date.now() + 86_400_001 })).toMatchObject({ reverted: true });
});

describe('the switch', () => {
  test('of the repository variable stops rollbacks', async () => {
    stage = await startStage();
    stage.repo.variable('OBSGATE_ROLLBACK_STOP', 'incident 12');
    const merged = await mergedPull(stage);
    const report = await rollBack(stage, merged);
    expect(report).toMatchObject({ outcome: 'hold', reverted: false });
    expect(codes(report)).toEqual(['rollback_stopped']);
    expect(stage.repo.file('main', 'docs/guide.md')).toContain('bad');
  });

  test('of an open issue stops rollbacks, and closed it does not', async () => {
    stage = await startStage();
    const issue = stage.repo.issue({ title: 'Stop', user: 'boss', labels: ['obsgate:stop-rollback'] });
    const merged = await mergedPull(stage);
    expect(codes(await rollBack(stage, merged))).toEqual(['rollback_stopped']);
    issue.state = 'closed';
    expect(await rollBack(stage, merged)).toMatchObject({ outcome: 'pass', reverted: true });
  });
});

test('in shadow mode the plan is made and nothing is written', async () => {
  stage = await startStage();
  const merged = await mergedPull(stage);
  stage.double.clearRequests();
  const report = await rollBack(stage, merged, { mode: 'shadow' });
  expect(report).toMatchObject({
    outcome: 'pass',
    reverted: false,
    plan: { kind: 'revert', way: 'tree', land: 'merge' },
  });
  const writes = stage.double.requests.filter(({ method, operation }) => method !== 'GET' && operation === undefined);
  expect(writes.filter(({ path }) => !path.endsWith('/graphql'))).toEqual([]);
  expect(stage.repo.state.pulls.size).toBe(1);
});

describe('a revert that a person must confirm', () => {
  test('is opened and not merged, now or by the next run', async () => {
    stage = await startStage({ config: 'rollback: { require_manual_confirm: true }\n' });
    const merged = await mergedPull(stage);
    const report = await rollBack(stage, merged);
    expect(report).toMatchObject({ outcome: 'hold', reverted: false });
    expect(codes(report)).toEqual(['confirm_required']);
    const again = await rollBack(stage, merged, { runId: 2 });
    expect(again).toMatchObject({ outcome: 'hold', revertPull: report.revertPull });
    expect(rollbackEntries(stage)).toMatchObject([{ result: 'hold', ctx: { revert_pr: report.revertPull } }]);
    expect(stage.repo.file('main', 'docs/guide.md')).toContain('bad');
  });

  test('and is merged by that person, goes on record', async () => {
    stage = await startStage({ config: 'rollback: { require_manual_confirm: true }\n' });
    const merged = await mergedPull(stage);
    const { revertPull } = await rollBack(stage, merged);
    const revert = [...stage.repo.state.pulls.values()].find(({ number }) => number === revertPull) ?? merged.pull;
    await mergeNow(stage, revert, 'squash', stage.double.token('boss'));
    expect(await rollBack(stage, merged, { runId: 2 })).toMatchObject({ outcome: 'pass', reverted: true });
    expect(rollbackEntries(stage).map(({ result }) => result)).toEqual(['hold', 'done']);
  });

  test('and is closed by that person, is not opened again', async () => {
    stage = await startStage({ config: 'rollback: { auto_merge: false }\n' });
    const merged = await mergedPull(stage);
    const { revertPull } = await rollBack(stage, merged);
    const issue = stage.repo.state.issues.get(revertPull ?? 0);
    if (issue !== undefined) issue.state = 'closed';
    const report = await rollBack(stage, merged, { runId: 2 });
    expect(report.outcome).toBe('fail');
    expect(codes(report)).toEqual(['revert_declined']);
  });
});

test('without the rulepack revert protection is not relaxed: the pull request waits for its approval', async () => {
  stage = await startStage();
  const merged = await mergedPull(stage);
  protectMain(stage);
  const before = await protectionOf(stage);
  stage.double.clearRequests();
  const report = await rollBack(stage, merged);
  expect(report.outcome).toBe('hold');
  expect(codes(report)).toContain('reviews_missing');
  expect(stage.double.requests.filter(({ method, route }) => method === 'PUT' && route?.includes('rulesets'))).toEqual(
    [],
  );
  expect(isSame(before, await protectionOf(stage))).toBe(true);
});

test('a required check that no bypass lifts is waited for, and no window is opened for it', async () => {
  stage = await startStage({ pack: REVERT_PACK });
  const merged = await mergedPull(stage);
  stage.repo.protect('main', { enforceAdmins: true, checks: ['build'], reviews: { count: 1 } });
  const report = await rollBack(stage, merged);
  expect(report.outcome).toBe('hold');
  expect(codes(report)).toEqual(['check_missing']);
  expect(report.merge).toBeNull();
  const revert = [...stage.repo.state.pulls.values()].find(({ number }) => number === report.revertPull);
  stage.repo.check(revert?.headSha ?? '', 'build');
  const later = await rollBack(stage, merged, { runId: 2 });
  expect(later).toMatchObject({ outcome: 'pass', reverted: true, merge: { rung: 'add-bypass', restore: 'restored' } });
});

test('a merge that changed what decides about merges is not taken back without a person', async () => {
  stage = await startStage();
  const merged = await mergedPull(stage, 'squash', { files: { 'rulepack/docs.yml': '# nothing\n' } });
  const report = await rollBack(stage, merged);
  expect(report.outcome).toBe('hold');
  expect(codes(report)).toContain('forbidden_path');
  expect(report.revertPull).not.toBeNull();
});
