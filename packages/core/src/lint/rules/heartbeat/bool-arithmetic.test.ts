import { describe, expect, test } from 'vitest';
import { alert, group, record, said } from '../../fixture.ts';

const RULE = 'heartbeat/bool-arithmetic';
const SEQ = 'metric_heartbeat_seq{metric_realm="prod"}';
const inRecord = (expr: string, name = 'heartbeat_ok'): string => said(RULE, group(record(name, expr)));
const inAlert = (expr: string): string => said(RULE, group(alert('Stalled', expr)));

test('points at the comparison and writes the repaired one', () => {
  expect(inRecord(`changes(${SEQ}[6m]) >= 2`)).toMatchInlineSnapshot(`
    "5:16-5:77 error ⟦changes(metric_heartbeat_seq{metric_realm=\\"prod\\"}[6m]) >= 2⟧
      This comparison is recorded as a number but has no \`bool\`: it is not 1 or 0 but \`changes(metric_heartbeat_seq{metric_realm="prod"}[6m])\` itself while it holds, and no series at all while it does not.
      help: Write \`changes(metric_heartbeat_seq{metric_realm="prod"}[6m]) >= bool 2\`."
  `);
});

describe('a comparison without bool is reported when it is', () => {
  test.each([
    ['recorded', 'changes(heartbeat_seq[6m]) >= 2', 'recorded'],
    ['recorded as the left side of a fallback', '(changes(heartbeat_seq[6m]) >= 2) or vector(0)', 'recorded'],
    ['recorded as a fallback', 'vector(1) or heartbeat_seq > 2', 'recorded'],
    ['recorded under an aggregation of a state', 'min by (metric_realm) (heartbeat_seq > 2)', 'recorded'],
    ['recorded through label_replace', 'label_replace(heartbeat_seq > 2, "a", "b", "", "")', 'recorded'],
    ['multiplied', 'heartbeat_fresh * (heartbeat_changes >= 2)', 'multiplied'],
    ['added', '1 + (heartbeat_changes >= 2)', 'added'],
    ['subtracted', '1 - (heartbeat_changes >= 2)', 'subtracted'],
    ['divided', '(heartbeat_changes >= 2) / 2', 'divided'],
    ['negated', '-(heartbeat_changes >= 2)', 'negated'],
    ['clamped', 'clamp((heartbeat_changes >= 2), 0, 1)', 'clamped'],
    ['clamped from above', 'clamp_max(heartbeat_changes >= 2, 1)', 'clamped'],
    ['made a scalar', 'vector(scalar(heartbeat_changes >= 2))', 'given to scalar()'],
    ['multiplied with labels joined in', '(heartbeat_changes >= 2) * on (job) group_left (team) info', 'multiplied'],
  ])('%s', (_, expr, how) => {
    expect(inRecord(expr)).toContain(`This comparison is ${how} as a number but has no \`bool\``);
  });
  test('multiplied in an alert', () => {
    expect(inAlert('heartbeat_fresh * (heartbeat_changes >= 2) == 0')).toContain('multiplied as a number');
  });
  test('on both sides of a product, each by itself', () => {
    expect(inRecord('(heartbeat_a > 1) * (heartbeat_b > 1)').match(/has no `bool`/g)).toHaveLength(2);
  });
});

describe('nothing is said about', () => {
  test.each([
    ['comparisons with bool', '(heartbeat_fresh <= bool 120) * (heartbeat_changes >= bool 2)'],
    ['the right side of and, which only selects', 'vector(1) and on () (heartbeat_changes >= 2)'],
    ['the right side of unless', 'heartbeat_up unless heartbeat_changes < 2'],
    ['what is counted', 'count(heartbeat_up == 1)'],
    ['what is asked to be absent', 'absent(heartbeat_up == 1)'],
    ['an inner filter of a comparison with bool', '(heartbeat_seq > 0) >= bool 2'],
  ])('%s', (_, expr) => {
    expect(inRecord(expr)).toBe('');
  });
  test('an aggregated filter that is no state', () => {
    expect(inRecord('max(heartbeat_seq > 0)', 'heartbeat_seq:max')).toBe('');
  });
  test('the condition of an alert', () => {
    expect(inAlert('heartbeat_changes_6m < 2')).toBe('');
  });
  test('a condition of an alert that joins labels in', () => {
    expect(inAlert('(heartbeat_changes_6m < 2) * on (instance) group_left (team) info')).toBe('');
  });
  test('rules that read no heartbeat', () => {
    expect(said(RULE, group(record('job:x:ok', 'x > 2')))).toBe('');
  });
});
