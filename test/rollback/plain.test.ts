import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FILES, mergedPull, rollBack, startStage, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await startStage();
});
afterEach(() => stage.double.close());

describe.each(['squash', 'merge', 'rebase'] as const)('a %s merge that is still the tip', (method) => {
  test('is taken back to the very tree from before it', async () => {
    const before = stage.repo.tip('main') ?? '';
    const merged = await mergedPull(stage, method);
    const report = await rollBack(stage, merged);
    expect(report.reasons).toEqual([]);
    expect(report).toMatchObject({ outcome: 'pass', reverted: true, revertSha: stage.repo.tip('main') });
    expect(stage.repo.file('main', 'docs/guide.md')).toBe(FILES['docs/guide.md']);
    expect(treeOf('main')).toBe(treeOf(before));
    expect(report.recovery).toMatchObject({ kind: 'unconfirmed' });
  });
});

function treeOf(at: string): string {
  return JSON.stringify(Object.keys(FILES).map((path) => stage.repo.file(at, path)));
}
