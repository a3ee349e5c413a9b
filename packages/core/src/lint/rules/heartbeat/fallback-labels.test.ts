import { describe, expect, test } from 'vitest';
import { alert, group, record, said } from '../../fixture.ts';

const RULE = 'heartbeat/fallback-labels';
const MAIN = 'max by (metric_realm) (heartbeat_up{metric_realm="prod"})';
const lint = (expr: string, labels?: string): string => said(RULE, group(record('heartbeat_ok', expr, labels)));
const labelled = (value: string): string => `label_replace(vector(0), "metric_realm", "${value}", "", "")`;

test('points at the fallback and writes the labelled one', () => {
  expect(lint(`${MAIN} or vector(0)`)).toMatchInlineSnapshot(`
    "5:79-5:88 error ⟦vector(0)⟧
      The fallback \`vector(0)\` lacks the label \`metric_realm\` of the left side: \`or\` matches on labels, so while the heartbeat is there the result has both series, one of which says 0.
      help: Write \`or label_replace(vector(0), "metric_realm", "prod", "", "")\`."
  `);
});

test('tells when the rule labels make both series equal, so that the evaluation fails', () => {
  expect(lint(`${MAIN} or vector(0)`, '{ metric_realm: prod }')).toContain('its evaluation fails');
});

test('tells when an alert judges the fallback beside the heartbeat', () => {
  expect(said(RULE, group(alert('Down', `(${MAIN} or vector(0)) == 0`)))).toContain('the alert judges the fallback');
});

describe('a fallback is reported when it', () => {
  test.each([
    ['has another value of the label', `${MAIN} or ${labelled('staging')}`, 'has `metric_realm="staging"`'],
    ['stands in for a scraped series', `heartbeat_up{metric_realm="prod"} or ${labelled('prod')}`, 'such as `job`'],
    ['has a label too many', `max(heartbeat_up) or ${labelled('prod')}`, 'has the label `metric_realm`'],
    ['compares on a label that it lacks', `${MAIN} or on (metric_realm) vector(0)`, 'lacks the label `metric_realm`'],
    ['stands in without the realm', `${MAIN} or on () vector(0)`, 'does not carry `metric_realm`'],
    ['asks for absence without labels', `${MAIN} or absent(heartbeat_up) * 0`, 'lacks the label `metric_realm`'],
    ['stands deep inside', `clamp((${MAIN} or vector(0)), 0, 1)`, 'lacks the label `metric_realm`'],
    ['stands in for a recorded series', 'heartbeat_a{metric_realm="prod"} or vector(0)', 'lacks the label'],
  ])('%s', (_, expr, words) => {
    expect(lint(expr)).toContain(words);
  });
});

test('a label that the left side is grouped by, but may not have, is a warning', () => {
  const grouped = 'max by (metric_realm, zone) (heartbeat_up{metric_realm="prod"})';
  expect(lint(`${grouped} or ${labelled('prod')}`)).toMatch(/ warning [^]* lacks the label `zone`/);
  expect(lint(`${grouped.replace('zone', 'job')} or ${labelled('prod')}`)).toMatch(/ error /);
});

describe('nothing is said about', () => {
  test.each([
    ['equal labels', `${MAIN} or ${labelled('prod')}`],
    ['no labels on either side', 'max(heartbeat_up) or vector(0)'],
    ['absence asked with the same labels', `${MAIN} or absent(heartbeat_up{metric_realm="prod"}) * 0`],
    [
      'a comparison on the label that both have',
      `heartbeat_up{metric_realm="prod"} or on (metric_realm) ${labelled('prod')}`,
    ],
    ['labels that are not compared', `max by (metric_realm, job) (heartbeat_up) or ignoring (job) ${labelled('prod')}`],
    ['what other branch may be there', `${MAIN} or max by (metric_realm) (heartbeat_b{metric_realm="prod"})`],
    [
      'labels left over by without, which nobody knows',
      `max without (job, instance) (heartbeat_up{metric_realm="prod"}) or ${labelled('prod')}`,
    ],
  ])('%s', (_, expr) => {
    expect(lint(expr)).toBe('');
  });
  test('a fallback whose realm the rule adds', () => {
    expect(lint(`${MAIN} or on () vector(0)`, '{ metric_realm: prod }')).toBe('');
  });
  test('a recorded series that gets its label from its rule', () => {
    const rules = group(
      record('heartbeat_a', 'max(heartbeat_up)', '{ metric_realm: prod }'),
      record('heartbeat_ok', `heartbeat_a or ${labelled('prod')}`),
    );
    expect(said(RULE, rules)).toBe('');
  });
  test('a series of unknown origin when only some files are linted', () => {
    const rules = group(record('heartbeat_ok', `heartbeat_a{metric_realm="prod"} or ${labelled('prod')}`));
    expect(said(RULE, rules, { options: { scope: 'files' } })).toBe('');
  });
});
