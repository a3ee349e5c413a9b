import { expect, test } from 'vitest';
import { isValidRegex, matcherMatches, mayReadMetric, parsePromql, selectorMatches, selectorsOf } from './index.ts';

test.each([
  ['=', 'a', 'a', true],
  ['=', '', '', true],
  ['!=', 'a', '', true],
  ['=~', 'a|b', 'b', true],
  ['=~', 'a|b', 'ab', false],
  ['=~', 'a.c', 'a\nc', true],
  ['=~', '.+', '', false],
  ['=~', '', '', true],
  ['!~', 'a.*', 'b', true],
  ['!~', 'a.*', 'abc', false],
  ['=~', '(?i)prod', 'PROD', true],
  ['=~', '(', '(', undefined],
  ['!~', '(?=a)', 'a', undefined],
] as const)('%s %j on %j is %s', (operator, value, label, expected) => {
  expect(matcherMatches({ operator, value }, label)).toBe(expected);
});

test('what RE2 does not know is no valid expression', () => {
  expect(['a.*', '(?=a)', '(a)\\1', '[a'].map(isValidRegex)).toEqual([true, false, false, false]);
});

test('a selector matches a series by name and all matchers; an absent label is empty', () => {
  const [selector] = selectorsOf(parsePromql('up{job=~"a.*", env!="dev"}').root);
  const matches = (labels: Record<string, string>): boolean | undefined =>
    selector === undefined ? undefined : selectorMatches(selector, labels);
  expect(matches({ __name__: 'up', job: 'api' })).toBe(true);
  expect(matches({ __name__: 'up', job: 'api', env: 'dev' })).toBe(false);
  expect(matches({ __name__: 'down', job: 'api' })).toBe(false);
});

test('a selector may read a metric by its name pattern', () => {
  const may = (text: string, name: string): boolean[] =>
    selectorsOf(parsePromql(text).root).map((selector) => mayReadMetric(selector, name));
  expect(may('up + {__name__=~"u.*"} + {job="x"} + down', 'up')).toEqual([true, true, true, false]);
});
