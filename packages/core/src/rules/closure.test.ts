import { expect, test } from 'vitest';
import { dependencyClosure, type ClosureRoots } from './closure.ts';
import { loadRuleFile } from './load.ts';
import { indexRules } from './rule-index.ts';
import { templateQueries } from './template-queries.ts';

const FILE = loadRuleFile(
  'r.yml',
  `groups:
- name: g
  rules:
  - {record: a, expr: raw}
  - {record: b, expr: sum(a)}
  - {record: c, expr: other}
  - {record: target_info, expr: meta}
  - {alert: A, expr: b > 0}
  - {alert: B, expr: c > 0}
  - {alert: OnAlert, expr: 'ALERTS{alertname="A"} == 1'}
  - {alert: OnAlerts, expr: 'ALERTS_FOR_STATE{alertname=~"[AB]"}'}
  - {alert: Pattern, expr: '{__name__=~"[ab]"}'}
  - {alert: Anything, expr: '{job="x"}'}
  - {alert: Templated, expr: raw, annotations: {text: '{{ with query "c > 1" }}x{{ end }}'}}
  - {alert: Computed, expr: raw, annotations: {text: '{{ printf "%s" .Value | query }}'}}
  - {alert: Broken, expr: '(a'}
  - {alert: Self, expr: Self}
  - {record: loop1, expr: loop2}
  - {record: loop2, expr: loop1}
  - {record: informed, expr: info(raw)}
`,
);
const INDEX = indexRules([FILE]);

function needed(roots: ClosureRoots): string {
  const { rules, all, why } = dependencyClosure(INDEX, roots);
  return why === undefined
    ? [...rules]
        .map((rule) => rule.name.value)
        .sort()
        .join(' ')
    : `${all ? 'all' : ''}: ${why}`;
}

test.each([
  [{ expressions: ['raw'] }, ''],
  [{ expressions: ['a'] }, 'a'],
  [{ expressions: ['b + c'] }, 'a b c'],
  [{ alerts: ['A'] }, 'A a b'],
  [{ alerts: ['Nobody'] }, ''],
  [{ alerts: ['OnAlert'] }, 'A OnAlert a b'],
  [{ alerts: ['OnAlerts'] }, 'A B OnAlerts a b c'],
  [{ expressions: ['ALERTS{alertname=~"A|Nobody"}', 'loop1'] }, 'A a b loop1 loop2'],
  [{ alerts: ['Pattern'] }, 'Pattern a b'],
  [{ alerts: ['Anything'] }, 'all: the selector "{job=\\"x\\"}" names no metric'],
  [{ alerts: ['Templated'] }, 'Templated c'],
  [{ alerts: ['Computed'] }, 'all: a template of alert Computed computes its query'],
  [{ alerts: ['Broken'] }, 'all: the expression "(a" cannot be read'],
  [{ alerts: ['Self'] }, 'Self'],
  [{ expressions: ['loop1'] }, 'loop1 loop2'],
  [{ expressions: ['informed'] }, 'informed target_info'],
])('%j needs %s', (roots, expected) => {
  expect(needed(roots)).toBe(expected);
});

test.each([
  ['no template', []],
  ['query "x"', []],
  ['{{ $labels.job }}', []],
  ['{{ query "up" }}', ['up']],
  ['{{ with query `up{a="b"}` }}{{ . | first | value }}{{ end }}', ['up{a="b"}']],
  ['{{ range query "up{a=\\"b\\"}" }}{{ end }}{{ query "down" | first }}', ['up{a="b"}', 'down']],
  ['{{ "up" | query }}', 'any'],
  ['{{ query (printf "up{a=%q}" $labels.a) }}', 'any'],
  ['{{ printf "the query %s" .Value }}', []],
  ['{{ query $x }}', 'any'],
] as const)('the templates of %j query %j', (text, expected) => {
  expect(templateQueries(text)).toEqual(expected);
});
