import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { clientOf, mergeOnce, portsOf, protectFor, RUNG_CASES, startStage, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await startStage();
});
afterEach(() => stage.double.close());

describe.each(RUNG_CASES)('$rung on a $kind rule', (rung) => {
  test('merges the judged commit once and leaves the protection as it was', async () => {
    protectFor(rung, stage);
    const before = await portsOf(await clientOf(stage), stage).protection.read('main');
    const report = await mergeOnce(stage, rung);
    expect(report.reasons).toEqual([]);
    expect(report).toMatchObject({ outcome: 'pass', merged: true, rung: rung.rung, sha: stage.repo.tip('main') });
    expect(await portsOf(await clientOf(stage), stage).protection.read('main')).toEqual(before);
    expect(stage.repo.file('main', 'docs/guide.md')).toBe('text\n');
    expect(stage.repo.tip('refs/obsgate/lease/main')).toBeNull();
  });
});
