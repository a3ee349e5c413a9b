import { describe, expect, test } from 'vitest';
import type { Outcome } from '../kernel/index.ts';
import { decide, breachEntries } from './decide.ts';
import { MERGED_AT, POLICY, openWindow, sha, verdictOf } from './fixture.ts';
import { isNews, readWatchEntry, watchEntry, watchEntryId } from './record.ts';
import { entry } from './fixture.ts';

const minutes = (minute: number): number => MERGED_AT + minute * 60;

describe('what becomes of a window', () => {
  const table: readonly (readonly [Outcome, number, string, boolean])[] = [
    ['pass', 31, 'open', false],
    ['pass', 119, 'open', false],
    ['pass', 121, 'closed', false],
    ['hold', 31, 'open', false],
    ['hold', 121, 'closed', false],
    ['hold', 9999, 'closed', false],
    ['error', 31, 'unreachable', false],
    ['error', 121, 'extended', false],
    // The first try of all comes days late: the wait begins with it.
    ['error', 9999, 'extended', false],
    ['breach', 31, 'breach', false],
    ['breach', 121, 'breach', false],
    ['breach', 239, 'breach', false],
    ['breach', 242, 'closed', true],
  ];
  test.each(table)('%s after %i minutes is %s, alarm %s', (outcome, minute, kind, alarm) => {
    const decision = decide(openWindow(), [verdictOf(outcome)], POLICY, minutes(minute));
    expect({ kind: decision.kind, alarm: decision.alarm, outcome: decision.outcome }).toEqual({ kind, alarm, outcome });
  });

  test('a window that failed for as long as it may be extended is closed as an error, with an alarm', () => {
    const failing = openWindow({ failingSince: minutes(200) });
    expect(decide(failing, [verdictOf('error')], POLICY, minutes(319))).toMatchObject({
      kind: 'extended',
      alarm: false,
    });
    expect(decide(failing, [verdictOf('error')], POLICY, minutes(320))).toMatchObject({
      kind: 'closed',
      alarm: true,
      outcome: 'error',
    });
  });

  test('a window that failed from its begin waits for its own length beyond its end', () => {
    const failing = openWindow({ failingSince: minutes(5) });
    expect(decide(failing, [verdictOf('error')], POLICY, minutes(239)).kind).toBe('extended');
    expect(decide(failing, [verdictOf('error')], POLICY, minutes(240)).kind).toBe('closed');
  });

  test('an answer ends a failure', () => {
    const decision = decide(openWindow({ failingSince: minutes(5) }), [verdictOf('hold')], POLICY, minutes(30));
    expect(decision).toMatchObject({ kind: 'open', failingSince: undefined });
  });

  test('without a verdict it is an error', () => {
    expect(decide(openWindow(), [], POLICY, minutes(60))).toMatchObject({ outcome: 'error', kind: 'unreachable' });
  });

  test('the worst of several files counts', () => {
    const verdicts = [verdictOf('pass'), verdictOf('hold', 'coverage_low'), verdictOf('error', 'server_unreachable')];
    const decision = decide(openWindow(), verdicts, POLICY, minutes(60));
    expect(decision.outcome).toBe('error');
    expect(decision.reasons.map(({ code }) => code)).toEqual(['server_unreachable']);
  });

  test('a breach that a rollback has dealt with is closed', () => {
    const decision = decide(openWindow({ rolledBack: true }), [verdictOf('breach')], POLICY, minutes(60));
    expect(decision.kind).toBe('closed');
    expect(breachEntries([decision])).toEqual([]);
  });
});

test('of all outcomes a breach alone gets into the matrix', () => {
  const outcomes: readonly Outcome[] = ['pass', 'hold', 'error', 'breach'];
  const decisions = outcomes.map((outcome) => decide(openWindow(), [verdictOf(outcome)], POLICY, minutes(60)));
  expect(breachEntries(decisions)).toEqual([
    { pr: 1, merge_sha: sha(1), scenario: null, metrics: [], verdict: decisions[3]?.digest },
  ]);
});

test('the same judgement is news once, and again when it could not be told', () => {
  const first = decide(openWindow(), [verdictOf('hold', 'window_open')], POLICY, minutes(10));
  const later = (told: boolean): boolean => {
    const record = readWatchEntry(entry(watchEntry(first, told, minutes(10))));
    expect(record).toBeDefined();
    const window = openWindow({ last: record?.last });
    return isNews(decide(window, [verdictOf('hold', 'window_open')], POLICY, minutes(15)));
  };
  expect(isNews(first)).toBe(true);
  expect(later(true)).toBe(false);
  expect(later(false)).toBe(true);
});

test('two runs that decide the same write the same entry', () => {
  const one = decide(openWindow(), [verdictOf('breach', 'slo_breached')], POLICY, minutes(60));
  const two = decide(openWindow(), [verdictOf('breach', 'slo_breached')], POLICY, minutes(61));
  expect(watchEntryId(two, true)).toBe(watchEntryId(one, true));
});
