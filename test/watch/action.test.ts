import { breachSchema } from '@obsgate/core/rollback';
import { sandboxProgram } from '@obsgate/prometheus/sandbox';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { openMetrics } from '../slo/history.ts';
import { toolsForTests } from '../stand/tools.ts';
import { MINUTE, commentsOf, runWatch, sloFile, startWatchStage, watchEntries, type WatchStage } from './stage.ts';

// Whole minutes some hours ago, so that everything lies in the past of a real server.
const MERGED_AT = Math.floor(Date.now() / 60_000) * 60 - 8 * 3600;
const NOBODY = 'http://127.0.0.1:1';
const tools = await toolsForTests();
const server = tools.servers.at(-1);
if (server === undefined) process.stderr.write('skipped: no Prometheus on this machine\n');

const after = (minute: number): number => MERGED_AT + minute * MINUTE + 45;

describe.skipIf(server === undefined)('the watch of one merge', () => {
  let url = '';
  let stop = async (): Promise<unknown> => undefined;
  let stage: WatchStage | undefined;

  beforeAll(async () => {
    if (server === undefined) return;
    const { version, prometheus, promtool } = server;
    const history = openMetrics(
      [
        { job: 'healthy', requests: 3000, share: () => 0.001 },
        { job: 'broken', requests: 3000, share: (minute) => (minute > 20 ? 0.015 : 0.001) },
        { job: 'unscraped', requests: 3000, share: () => 0.001, lost: (minute) => minute > 30 && minute < 70 },
      ],
      MERGED_AT,
    );
    const program = sandboxProgram({ version, prometheus: prometheus.path, promtool: promtool.path });
    const files = new Map([['prometheus.yml', 'global: {}\n']]);
    const start = await program.start({ files, config: 'prometheus.yml', features: [], history, deadlineMs: 60_000 });
    if (start.kind !== 'ready') throw new Error(JSON.stringify(start));
    url = start.server.api.url;
    stop = () => start.server.stop();
  });
  afterAll(() => stop());
  afterEach(async () => {
    await stage?.double.close();
    stage = undefined;
  });

  async function watched(job: string): Promise<WatchStage> {
    stage = await startWatchStage(sloFile(job), MERGED_AT);
    return stage;
  }

  const breachesOf = (result: Awaited<ReturnType<typeof runWatch>>) =>
    z.array(breachSchema).parse(JSON.parse(JSON.stringify(result.breaches)));

  test('a merge that has not settled is waited for, and nothing is written', async () => {
    const here = await watched('healthy');
    const result = await runWatch(here, { url, now: after(3) });
    expect(result.report).toMatchObject({ waiting: 1, windows: [], queries: 0 });
    expect(commentsOf(here, here.pr)).toEqual([]);
    expect(watchEntries(here)).toEqual([]);
  });

  test('a healthy service is watched to the end and passes, with one comment and no breach', async () => {
    const here = await watched('healthy');
    const early = await runWatch(here, { url, now: after(10) });
    expect([early.code, early.outcome, early.breaches, early.holds]).toEqual([0, 'hold', [], 1]);
    const late = await runWatch(here, { url, now: after(121) });
    expect([late.code, late.outcome, late.breaches]).toEqual([0, 'pass', []]);
    expect(late.report.windows).toMatchObject([{ pr: here.pr, state: 'closed' }]);
    const [comment = '', ...others] = commentsOf(here, here.pr);
    expect(others).toEqual([]);
    expect(comment).toContain('### Watch after the merge: passed');
    expect(comment).toMatch(/✅ pass.*[▁▂▃▄▅▆▇█].*[▁▂▃▄▅▆▇█]/);
    expect(watchEntries(here).map(({ result, ctx }) => [result, ctx['state']])).toEqual([
      ['hold', 'open'],
      ['pass', 'closed'],
    ]);
    expect((await runWatch(here, { url, now: after(130) })).report.windows).toEqual([]);
  });

  test('injected errors are a breach in the matrix, in every run until a rollback is on record', async () => {
    const here = await watched('broken');
    const result = await runWatch(here, { url, now: after(40) });
    expect([result.code, result.outcome, result.codes]).toEqual([1, 'breach', ['slo_breached']]);
    const [breach] = breachesOf(result);
    expect(breach).toMatchObject({ pr: here.pr, merge_sha: here.sha, scenario: null, metrics: ['errors'] });
    expect(breach?.verdict).toMatch(/^[0-9a-f]{64}$/);
    expect(commentsOf(here, here.pr)[0]).toContain('an objective is broken');
    const again = await runWatch(here, { url, now: after(45) });
    expect(breachesOf(again)).toEqual([breach]);
    expect(watchEntries(here)).toHaveLength(1);
  });

  test('a schedule that skipped two hours finds the breach all the same', async () => {
    const here = await watched('broken');
    await runWatch(here, { url, now: after(10) });
    const late = await runWatch(here, { url, now: after(150) });
    expect(breachesOf(late)).toMatchObject([{ pr: here.pr, metrics: ['errors'] }]);
  });

  test('a breach that is found more than a window too late calls people instead of the rollback', async () => {
    const here = await watched('broken');
    await runWatch(here, { url, now: after(10) });
    const late = await runWatch(here, { url, now: after(250) });
    expect([late.outcome, late.breaches]).toEqual(['breach', []]);
    const alarms = [...here.repo.state.issues.values()].filter(({ title }) => title.includes('too late'));
    expect(alarms).toHaveLength(1);
  });

  test('missing data are held, and at the end the comment says that nothing is proved', async () => {
    const here = await watched('unscraped');
    const result = await runWatch(here, { url, now: after(121) });
    expect([result.code, result.outcome, result.breaches, result.codes]).toEqual([0, 'hold', [], ['coverage_low']]);
    expect(commentsOf(here, here.pr)[0]).toContain('### Watch after the merge: unproven');
  });

  test('a server that is gone is an error that is told once, extends the window, and never passes', async () => {
    const here = await watched('healthy');
    for (const minute of [30, 35, 40]) {
      const result = await runWatch(here, { url: NOBODY, now: after(minute) });
      expect([result.code, result.outcome, result.breaches]).toEqual([3, 'error', []]);
    }
    expect(watchEntries(here).map(({ result }) => result)).toEqual(['error']);
    expect(commentsOf(here, here.pr)).toHaveLength(1);
    const extended = await runWatch(here, { url: NOBODY, now: after(150) });
    expect(extended.report.windows).toMatchObject([{ state: 'extended', outcome: 'error' }]);
    // It is back: the whole window is judged, late.
    const back = await runWatch(here, { url, now: after(200) });
    expect([back.outcome, back.report.windows[0]?.state]).toEqual(['pass', 'closed']);
  });

  test('a server that stays away past the deadline leaves an issue and an error on record', async () => {
    const here = await watched('broken');
    await runWatch(here, { url: NOBODY, now: after(30) });
    const last = await runWatch(here, { url: NOBODY, now: after(241) });
    expect([last.code, last.outcome, last.breaches]).toEqual([3, 'error', []]);
    expect(watchEntries(here).map(({ result, ctx }) => [result, ctx['state']])).toEqual([
      ['error', 'unreachable'],
      ['error', 'closed'],
    ]);
    const alarms = [...here.repo.state.issues.values()].filter(({ title }) => title.includes('could not be watched'));
    expect(alarms).toHaveLength(1);
    expect(commentsOf(here, here.pr)[0]).toContain('never judged');
  });

  test('a window whose end cannot be told because GitHub slows us down stays open until it is told', async () => {
    const here = await watched('healthy');
    const fault = { do: 'secondary-limit', retryAfterSeconds: 3600 } as const;
    here.double.faults.add({ method: 'POST', route: '/repos/{owner}/{repo}/issues/{issue_number}/comments', fault });
    const limited = await runWatch(here, { url, now: after(121) });
    expect([limited.code, limited.outcome]).toEqual([3, 'error']);
    expect(watchEntries(here)).toEqual([]);
    await runWatch(here, { url, now: after(126) });
    expect(commentsOf(here, here.pr)[0]).toContain('### Watch after the merge: passed');
    expect(watchEntries(here)).toMatchObject([{ result: 'pass', ctx: { state: 'closed', told: true } }]);
  });

  test('a breach is handed on though neither the comment nor the ledger can be written', async () => {
    const here = await watched('broken');
    for (const method of ['POST', 'PUT'])
      here.double.faults.add({ method, times: 100, fault: { do: 'status', status: 403 } });
    const result = await runWatch(here, { url, now: after(40) });
    expect([result.code, result.outcome]).toEqual([1, 'breach']);
    expect(breachesOf(result)).toMatchObject([{ pr: here.pr }]);
    expect(result.codes).toEqual(['permission_missing', 'slo_breached']);
  });

  test('two watches at once leave one comment, one entry, and the same breach', async () => {
    const here = await watched('broken');
    const results = await Promise.all([1, 2].map((runId) => runWatch(here, { url, now: after(40), runId })));
    const [one, two] = results.map(breachesOf);
    expect(one).toHaveLength(1);
    expect(two).toEqual(one);
    expect(commentsOf(here, here.pr)).toHaveLength(1);
    expect(watchEntries(here)).toHaveLength(1);
  });
});
