import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadRuleFile } from './load.ts';
import { plainRuleFile, serializeRules } from './serialize.ts';

const FILE = loadRuleFile(
  'crd.yml',
  `kind: PrometheusRule
spec:
  groups:
  - name: g
    interval: 90s
    query_offset: 1m
    limit: 10
    labels: {team: a}
    rules:
    - record: r
      expr: |
        sum(up)
          / 2
    - alert: A
      expr: up == 0
      for: 0s
      keep_firing_for: 5m
      labels: {severity: page}
      annotations:
        text: "{{ $labels.job }}: \\"down\\""
  - name: h
    rules:
    - {record: s, expr: r}
`,
);

test('groups are written as a plain rule file', () => {
  expect(plainRuleFile(FILE)).toMatchInlineSnapshot(`
    "groups:
      - name: "g"
        interval: 1m30s
        query_offset: 1m
        limit: 10
        labels:
          "team": "a"
        rules:
          - record: "r"
            expr: "sum(up)\\n  / 2\\n"
          - alert: "A"
            expr: "up == 0"
            for: 0s
            keep_firing_for: 5m
            labels:
              "severity": "page"
            annotations:
              "text": "{{ $labels.job }}: \\"down\\""
      - name: "h"
        rules:
          - record: "s"
            expr: "r"
    "
  `);
});

test('rules that are not kept are left out, and groups without rules with them', () => {
  const { text } = serializeRules(FILE.groups, (rule) => rule.name.value === 's');
  expect(text).toBe('groups:\n  - name: "h"\n    rules:\n      - record: "s"\n        expr: "r"\n');
  expect(serializeRules(FILE.groups, () => false).text).toBe('groups: []\n');
});

test('every line leads back to where it is written', () => {
  const serialized = serializeRules(FILE.groups);
  const places = serialized.text.split('\n').map((_, at) => {
    const place = serialized.placeOf(at + 1);
    return place === undefined ? '-' : `${place.rule?.name.value ?? place.group.name.value}:${place.range.line}`;
  });
  expect(places.join(' ')).toMatchInlineSnapshot(
    `"- g:4 g:5 g:6 g:7 g:8 g:8 g:4 r:10 r:11 A:14 A:15 A:16 A:17 A:18 A:18 A:20 A:20 h:21 h:21 s:23 s:23 -"`,
  );
});

test('whatever the texts hold, they are read back as they were', () => {
  const text = fc.string({ unit: 'binary', minLength: 1 }).filter((value) => !/[\ud800-\udfff]/u.test(value));
  fc.assert(
    fc.property(text, text, text, (expr, key, value) => {
      const yaml = JSON.stringify({
        groups: [{ name: 'g', rules: [{ record: 'r', expr, labels: { [key]: value } }] }],
      });
      const rule = loadRuleFile('a.yml', yaml).groups[0]?.rules[0];
      if (rule === undefined) return;
      const [again] = loadRuleFile('b.yml', serializeRules([rule.group]).text).groups[0]?.rules ?? [];
      expect(again?.expr.value).toBe(rule.expr.value);
      expect(again?.labels.map((entry) => [entry.key.value, entry.value.value])).toEqual(
        rule.labels.map((entry) => [entry.key.value, entry.value.value]),
      );
    }),
  );
});
