import { describe, expect, test } from 'vitest';
import { group, record, said } from '../../fixture.ts';

const lint = (expr: string, ...more: readonly string[]): string =>
  said('heartbeat/range', group(...more, record('heartbeat_ok', expr)));

test('says where the value can lie and how to hold it', () => {
  expect(lint('sum(heartbeat_fresh) or vector(0)')).toMatchInlineSnapshot(`
    "5:16-5:49 error ⟦sum(heartbeat_fresh) or vector(0)⟧
      \`heartbeat_ok\` is a 0/1 state, but its value can lie anywhere below 0 and above 1; what multiplies it or compares it with 1 is then wrong.
      help: Write \`clamp(sum(heartbeat_fresh) or vector(0), 0, 1)\`, or make it a comparison with \`bool\`."
  `);
});

describe('a state is reported when it is', () => {
  test.each([
    ['a raw gauge', 'heartbeat_up'],
    ['a sum of states', '(a >= bool 1) + (b >= bool 1)'],
    ['a difference of states', '(a >= bool 1) - (b >= bool 1)'],
    ['a count of changes', 'changes(heartbeat_seq[6m])'],
    ['negative', '-(heartbeat_seq > bool 1)'],
    ['a filter, which keeps the value', 'heartbeat_seq >= 2'],
    ['clamped to another range', 'clamp(heartbeat_seq, 0, 2)'],
    ['clamped on one side', 'clamp_min(heartbeat_seq, 0)'],
    ['given a fallback above 1', '(heartbeat_seq > bool 1) or vector(2)'],
    ['multiplied by 100', '100 * (heartbeat_seq > bool 1)'],
  ])('%s', (_, expr) => {
    expect(lint(expr)).toContain('is a 0/1 state');
  });
  test('a recorded series whose rule leaves the range', () => {
    expect(lint('heartbeat_sum', record('heartbeat_sum', 'sum(a >= bool 1)'))).toContain('from 0 up');
  });
});

describe('nothing is said about', () => {
  test.each([
    ['a comparison with bool', 'heartbeat_seq > bool 1'],
    ['a product of states', '(a >= bool 1) * (b >= bool 1)'],
    ['a clamped expression', 'clamp(sum(heartbeat_fresh), 0, 1)'],
    ['two one-sided clamps', 'clamp_min(clamp_max(heartbeat_seq, 1), 0)'],
    ['an inverted state', '1 - (a >= bool 1)'],
    ['an average of states', 'avg by (metric_realm) (a >= bool 1)'],
    ['a state over time', 'min_over_time((a >= bool 1)[5m:1m])'],
    ['a state with a fallback', '(a >= bool 1) or label_replace(vector(0), "metric_realm", "prod", "", "")'],
    ['a fallback by absence', '(a >= bool 1) or absent(a) * 0'],
    ['up', 'up{job="heartbeat"}'],
    ['a filter that keeps one value', 'heartbeat_seq == 1'],
    ['the sign of a count', 'sgn(changes(heartbeat_seq[6m]))'],
  ])('%s', (_, expr) => {
    expect(lint(expr)).toBe('');
  });
  test('a recorded state', () => {
    expect(lint('heartbeat_a_ok', record('heartbeat_a_ok', 'a > bool 1'))).toBe('');
  });
  test('series that promise no state', () => {
    expect(said('heartbeat/range', group(record('heartbeat_changes_6m', 'changes(heartbeat_seq[6m])')))).toBe('');
  });
  test('rules that read each other in a circle', () => {
    expect(lint('clamp(heartbeat_a_ok, 0, 1)', record('heartbeat_a_ok', 'clamp(heartbeat_ok, 0, 1)'))).toBe('');
  });
});
