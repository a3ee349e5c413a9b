import { expect, test } from 'vitest';
import { loadRuleFile, type RuleFile } from '../../rules/index.ts';
import type { ServerRule, ServerRuleGroup } from '../../server/index.ts';
import { compareRules, type RuleComparison } from './compare-rules.ts';

const FILE = loadRuleFile(
  'rules/a.yml',
  `groups:
  - name: g
    labels: { team: shop, severity: low }
    rules:
      - { record: a, expr: 'sum  (x)' }
      - { alert: B, expr: up == 0, for: 1m30s, labels: { severity: high, empty: '' } }
  - name: none
    rules: []
`,
);

const A: ServerRule = {
  kind: 'recording',
  name: 'a',
  query: 'sum(x)',
  labels: { severity: 'low', team: 'shop' },
  durationSeconds: 0,
  keepFiringForSeconds: undefined,
  annotations: {},
  health: 'ok',
  lastError: undefined,
  evaluated: true,
};
const B: ServerRule = {
  ...A,
  kind: 'alerting',
  name: 'B',
  query: 'up == 0',
  labels: { severity: 'high', team: 'shop' },
  durationSeconds: 90,
};

const group = (rules: readonly ServerRule[], more: Partial<ServerRuleGroup> = {}): ServerRuleGroup => ({
  name: 'g',
  file: '/tmp/rules/a.yml',
  intervalSeconds: 60,
  rules,
  ...more,
});

function compare(server: readonly ServerRuleGroup[], files: readonly RuleFile[] = [FILE]): RuleComparison {
  return compareRules(files, server, (path) => path.replace('/tmp/', ''));
}

test('the same rules have no difference: group labels are added, empty labels and empty groups do not count', () => {
  const { differences, questions, matched } = compare([group([A, B])]);
  expect([differences, questions, matched.length]).toEqual([[], [], 2]);
});

test.each<[string, readonly ServerRuleGroup[], readonly string[]]>([
  ['nothing is loaded', [], ['missing_group']],
  ['another file', [group([A, B], { file: '/tmp/rules/b.yml' })], ['missing_group', 'unknown_group']],
  ['another group too', [group([A, B]), group([A], { name: 'h' })], ['unknown_group']],
  ['a rule is missing', [group([A])], ['rule_count']],
  ['another order', [group([B, A])], ['type', 'name', 'duration', 'labels', 'type', 'name', 'duration', 'labels']],
  ['another name', [group([{ ...A, name: 'c' }, B])], ['name']],
  ['another duration', [group([A, { ...B, durationSeconds: 60 }])], ['duration']],
  ['another label value', [group([A, { ...B, labels: { ...B.labels, severity: 'low' } }])], ['labels']],
  ['a label too much', [group([A, { ...B, labels: { ...B.labels, x: 'y' } }])], ['labels']],
])('%s', (_, server, expected) => {
  const { differences } = compare(server);
  expect(differences.map((item) => (item.kind === 'changed' ? item.field : item.kind))).toEqual(expected);
});

test('another expression is a question for the server, not a difference yet', () => {
  const { differences, questions } = compare([group([{ ...A, query: 'sum(y)' }, B])]);
  expect(differences).toEqual([]);
  expect(questions.map(({ expected, actual }) => [expected, actual])).toEqual([['sum  (x)', 'sum(y)']]);
});
