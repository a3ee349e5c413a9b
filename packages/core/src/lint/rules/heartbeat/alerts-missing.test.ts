import { describe, expect, test } from 'vitest';
import { alert, group, record, said } from '../../fixture.ts';

const RULE = 'heartbeat/alerts-missing';
const RAW = 'heartbeat_seq{metric_realm="prod"}';
const CHANGES = record('heartbeat_changes_6m', `changes(${RAW}[6m])`);
const OK = record('heartbeat_ok', '(heartbeat_changes_6m >= bool 2) or vector(0)');
const ABSENT = alert('HeartbeatAbsent', `absent(${RAW})`);
const STALLED = alert('HeartbeatStalled', 'heartbeat_changes_6m == 0');

test('both alerts are asked for at the first rule that records the heartbeat', () => {
  expect(said(RULE, group(CHANGES, OK))).toMatchInlineSnapshot(`
    "4:17-4:37 error ⟦heartbeat_changes_6m⟧
      No alert fires when the heartbeat \`heartbeat_seq\` is absent, so nobody hears of it when its writer or its way into Prometheus is gone.
      help: Add an alert with \`expr: absent(heartbeat_seq{metric_realm="prod"})\`.
    4:17-4:37 error ⟦heartbeat_changes_6m⟧
      No alert fires when the heartbeat \`heartbeat_seq\` is still there but no longer ticks: a stuck writer looks alive.
      help: Add an alert with \`expr: changes(heartbeat_seq{metric_realm="prod"}[6m]) == 0\`, or on a recorded series made from it."
  `);
});

test('an absence that can never be true is no alert', () => {
  expect(said(RULE, group(CHANGES, OK, alert('HeartbeatAbsent', 'absent(heartbeat_ok)'), STALLED)))
    .toMatchInlineSnapshot(`
      "4:17-4:37 error ⟦heartbeat_changes_6m⟧
        No alert fires when the heartbeat \`heartbeat_seq\` is absent, for \`absent(heartbeat_ok)\` of \`HeartbeatAbsent\` can never be true: that series has a fallback and is always there.
        help: Add an alert with \`expr: absent(heartbeat_seq{metric_realm="prod"})\`."
    `);
});

test('each heartbeat needs its own alerts', () => {
  const second = record('backup_heartbeat_changes_6m', 'changes(backup_heartbeat_seq[6m])');
  expect(said(RULE, group(CHANGES, OK, ABSENT, STALLED, second))).toContain('`backup_heartbeat_seq` is absent');
});

test('an alert in another file counts', () => {
  expect(said(RULE, { 'a.yml': group(CHANGES, OK), 'b.yml': group(ABSENT, STALLED) })).toBe('');
});

test('nothing is said when only some files are linted', () => {
  expect(said(RULE, group(CHANGES, OK), { options: { scope: 'files' } })).toBe('');
});

describe('absence is told by', () => {
  test.each([
    ['absent of the raw heartbeat', `absent(${RAW})`],
    ['absent_over_time', `absent_over_time(${RAW}[5m])`],
    ['absent of a recorded series without a fallback', 'absent(heartbeat_changes_6m)'],
  ])('%s', (_, expr) => {
    expect(said(RULE, group(CHANGES, OK, alert('Gone', expr), STALLED))).toBe('');
  });
});

describe('a standstill is told by', () => {
  test.each([
    ['changes of the raw heartbeat', `changes(${RAW}[6m]) == 0`],
    ['recorded changes', 'heartbeat_changes_6m < 2'],
    ['a state made from changes', 'heartbeat_ok == 0'],
    ['the age of the heartbeat', 'time() - heartbeat_seq > 120'],
  ])('%s', (_, expr) => {
    expect(said(RULE, group(CHANGES, OK, ABSENT, alert('Stalled', expr)))).toBe('');
  });
  test.each([
    ['absence', 'absent(heartbeat_changes_6m)'],
    ['another heartbeat', 'changes(backup_heartbeat_seq[6m]) == 0'],
    ['a raw value', 'heartbeat_seq < 1'],
  ])('but not by %s', (_, expr) => {
    expect(said(RULE, group(CHANGES, OK, ABSENT, alert('Stalled', expr)))).toContain('no longer ticks');
  });
});
