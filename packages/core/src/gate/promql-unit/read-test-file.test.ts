import { expect, test } from 'vitest';
import { readTestFile } from './read-test-file.ts';

function problems(text: string): string[] {
  return readTestFile('a_test.yml', text).findings.map(({ rule, range }) => `${rule} ${range?.line ?? ''}`.trim());
}

const TEXT = `rule_files: [a.yml, b.yml]
evaluation_interval: 30s
group_eval_order: [one, two]
fuzzy_compare: true
tests:
  - name: named
    interval: 15s
    input_series: [{ series: up, values: 1x5 }]
    alert_rule_test:
      - { alertname: A, eval_time: 5m, exp_alerts: [] }
    promql_expr_test:
      - { expr: up, eval_time: 1m, exp_samples: [{ labels: up, value: 1 }] }
  - input_series: []
`;

test('a test file is read with the places of its groups and assertions', () => {
  const file = readTestFile('a_test.yml', TEXT);
  expect(file.findings).toEqual([]);
  expect(file.ruleFiles.map(({ value }) => value)).toEqual(['a.yml', 'b.yml']);
  expect(file.groupEvalOrder).toEqual(['one', 'two']);
  expect(file.groups.map(({ name, range, interval }) => [name, range.line, interval.ms])).toEqual([
    ['named', 6, 15_000],
    ['test 2', 13, 30_000],
  ]);
  expect(file.groups[0]?.assertions.map(({ kind, expected, range }) => [kind, expected, range.line])).toEqual([
    ['alert', 'empty', 10],
    ['expr', 'some', 12],
  ]);
});

test('settings that promtool has and we do not know are handed on', () => {
  expect(readTestFile('a_test.yml', TEXT).settings).toEqual({
    group_eval_order: '[one, two]',
    fuzzy_compare: 'true',
    evaluation_interval: '30s',
  });
});

test('aliases are followed', () => {
  const file = readTestFile(
    'a.yml',
    `x: &t [{ name: t, input_series: &s [{ series: up, values: "1" }] }]\ntests: *t\n`,
  );
  expect(file.groups.map(({ name, series }) => [name, series.length])).toEqual([['t', 1]]);
});

test.each([
  ['unit/syntax 2', 'tests:\n\t- a\n'],
  ['unit/syntax 2', 'tests: []\ntests: []\n'],
  ['unit/second-document 2', 'tests: []\n---\ntests: [{ name: lost }]\n'],
  ['unit/no-tests', '- a\n'],
  ['unit/no-tests', ''],
  [
    'unit/syntax',
    `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\ntests: [*c,*c,*c,*c,*c,*c]\n`,
  ],
  ['unit/syntax 1', '['.repeat(10_000)],
])('%s: what promtool does not read as it is meant', (expected, text) => {
  expect(problems(text)[0]).toBe(expected);
});
