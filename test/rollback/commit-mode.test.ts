import { afterEach, expect, test } from 'vitest';
import { protectMain, REVERT_PACK, rollbackEntries } from './scene.ts';
import { FILES, mergedPull, rollBack, startStage, type Stage } from './stage.ts';

const CONFIG = 'rollback: { mode: commit }\n';

let stage: Stage;
afterEach(() => stage.double.close());

test('mode commit puts the proven commit straight on the branch, and finds it again', async () => {
  stage = await startStage({ config: CONFIG });
  const merged = await mergedPull(stage);
  const report = await rollBack(stage, merged);
  expect(report).toMatchObject({
    outcome: 'pass',
    reverted: true,
    revertPull: null,
    revertSha: stage.repo.tip('main'),
  });
  expect(stage.repo.file('main', 'docs/guide.md')).toBe(FILES['docs/guide.md']);
  expect(stage.repo.state.pulls.size).toBe(1);
  expect(await rollBack(stage, merged, { runId: 2 })).toMatchObject({ plan: { kind: 'done' } });
  expect(rollbackEntries(stage)).toHaveLength(1);
});

test('mode commit opens a pull request where the branch is not to be pushed to', async () => {
  stage = await startStage({ config: CONFIG, pack: REVERT_PACK });
  const merged = await mergedPull(stage);
  protectMain(stage);
  const report = await rollBack(stage, merged);
  expect(report).toMatchObject({ outcome: 'pass', reverted: true, merge: { rung: 'add-bypass' } });
  expect(report.revertPull).not.toBeNull();
});

test('a commit whose writer died before the record is put on record by the next run', async () => {
  stage = await startStage({ config: CONFIG });
  const merged = await mergedPull(stage);
  const first = await rollBack(stage, merged, {
    ledger: (ledger) => ({
      ...ledger,
      append: async () => ({ kind: 'refused', reasons: [{ code: 'ledger_conflict', message: 'others write' }] }),
    }),
  });
  expect(first).toMatchObject({ outcome: 'error', reverted: true });
  await stage.repo.push('main', { 'docs/later.md': 'x\n' });
  expect(await rollBack(stage, merged, { runId: 2 })).toMatchObject({
    plan: { already: { by: 'commit', ours: true } },
  });
  expect(rollbackEntries(stage)).toMatchObject([{ result: 'done' }]);
});
