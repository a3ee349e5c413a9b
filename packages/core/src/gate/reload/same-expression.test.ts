import { expect, test } from 'vitest';
import { expressionForm } from './same-expression.ts';

// Left: as people write; right: as Prometheus prints it.
test.each([
  ["sum  by(job)(rate(foo{x='1'}[300s]))   > bool 0", 'sum by (job) (rate(foo{x="1"}[5m])) > bool 0'],
  ['sum(a) by (b)', 'sum by (b) (a)'],
  ['sum by () (a)', 'sum(a)'],
  ['a / ignoring() b', 'a / b'],
  ['a*on(x)group_left b', 'a * on (x) group_left () b'],
  ['(a + (b)) # sum', 'a + b'],
  ['1e3 + 0x10', '1000 + 16'],
  ['{__name__="up",job="x"}', 'up{job="x"}'],
  ['up{b="2",a="1"}', 'up{a="1",b="2"}'],
  ['a OFFSET 60m', 'a offset 1h'],
  ['a[1h:1m]', 'a[60m:60s]'],
])('%s is %s', (a, b) => {
  expect(expressionForm(a)).toBeDefined();
  expect(expressionForm(a)).toBe(expressionForm(b));
});

test.each([
  ['sum by (a) (x)', 'sum without (a) (x)'],
  ['a / b', 'a / on () b'],
  ['a - (b - c)', 'a - b - c'],
  ['a > 1', 'a > bool 1'],
  ['up{a="1"}', 'up{a=~"1"}'],
  ['rate(a[5m])', 'rate(a[6m])'],
  ['a @ 100', 'a @ 200'],
  ['a offset 5m', 'a offset -5m'],
  ['-a', 'a'],
])('%s is not %s', (a, b) => {
  expect(expressionForm(a)).not.toBe(expressionForm(b));
});

test('what cannot be read has no form', () => {
  expect(expressionForm('sum(')).toBeUndefined();
  expect(expressionForm('a + fill(0) b')).toBeUndefined();
});
