import type { ChildProcess } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { liveProtection } from './crash.ts';
import { labelled } from './events.ts';
import { startJob, type ActionRun, type Job } from './run-action.ts';
import { protectFor, startStage, type Stage } from './stage.ts';

/** Requests of the window and around it. */
const POINTS = [
  ['while the lease is claimed', { method: 'POST', route: '/repos/{owner}/{repo}/git/refs' }],
  ['while the edit is made', { method: 'PUT', route: '/repos/{owner}/{repo}/rulesets/{ruleset_id}' }],
  ['while the merge is made', { method: 'PUT', route: '/repos/{owner}/{repo}/pulls/{pull_number}/merge' }],
  [
    'while the protection is restored',
    { method: 'PUT', route: '/repos/{owner}/{repo}/rulesets/{ruleset_id}', skip: 1 },
  ],
] as const;

let stage: Stage;
let job: Job;
beforeEach(async () => {
  stage = await startStage({ mergeableNullReads: 0 });
  protectFor({ rung: 'add-bypass', kind: 'ruleset' }, stage);
  job = await startJob(stage, { event: 'pull_request', payload: labelled(stage, 'auto-relax-merge') });
});
afterEach(async () => {
  await job.end();
  await stage.double.close();
});

/** Runs main and sends it `signal` when the request of `point` arrives, before or after it took effect. */
async function runUntil(
  point: (typeof POINTS)[number][1],
  signal: NodeJS.Signals,
  when: 'before' | 'after',
): Promise<ActionRun> {
  let child: ChildProcess | undefined;
  const run = (): void => void child?.kill(signal);
  stage.double.faults.add({ ...point, fault: { do: 'hook', when, run } });
  return job.step('main', (started) => (child = started));
}

describe.each(POINTS)('the process ends %s', (_, point) => {
  test.each(['before', 'after'] as const)('killed %s the effect: the post step leaves it as it was', async (when) => {
    const before = await liveProtection(stage);
    const main = await runUntil(point, 'SIGKILL', when);
    expect(main.signal).toBe('SIGKILL');
    const post = await job.step('post');
    expect({ code: post.code, said: post.code === 0 ? '' : post.stdout }).toEqual({ code: 0, said: '' });
    expect(await liveProtection(stage)).toEqual(before);
    expect(stage.repo.tip('refs/obsgate/lease/main')).toBeNull();
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('told by %s: it restores by itself before it ends', async (signal) => {
    const before = await liveProtection(stage);
    const main = await runUntil(point, signal, 'before');
    expect([130, 143]).toContain(main.code);
    expect(await liveProtection(stage)).toEqual(before);
    expect(stage.repo.tip('refs/obsgate/lease/main')).toBeNull();
    const merges = stage.repo.state.activity.filter(({ type }) => type === 'pr_merge');
    expect(merges.length).toBe(stage.pull.mergedAt === null ? 0 : 1);
  });
});
