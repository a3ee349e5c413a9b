import { expect, test } from 'vitest';
import { expandValues, historySeries, openMetrics } from './history.ts';

test.each<[string, readonly (number | undefined)[] | undefined]>([
  ['1 2 3', [1, 2, 3]],
  ['1+1x3', [1, 2, 3, 4]],
  ['10-5x2', [10, 5, 0]],
  ['5x2', [5, 5, 5]],
  ['1 _ 3', [1, undefined, 3]],
  ['_x2 7', [undefined, undefined, 7]],
  ['1.5e3', [1500]],
  ['-Inf', [-Infinity]],
  ['NaN', undefined],
  ['one', undefined],
  ['1+1x999999999', undefined],
])('the values %j', (text, values) => {
  expect(expandValues(text)).toEqual(values);
});

test('the last value lies at now, and the text is OpenMetrics', () => {
  const history = historySeries(
    [{ interval: '60s', input_series: [{ series: 'seq{job="a\\"b"}', values: '4 _ 6' }] }],
    1000,
  );
  expect(history.kind === 'read' && openMetrics(history.series)).toBe(
    'seq{job="a\\"b"} 4 880.000\nseq{job="a\\"b"} 6 1000.000\n# EOF\n',
  );
});

test('a selector with a regular expression is no series', () => {
  const history = historySeries([{ interval: '60s', input_series: [{ series: 'seq{job=~"a"}', values: '1' }] }], 0);
  expect(history.kind).toBe('invalid');
});
