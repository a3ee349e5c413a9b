import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { client } from '../github-double/client.ts';
import { checksEnded, commented, dispatched, labelled } from './events.ts';
import { startJob, type ActionRun, type JobSpec } from './run-action.ts';
import { openGreenPull, protectFor, RUNG_CASES, startStage, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await startStage();
});
afterEach(() => stage.double.close());

async function mainOf(spec: JobSpec): Promise<ActionRun> {
  const job = await startJob(stage, spec);
  try {
    return await job.step('main');
  } finally {
    await job.end();
  }
}

describe('the action, as a process', () => {
  test.each(RUNG_CASES)('merges by $rung on a $kind rule', async (rung) => {
    protectFor(rung, stage);
    const { pull, repo } = stage;
    const run = await mainOf({ event: 'pull_request', payload: labelled(stage, 'auto-relax-merge') });
    expect({
      code: run.code,
      out: run.code === 0 ? '' : run.stdout.replaceAll(/^::add-mask.*$/gm, '') + run.stderr,
    }).toEqual({ code: 0, out: '' });
    const taken = rung.rung === 'lower-field' ? 'add-bypass' : rung.rung;
    expect(run.outputs).toMatchObject({ outcome: 'pass', merged: 'true', sha: repo.tip('main'), rung: taken });
    expect(pull.mergedBy).toBe('obsgate[bot]');
  });

  test('deletes the merged branch, unless somebody pushed to it since', async () => {
    const { repo, pull, double } = stage;
    await mainOf({ event: 'pull_request', payload: labelled(stage, 'auto-relax-merge') });
    expect(repo.tip(pull.headRef)).toBeNull();
    const next = await openGreenPull(double, repo, { branch: 'next', files: { 'docs/b.md': 'b\n' } });
    const run = async (): Promise<void> => void (await repo.push('next', { 'docs/late.md': 'late\n' }));
    double.faults.add({ operation: 'updateRefs', fault: { do: 'hook', when: 'before', run } });
    const payload = labelled({ ...stage, pull: next }, 'auto-relax-merge');
    const { outputs, stdout } = await mainOf({ event: 'pull_request', payload });
    expect(outputs).toMatchObject({ merged: 'true' });
    expect(stdout).toContain('the merged branch was not deleted');
    expect(repo.file('next', 'docs/late.md')).toBe('late\n');
  });

  test('a dry run prints the plan and changes nothing', async () => {
    protectFor({ rung: 'add-bypass', kind: 'classic' }, stage);
    const tip = stage.repo.tip('main');
    const run = await mainOf({ event: 'workflow_dispatch', payload: dispatched(stage), inputs: { 'dry-run': 'true' } });
    expect(run).toMatchObject({ code: 0, outputs: { outcome: 'pass', merged: 'false' } });
    expect(run.stdout).toContain('would be merged (add-bypass)');
    expect(stage.repo.tip('main')).toBe(tip);
    const writes = stage.double.requests.filter(({ method, route }) => method !== 'GET' && route !== '/graphql');
    expect(writes.map(({ route }) => route)).toEqual([
      '/app/installations/{installation_id}/access_tokens',
      '/installation/token',
    ]);
  });

  test.each([
    ['issue_comment', () => commented(stage, '/auto-merge')],
    ['workflow_run', () => checksEnded(stage)],
    ['workflow_dispatch', () => dispatched(stage)],
  ] as const)('is asked by %s as well, and tells the pull request', async (event, payload) => {
    stage.double.clock.advance(5);
    const run = await mainOf({ event, payload: payload() });
    expect(run).toMatchObject({ code: 0, outputs: { merged: 'true' } });
    const issue = stage.repo.state.issues.get(stage.pull.number);
    expect(issue?.labels).toContain('auto-relaxed-merged');
    expect(issue?.comments.at(-1)?.body).toContain('is merged (plain)');
    expect(run.summary).toContain('is merged (plain)');
    const ledger = stage.repo.file('obsgate-ledger', `audit/${new Date().toISOString().slice(0, 7)}.ndjson`);
    expect(ledger).toContain('"stage":"merge","result":"pass"');
  });

  test.each(['merged', 'closed'] as const)(
    'one that is %s, which the event does not say, is none to merge',
    async (how) => {
      const admin = client(stage.double.url, stage.double.token('admin'));
      const path = `/repos/acme/obs/pulls/${stage.pull.number}`;
      await (how === 'merged' ? admin('PUT', `${path}/merge`, {}) : admin('PATCH', path, { state: 'closed' }));
      const tip = stage.repo.tip('main');
      const run = await mainOf({ event: 'workflow_dispatch', payload: dispatched(stage) });
      expect(run).toMatchObject({ code: 0, outputs: { outcome: 'pass', merged: 'false' } });
      expect(run.stdout).toContain(`is ${how} already`);
      expect(stage.repo.tip('main')).toBe(tip);
    },
  );

  test('a pull request that is merged already is said to be, and the job passes', async () => {
    const payload = labelled(stage, 'auto-relax-merge');
    Object.assign(payload.pull_request, { state: 'closed', merged: true });
    const run = await mainOf({ event: 'pull_request', payload });
    expect(run).toMatchObject({ code: 0, outputs: { outcome: 'pass', merged: 'false' } });
    expect(run.stdout).toContain('is merged already');
  });
});
