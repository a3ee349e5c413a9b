import { expect, test } from 'vitest';
import { decide } from './decide.ts';
import { MERGED_AT, POLICY, entry, mergeEntry, openWindow, sha, verdictOf } from './fixture.ts';
import { watchEntry } from './record.ts';
import { collectWindows, dueWindows, lookFrom } from './windows.ts';

const NOW = MERGED_AT;
const pull = (pr: number, minutesAgo: number) => ({ pr, sha: sha(pr), base: 'main', mergedAt: NOW - minutesAgo * 60 });
const open = (entries: Parameters<typeof collectWindows>[0]['entries'], pulls: ReturnType<typeof pull>[] = []) =>
  collectWindows({ entries, pulls }, POLICY, NOW).open;
const watched = (pr: number, minutesAgo: number, outcome: 'hold' | 'error' = 'hold') => {
  const window = openWindow({ pr, sha: sha(pr), mergedAt: NOW - minutesAgo * 60 });
  return entry(watchEntry(decide(window, [verdictOf(outcome)], POLICY, NOW), true, NOW));
};

test('merges on record and merged pull requests are windows, each once, with the scenario of the record', () => {
  const windows = open([mergeEntry(1, 10, NOW)], [pull(1, 11), pull(2, 20)]);
  expect(windows.map(({ pr, scenario, mergedAt }) => [pr, scenario, (NOW - mergedAt) / 60])).toEqual([
    [2, null, 20],
    [1, 'safe-docs', 11],
  ]);
});

test('a merge that was refused is no window', () => {
  expect(open([mergeEntry(1, 10, NOW, { merged: false })])).toEqual([]);
});

test('a window that was closed is not opened again by its merge or its pull request', () => {
  expect(open([mergeEntry(1, 200, NOW), watched(1, 200)], [pull(1, 200)])).toEqual([]);
});

test('a window on record stays until it is closed, however old it is', () => {
  const old = 60 * 24 * 20;
  expect(open([watched(1, old, 'error')]).map(({ pr, failingSince }) => [pr, failingSince])).toEqual([[1, NOW]]);
});

test('a schedule that rested for days finds the merges of that time', () => {
  expect(open([watched(9, 60 * 24 * 4)], [pull(1, 60 * 24 * 3)]).map(({ pr }) => pr)).toEqual([1]);
});

test('the first run leaves old pull requests alone', () => {
  expect(open([], [pull(1, 60 * 24), pull(2, 100)]).map(({ pr }) => pr)).toEqual([2]);
  expect(NOW - lookFrom([], POLICY, NOW)).toBe(14_430);
});

test('a window is due once it has settled', () => {
  const windows = collectWindows({ entries: [], pulls: [pull(1, 4), pull(2, 5)] }, POLICY, NOW);
  expect(dueWindows(windows, POLICY, NOW).map(({ pr }) => pr)).toEqual([2]);
});

test('a merge that is called by another commit on record is the same merge', () => {
  expect(open([mergeEntry(1, 10, NOW, { sha: sha(7) })], [pull(1, 11)]).map((window) => window.sha)).toEqual([sha(1)]);
});

test('closed windows are still suspects for the breach of another', () => {
  const { merges } = collectWindows({ entries: [watched(1, 200)], pulls: [pull(2, 100)] }, POLICY, NOW);
  expect(merges.get('main')?.map(({ pr }) => pr)).toEqual([1, 2]);
});

test('a rollback on record closes a breach, one that met an error does not', () => {
  const rollback = (result: 'done' | 'hold' | 'error') =>
    entry({ stage: 'rollback', result, reasons: [], ctx: { pr: 1, sha: sha(1), base: 'main' } });
  const rolledBack = (result: 'done' | 'hold' | 'error') =>
    open([mergeEntry(1, 10, NOW), rollback(result)])[0]?.rolledBack;
  expect([rolledBack('done'), rolledBack('hold'), rolledBack('error')]).toEqual([true, true, false]);
});
