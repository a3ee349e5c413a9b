import { expect, test } from 'vitest';
import { isSame, protectMain, protectionOf, REVERT_PACK, rollbackEntries } from './scene.ts';
import { connectTo, FILES, mergedPull, revertsOnMain, rollBack, startStage, type Stage } from './stage.ts';

const LATER_MS = 600_000;
const AT_ONCE = 8;

async function prepared(): Promise<{ readonly stage: Stage; readonly merged: Awaited<ReturnType<typeof mergedPull>> }> {
  const stage = await startStage({ pack: REVERT_PACK });
  const merged = await mergedPull(stage);
  protectMain(stage);
  return { stage, merged };
}

test('a revert past a missing approval opens the bypass for itself alone and takes it back', async () => {
  const { stage, merged } = await prepared();
  const before = await protectionOf(stage);
  const report = await rollBack(stage, merged);
  expect(report.reasons).toEqual([]);
  expect(report).toMatchObject({ outcome: 'pass', reverted: true, merge: { rung: 'add-bypass', restore: 'restored' } });
  expect(isSame(before, await protectionOf(stage))).toBe(true);
  expect(stage.repo.file('main', 'docs/guide.md')).toBe(FILES['docs/guide.md']);
  expect(rollbackEntries(stage)).toMatchObject([
    { result: 'done', ctx: { pr: merged.pull.number, sha: merged.sha, revert_sha: stage.repo.tip('main') } },
  ]);
  await stage.double.close();
});

test('a run that dies after any of its requests is finished by the next: one revert, protection as it was', async () => {
  const first = await prepared();
  first.stage.double.faults.resetCounter();
  await rollBack(first.stage, first.merged);
  const count = first.stage.double.faults.count();
  await first.stage.double.close();
  expect(count).toBeGreaterThan(30);
  const failures: string[] = [];
  for (let at = 1; at <= count; at += 1) {
    // oxlint-disable-next-line no-await-in-loop -- the machine is small
    failures.push(...(await dieAt(at)));
  }
  expect(failures).toEqual([]);
}, 240_000);

async function dieAt(at: number): Promise<string[]> {
  const { stage, merged } = await prepared();
  const before = await protectionOf(stage);
  const died = new AbortController();
  const github = (await connectTo(stage)).until(died.signal);
  stage.double.faults.resetCounter();
  stage.double.faults.add({ at, fault: { do: 'hook', when: 'after', run: () => died.abort() } });
  await rollBack(stage, merged, { client: github });
  // Some are sent side by side; none may come after them.
  const alive = stage.double.faults.count() > at + AT_ONCE;
  stage.double.faults.clear();
  const report = await rollBack(stage, merged, { runId: 2, now: () => Date.now() + LATER_MS });
  const after = await protectionOf(stage);
  const wrong = [
    ...(alive ? ['the first run did not die'] : []),
    ...(report.outcome === 'pass' ? [] : [`outcome ${report.outcome} ${JSON.stringify(report.reasons)}`]),
    ...(stage.repo.file('main', 'docs/guide.md') === FILES['docs/guide.md'] ? [] : ['not reverted']),
    ...(revertsOnMain(stage, merged) === 1 ? [] : [`${revertsOnMain(stage, merged)} reverts`]),
    ...(isSame(before, after) ? [] : ['protection differs']),
    ...(stage.repo.tip('refs/obsgate/lease/main') === null ? [] : ['a lease is left']),
    ...(rollbackEntries(stage).filter(({ result }) => result === 'done').length === 1 ? [] : ['not once on record']),
  ];
  await stage.double.close();
  return wrong.map((each) => `after request ${at}: ${each}`);
}
