import { describe, expect, test } from 'vitest';
import { group, record, said } from '../../fixture.ts';

const lint = (expr: string, ...more: readonly string[]): string =>
  said('heartbeat/fallback', group(...more, record('heartbeat_ok', expr)));

test('says what falls silent and writes the fallback', () => {
  expect(lint('max by (metric_realm) (heartbeat_seq{metric_realm="prod"}) > bool 0')).toMatchInlineSnapshot(`
    "5:16-5:85 error ⟦max by (metric_realm) (heartbeat_seq{metric_realm=\\"prod\\"}) > bool 0⟧
      \`heartbeat_ok\` vanishes when the heartbeat that it reads is missing: alerts such as \`heartbeat_ok == 0\` are then silent instead of firing.
      help: Write \`(max by (metric_realm) (heartbeat_seq{metric_realm="prod"}) > bool 0) or label_replace(vector(0), "metric_realm", "prod", "", "")\`, which has the same labels."
  `);
});

describe('a state without a fallback is reported', () => {
  test.each([
    ['under a clamp', 'clamp(heartbeat_up, 0, 1)'],
    ['when only one factor has one', '(a >= bool 1) * ((b >= bool 1) or vector(0))'],
    ['when the other branch may be missing too', '(a >= bool 1) or (b >= bool 1)'],
    ['when a missing value becomes NaN', 'vector(scalar(heartbeat_up)) > bool 0'],
    ['when the fallback is taken away again', '((a >= bool 1) or vector(0)) unless b'],
    ['when the fallback is filtered out', '((heartbeat_up) or vector(0)) > 0'],
  ])('%s', (_, expr) => {
    expect(lint(expr)).toContain('vanishes');
  });
  test('when its name says nothing but its value is the outcome of a comparison', () => {
    expect(said('heartbeat/fallback', group(record('heartbeat_enough', 'heartbeat_seq > bool 0')))).toContain(
      'vanishes',
    );
  });
  test('when it reads a recorded series that may be missing', () => {
    expect(lint('heartbeat_a_ok', record('heartbeat_a_ok', 'a > bool 0'))).toContain('vanishes');
  });
});

describe('a fallback that says alive is reported', () => {
  test.each([
    ['as a constant', '(a >= bool 1) or vector(1)', '`vector(1)` is not 0'],
    ['with labels', '(a >= bool 1) or label_replace(vector(1), "metric_realm", "prod", "", "")', 'is not 0'],
    ['as an absence, which is 1', '(a >= bool 1) or absent(a)', 'Write `absent(a) * 0`'],
    ['inside a clamp', 'clamp((a >= bool 1) or vector(1), 0, 1)', '`vector(1)` is not 0'],
  ])('%s', (_, expr, words) => {
    expect(lint(expr)).toContain(words);
  });
  test('but not for a name that may promise the opposite', () => {
    expect(said('heartbeat/fallback', group(record('heartbeat_stalled', '(a == bool 0) or vector(1)')))).toBe('');
  });
});

describe('nothing is said about', () => {
  test.each([
    ['a constant fallback', '(a >= bool 1) or vector(0)'],
    ['a labelled fallback', '(a >= bool 1) or label_replace(vector(0), "metric_realm", "prod", "", "")'],
    ['a fallback by absence', '(a{metric_realm="prod"} >= bool 1) or absent(a{metric_realm="prod"}) * 0'],
    ['a fallback inside a clamp', 'clamp((a or vector(0)), 0, 1)'],
    ['a fallback on each factor', '((a >= bool 1) or vector(0)) * ((b >= bool 1) or vector(0))'],
    ['a fallback inside an aggregation', 'min(a or vector(0))'],
    ['a fallback behind on ()', '(a >= bool 1) or on () vector(0)'],
  ])('%s', (_, expr) => {
    expect(lint(expr)).toBe('');
  });
  test('a state of a recorded state that has one', () => {
    expect(lint('heartbeat_a_ok * 1', record('heartbeat_a_ok', '(a > bool 0) or vector(0)'))).toBe('');
  });
  test('counts, whose absence means hold', () => {
    expect(said('heartbeat/fallback', group(record('heartbeat_changes_6m', 'changes(heartbeat_seq[6m])')))).toBe('');
  });
});
