import { expect, test } from 'vitest';
import { allRules, loadRuleFile } from '../../rules/index.ts';
import { groupOrder } from './group-order.ts';

function order(...groups: readonly (readonly [name: string, rules: Readonly<Record<string, string>>])[]) {
  const text = groups.map(
    ([name, rules]) =>
      `  - name: ${name}\n    rules:\n${Object.entries(rules)
        .map(([record, expr]) => `      - { record: ${record}, expr: "${expr}" }\n`)
        .join('')}`,
  );
  const { example: _, ...rest } = {
    example: undefined,
    ...groupOrder(allRules([loadRuleFile('a.yml', `groups:\n${text.join('')}`)])),
  };
  return rest;
}

test('groups that read nothing of each other need no order', () => {
  expect(order(['a', { x: 'up', y: 'x' }], ['b', { z: 'up' }])).toEqual({ kind: 'independent' });
});

test('what is read is evaluated before what reads it, over several groups', () => {
  const groups = order(['c', { z: 'y' }], ['b', { y: 'x' }], ['a', { x: 'up' }]);
  expect(groups).toEqual({ kind: 'ordered', groups: ['a', 'b', 'c'] });
});

test('a circle has no order', () => {
  expect(order(['a', { x: 'y' }], ['b', { y: 'x' }])).toMatchObject({ kind: 'unordered' });
});

test('two groups of one name have no order, since promtool names groups', () => {
  const files = [
    loadRuleFile('a.yml', 'groups: [{ name: g, rules: [{ record: x, expr: up }] }]\n'),
    loadRuleFile('b.yml', 'groups: [{ name: g, rules: [{ record: y, expr: x }] }]\n'),
  ];
  expect(groupOrder(allRules(files))).toMatchObject({ kind: 'unordered', why: 'two groups are named "g"' });
});
