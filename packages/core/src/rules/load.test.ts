import { expect, test } from 'vitest';
import { loadRuleFile } from './load.ts';

function findings(text: string): string[] {
  return loadRuleFile('r.yml', text).findings.map(
    ({ rule, severity, range, message }) => `${range?.line}:${range?.column} ${severity} ${rule}: ${message}`,
  );
}

const RULES = 'groups:\n- name: g\n  rules:\n  - record: r\n    expr: up\n';

test('a rule file has its groups, rules, labels and comments with their places', () => {
  const file = loadRuleFile(
    'rules/a.yml',
    `# obsgate: head
groups:
  - name: g # why
    interval: 30s
    limit: 5
    labels: { team: a }
    rules:
      - record: job:up:sum
        expr: sum by (job) (up)
        # obsgate: disable=x reason
        labels:
          env: prod
      - alert: Down
        expr: up == 0
        for: 5m
        keep_firing_for: 1h30m
        annotations:
          summary: "{{ $labels.job }}"
`,
  );
  expect(file.findings).toEqual([]);
  expect(file.comments.map(({ value, range }) => `${range.line}:${range.column} ${value}`)).toEqual([
    '1:1 # obsgate: head',
    '3:13 # why',
    '10:9 # obsgate: disable=x reason',
  ]);
  const [group] = file.groups;
  expect(group).toMatchObject({ name: { value: 'g' }, interval: { value: { ms: 30_000 } }, limit: { value: 5 } });
  expect(group?.range).toEqual({ line: 3, column: 5, endLine: 18, endColumn: 39 });
  expect(group?.labels[0]).toMatchObject({ key: { value: 'team' }, value: { value: 'a' } });
  const [record, alert] = group?.rules ?? [];
  expect(record).toMatchObject({ kind: 'recording', index: 0, name: { value: 'job:up:sum', range: { line: 8 } } });
  expect(record?.labels[0]?.value.range).toEqual({ line: 12, column: 16, endLine: 12, endColumn: 20 });
  expect(alert).toMatchObject({ kind: 'alerting', for: { value: { ms: 300_000 } } });
  expect(alert?.range).toEqual({ line: 13, column: 9, endLine: 18, endColumn: 39 });
  expect(alert?.file).toBe(file);
  expect(alert?.group).toBe(group);
});

test.each([
  ['an empty file', ''],
  ['only comments', '# nothing\n---\n# here\n'],
  ['an explicitly empty file', '{}\n'],
  ['a list', '- a\n'],
  ['a text', 'just text'],
  ['a tab', 'groups:\n- name: a\n\trules: []\n'],
  ['an unclosed bracket', 'groups: [\n'],
  ['a second document', `${RULES}---\ngroups: []\n`],
  ['a broken second document', `${RULES}---\ngroups: [\n`],
  ['an end marker and an empty second document', `${RULES}...\n---\n`],
  ['duplicate keys', 'groups:\n- name: a\n  name: b\n  rules:\n  - record: r\n    expr: up\n    expr: down\n'],
  ['deep nesting', `groups: ${'['.repeat(30_000)}`],
  ['deep block nesting', `${'- '.repeat(30_000)}a`],
  ['an unknown alias', 'groups: *nowhere\n'],
  ['an alias to itself', 'groups: &a [*a]\n'],
  ['a byte order mark', `\uFEFF${RULES}`],
  ['windows line ends', RULES.replaceAll('\n', '\r\n')],
  ['an unknown key', 'groups:\n- name: a\n  rulez: []\n'],
  ['a rule without anything', 'groups:\n- name: a\n  rules:\n  - {}\n  - 5\n  -\n'],
  ['a rule of two kinds', 'groups:\n- name: a\n  rules:\n  - {record: r, alert: A, expr: up}\n'],
  ['a record with alert keys', 'groups:\n- name: a\n  rules:\n  - {record: r, expr: up, for: 5m}\n'],
  ['wrong types', 'groups:\n- name: [a]\n  interval: 5\n  limit: x\n  rules: {a: b}\n'],
  ['wrong maps', 'groups:\n- name: a\n  rules:\n  - {record: r, expr: up, labels: [a], [k]: v}\n'],
  ['groups that are a map', 'groups: {name: a}\n'],
  [
    'a record with alert keys that say nothing',
    'groups:\n- name: a\n  rules:\n  - {record: r, expr: up, for: 0s, annotations: {}}\n',
  ],
])('%s', (name, text) => {
  expect(findings(text)).toMatchSnapshot(name);
});

test('an alias bomb is refused without being written out', () => {
  const levels = Array.from({ length: 30 }, (_, level) => {
    const inner = level === 0 ? 'x' : `*l${level - 1}`;
    return `l${level}: &l${level} [${Array.from({ length: 10 }, () => inner).join(', ')}]`;
  });
  expect(findings(`${levels.join('\n')}\ngroups: *l29\n`)).toEqual([
    '1:1 error rules/alias-bomb: With its aliases written out the file would hold more than a thousand million values; it is not read.',
  ]);
});

test('aliases and merge keys are read through, and point at where the text is written', () => {
  const file = loadRuleFile(
    'r.yml',
    `groups:
- name: a
  rules:
  - &base
    alert: A
    expr: &down up == 0
    labels: &labels {severity: page, team: x}
  - <<: *base
    alert: B
    labels: {<<: *labels, team: y}
  - {alert: C, expr: *down}
`,
  );
  expect(file.findings).toEqual([]);
  const rules = file.groups[0]?.rules ?? [];
  expect(rules.map((rule) => [rule.name.value, rule.expr.value, rule.expr.range.line])).toEqual([
    ['A', 'up == 0', 6],
    ['B', 'up == 0', 6],
    ['C', 'up == 0', 6],
  ]);
  expect(rules[1]?.labels.map((entry) => `${entry.key.value}=${entry.value.value}`)).toEqual([
    'team=y',
    'severity=page',
  ]);
});

test('scalars are texts, as Prometheus takes them', () => {
  const yaml = 'groups:\n- name: 1\n  rules:\n  - {record: r, expr: 0x10, labels: {a: yes, b: 1.0, c: ~, d: null}}\n';
  const [group] = loadRuleFile('r.yml', yaml).groups;
  expect(group?.name.value).toBe('1');
  expect(group?.rules[0]?.expr.value).toBe('0x10');
  expect(group?.rules[0]?.labels.map(({ value }) => value.value)).toEqual(['yes', '1.0', '', '']);
});

test('PrometheusRule objects are read from several documents and lists, other objects are passed over', () => {
  const file = loadRuleFile(
    'crd.yml',
    `apiVersion: v1
kind: ConfigMap
data: {groups: x}
---
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: {name: a}
spec:
  groups:
  - name: a
    partial_response_strategy: warn
    rules:
    - {record: one, expr: up}
---
kind: List
items:
- kind: PrometheusRule
  spec: {groups: [{name: b, rules: [{record: two, expr: up}]}]}
- kind: Service
`,
  );
  expect(file.format).toBe('crd');
  expect(file.findings).toEqual([]);
  const rules = file.groups.flatMap((group) => group.rules);
  expect(rules.map((rule) => [rule.group.name.value, rule.name.value, rule.name.range.line])).toEqual([
    ['a', 'one', 13],
    ['b', 'two', 18],
  ]);
});

test('a file with thousands of mistakes lists some and counts the rest, as an error', () => {
  const all = findings(`groups:\n- name: a\n  rules:\n${'  - {expr: up}\n'.repeat(5000)}`);
  expect(all).toHaveLength(201);
  expect(all.at(-1)).toBe('1:1 error rules/many-problems: 4800 more problems of this file are not listed.');
});

test('a list of a hundred thousand dangling aliases is an answer, not a crash', () => {
  const all = findings(`groups: [${'*a,'.repeat(100_000)}]\n`);
  expect(all[0]).toMatch(/^1:10 error rules\/unknown-anchor/);
  expect(all.length).toBeLessThan(50);
});
