import { describe, expect, test } from 'vitest';
import { alert, group, record, said } from '../../fixture.ts';

const RULE = 'heartbeat/realm-label';
const RAW = 'heartbeat_seq{metric_realm="prod"}';
const lint = (expr: string, labels?: string): string => said(RULE, group(record('heartbeat_changes_6m', expr, labels)));
const inAlert = (expr: string, more?: string): string =>
  said(RULE, group(record('heartbeat_ok', `max by (metric_realm) (${RAW}) > bool 0`), alert('Stalled', expr, more)));

test('points at the selector and writes the repaired one', () => {
  expect(lint('max by (metric_realm) (changes(heartbeat_seq{job="push"}[6m]))')).toMatchInlineSnapshot(`
    "5:47-5:74 error ⟦heartbeat_seq{job=\\"push\\"}⟧
      The raw heartbeat \`heartbeat_seq\` is read without \`metric_realm\`: the heartbeat of any other realm counts as this one's.
      help: Write \`heartbeat_seq{job="push",metric_realm="prod"}\`."
  `);
});

test('points at the name of a rule that loses the label', () => {
  expect(lint(`max(changes(${RAW}[6m]))`)).toMatchInlineSnapshot(`
    "4:17-4:37 error ⟦heartbeat_changes_6m⟧
      \`heartbeat_changes_6m\` is recorded without \`metric_realm\`: realms cannot be told apart, and \`heartbeat_changes_6m{metric_realm="prod"}\` selects nothing.
      help: Keep the label with \`by (metric_realm)\`, or add \`labels: { metric_realm: prod }\` to the rule."
  `);
});

describe('a selector is reported when its realm is', () => {
  test.each([
    ['missing', 'heartbeat_seq'],
    ['missing beside another matcher', 'heartbeat_seq{job="a"}'],
    ['any or none', 'heartbeat_seq{metric_realm=~".*"}'],
    ['excluded', 'heartbeat_seq{metric_realm!="staging"}'],
    ['empty', 'heartbeat_seq{metric_realm=""}'],
  ])('%s', (_, selector) => {
    expect(lint(`max by (metric_realm) (${selector})`)).toContain('is read without `metric_realm`');
  });
});

describe('a rule is reported when it', () => {
  test.each([
    ['aggregates the label away', `sum(${RAW})`],
    ['drops it by name', `sum without (metric_realm) (${RAW})`],
    ['matches on other labels', `${RAW} * on (job) ${RAW}`],
    ['records a constant', 'vector(1)'],
  ])('%s', (_, expr) => {
    expect(lint(expr)).toContain('is recorded without `metric_realm`');
  });
  test('takes the label away', () => {
    expect(lint(RAW, '{ metric_realm: "" }')).toContain('is recorded without `metric_realm`');
  });
  test('is an alert without it', () => {
    expect(inAlert(`max(${RAW}) == 0`)).toContain('The alert `Stalled` carries no `metric_realm`');
  });
});

describe('nothing is said about', () => {
  test.each([
    ['an equal realm', RAW],
    ['several realms', 'heartbeat_seq{metric_realm=~"prod|staging"}'],
    ['the placeholder of the unit tests', 'heartbeat_seq{metric_realm="${REALM}"}'],
    ['a grouping by realm', `max by (metric_realm, job) (${RAW})`],
    ['absence, which carries the realm it asked for', `absent(${RAW})`],
    ['a difference with the time', `time() - ${RAW}`],
    ['a realm joined in', `${RAW} * on (job) group_left (metric_realm) info`],
  ])('%s', (_, expr) => {
    expect(lint(expr)).toBe('');
  });
  test('a rule that adds the realm', () => {
    expect(lint(`max(${RAW})`, '{ metric_realm: prod }')).toBe('');
  });
  test('an alert that adds the realm', () => {
    expect(inAlert('max(heartbeat_ok) == 0', 'labels: { metric_realm: prod }')).toBe('');
  });
  test('a recorded series, which got the realm when it was recorded', () => {
    expect(inAlert('heartbeat_ok == 0')).toBe('');
  });
});

test('the label can be another one', () => {
  const config = 'realm: { label: env, value: live }';
  expect(said(RULE, group(record('heartbeat_changes_6m', RAW)), { config })).toContain(
    'heartbeat_seq{metric_realm="prod",env="live"}',
  );
});

test('a heartbeat of another system, which nothing here watches, is a warning', () => {
  const rules = group(alert('DataNodeDown', 'time() - hadoop_datanode_last_heartbeat > 60'));
  expect(said(RULE, rules)).toMatch(/ warning /);
  expect(said(RULE, rules)).not.toMatch(/ error /);
});
