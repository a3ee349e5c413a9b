import { expect, test } from 'vitest';
import { loadRuleFile, plainRuleFile } from '../../rules/index.ts';
import { quickRuleText } from './rule-copies.ts';

function quick(text: string): string {
  const file = loadRuleFile('a.yml', text);
  return quickRuleText(file, text, '1s');
}

const RULE = '    rules: [{ record: a, expr: up }]\n';

test('only the values of intervals are replaced, whatever their spelling', () => {
  const text = `groups:
  - name: plain # interval: 5m
    interval: 5m # why
    unknown: x
${RULE}  - { name: flow, interval: "30s", rules: [{ record: interval, expr: up }] }
  - name: none
${RULE}  - interval: 'i'
`;
  expect(quick(text)).toBe(text.replace('interval: 5m # why', 'interval: 1s # why').replace('"30s"', '1s'));
});

test('what cannot be read stays, so that a server refuses it', () => {
  const text = `groups:\n  - name: a\n    interval: 1m\n    bad: [\n`;
  expect(quick(text)).toContain('bad: [');
});

test('groups that share an interval by an alias are evaluated at once too', () => {
  const text = `groups:\n  - name: a\n    interval: &i 5m\n${RULE}  - name: b\n    interval: *i\n${RULE}`;
  expect(quick(text)).toBe(text.replace('&i 5m', '&i 1s'));
});

test('the copy of a manifest is evaluated at once too', () => {
  const text = `kind: PrometheusRule\nspec:\n  groups:\n    - name: a\n      interval: 5m\n      rules: [{ record: a, expr: up }]\n`;
  const file = loadRuleFile('a.yml', text);
  expect(quickRuleText(file, plainRuleFile(file), '1s')).toContain('\n    interval: 1s\n');
});
