import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startJob, type ActionRun } from '../merge/run-action.ts';
import { protectFor, startStage, type Stage } from '../merge/stage.ts';
import { mergeNow } from './stage.ts';

let stage: Stage;
let sha: string;
beforeEach(async () => {
  stage = await startStage();
  sha = await mergeNow(stage, stage.pull, 'squash', stage.double.token('boss'));
});
afterEach(() => stage.double.close());

async function rollback(inputs: Readonly<Record<string, string>> = {}): Promise<ActionRun> {
  const job = await startJob(stage, {
    action: 'auto-rollback',
    event: 'workflow_dispatch',
    payload: {},
    inputs: { pr: String(stage.pull.number), 'merge-sha': sha, reason: 'errors > 0.003', ...inputs },
  });
  try {
    return await job.step('main');
  } finally {
    await job.end();
  }
}

describe('the action, as a process', () => {
  test('takes the merge back and says so in its outputs', async () => {
    const run = await rollback();
    expect({ code: run.code, out: run.code === 0 ? '' : run.stdout + run.stderr }).toEqual({ code: 0, out: '' });
    expect(run.outputs).toMatchObject({
      outcome: 'pass',
      'revert-sha': stage.repo.tip('main'),
      recovered: 'unconfirmed',
      'reason-codes': '[]',
    });
    expect(Number(run.outputs['revert-pr'])).toBeGreaterThan(stage.pull.number);
    expect(stage.repo.file('main', 'docs/guide.md')).toBeNull();
    expect(run.stdout).toContain('the tree from before the merge');
    expect(run.summary).toContain('Rollback of #');
  });

  test('in shadow mode prints the plan and changes nothing', async () => {
    const tip = stage.repo.tip('main');
    const run = await rollback({ 'dry-run': 'true' });
    expect(run).toMatchObject({ code: 0, outputs: { outcome: 'pass', recovered: 'unconfirmed' } });
    expect(run.stdout).toContain('shadow: nothing was changed');
    expect(stage.repo.tip('main')).toBe(tip);
    expect(stage.repo.state.pulls.size).toBe(1);
  });

  test('is undecided, not green, when the revert waits for a person', async () => {
    protectFor({ rung: 'add-bypass', kind: 'classic' }, stage);
    const run = await rollback();
    expect(run).toMatchObject({ code: 3, outputs: { outcome: 'hold' } });
    expect(JSON.parse(run.outputs['reason-codes'] ?? '[]')).toContain('reviews_missing');
    expect(stage.repo.tip('main')).toBe(sha);
  });

  test('refuses what is no full commit', async () => {
    const run = await rollback({ 'merge-sha': sha.slice(0, 8) });
    expect(run.code).toBe(2);
    expect(run.stdout).toContain('merge-sha');
  });

  test('says what of the commit it was not merged as', async () => {
    const other = stage.repo.tip(stage.pull.headRef) ?? '';
    const run = await rollback({ 'merge-sha': other });
    expect(run).toMatchObject({ code: 1, outputs: { outcome: 'fail', 'reason-codes': '["not_merged"]' } });
    expect(stage.repo.state.issues.size).toBe(1);
  });
});
