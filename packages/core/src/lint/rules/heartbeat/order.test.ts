import { describe, expect, test } from 'vitest';
import { alert, group, lintTexts, record, said } from '../../fixture.ts';

const RULE = 'heartbeat/order';
const CHANGES = record('heartbeat_changes_6m', 'changes(heartbeat_seq[6m])');
const OK = record('heartbeat_ok', 'heartbeat_changes_6m >= bool 2');
const other = (...rules: readonly string[]): string => group(...rules).replace('name: heartbeat', 'name: other');

test('a rule that reads what is recorded after it is reported at what it reads', () => {
  expect(said(RULE, group(OK, CHANGES))).toMatchInlineSnapshot(`
    "5:16-5:36 error ⟦heartbeat_changes_6m⟧
      \`heartbeat_ok\` reads \`heartbeat_changes_6m\`, which its group records after it: it always sees the value of the evaluation before, and none at all after a start.
      help: Move the rule of \`heartbeat_changes_6m\` above this one."
  `);
});

test('a rule that reads what another group records is reported at what it reads', () => {
  expect(said(RULE, { 'a.yml': group(OK), 'b.yml': other(CHANGES) })).toMatchInlineSnapshot(`
    "5:16-5:36 error ⟦heartbeat_changes_6m⟧
      \`heartbeat_ok\` reads \`heartbeat_changes_6m\`, which the group \`other\` records: groups run in no order, so it sees the new value or the one before, and unit tests of it are unstable.
      help: Put both rules in one group, \`heartbeat_changes_6m\` first; in unit tests state \`group_eval_order\`."
  `);
});

test('the finding names the place of the other rule', () => {
  const [first] = lintTexts({ files: { 'a.yml': group(OK), 'b.yml': other(CHANGES) }, only: RULE });
  expect(first?.related).toMatchObject([{ file: 'b.yml', range: { line: 4 } }]);
});

test('an alert on another group is a warning, for it is only late', () => {
  expect(said(RULE, { 'a.yml': group(CHANGES), 'b.yml': other(alert('Stalled', 'heartbeat_changes_6m < 2')) })).toMatch(
    / warning .*heartbeat_changes_6m/,
  );
});

test('a severity of the configuration holds for alerts on other groups too', () => {
  const files = { 'a.yml': group(CHANGES), 'b.yml': other(alert('Stalled', 'heartbeat_changes_6m < 2')) };
  expect(said(RULE, files, { config: 'gate: { lint: { rules: { heartbeat/order: error } } }' })).toMatch(/ error /);
});

test('series that are no heartbeats are a warning within a group, and nothing across groups', () => {
  const late = [record('job:y', 'job:x * 2'), record('job:x', 'sum by (job) (x)')];
  expect(said(RULE, group(...late))).toMatch(/ warning /);
  expect(said(RULE, { 'a.yml': group(late[0] ?? ''), 'b.yml': other(late[1] ?? '') })).toBe('');
});

describe('nothing is said about', () => {
  test('what is recorded before', () => {
    expect(said(RULE, group(CHANGES, OK))).toBe('');
  });
  test('a rule that reads its own last value', () => {
    expect(said(RULE, group(record('heartbeat_max', 'max(heartbeat_seq or heartbeat_max)')))).toBe('');
  });
  test('what is read from the past on purpose', () => {
    expect(said(RULE, group(record('heartbeat_ok', 'heartbeat_changes_6m offset 1m >= bool 2'), CHANGES))).toBe('');
  });
  test('a series that its own group records first and another group too', () => {
    expect(said(RULE, { 'a.yml': group(CHANGES, OK), 'b.yml': other(CHANGES) })).toBe('');
  });
  test('series that nobody records', () => {
    expect(said(RULE, group(record('heartbeat_ok', 'heartbeat_raw > bool 0')))).toBe('');
  });
});
