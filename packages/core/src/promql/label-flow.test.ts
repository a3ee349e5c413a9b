import { expect, test } from 'vitest';
import { labelFact, labelFlow, parsePromql } from './index.ts';

/** `a=must:x b=never *=may`: what is known of a and b, and of all other labels. */
function known(text: string, ...labels: string[]): string {
  const flow = labelFlow(parsePromql(text).root);
  const facts = labels.map((label) => {
    const { presence, value } = labelFact(flow, label);
    return `${label}=${presence}${value === undefined ? '' : `:${value}`}`;
  });
  return [...facts, `*=${flow.others.presence}`].join(' ');
}

test.each([
  ['x{a="1"}', 'a=must:1 b=may *=may'],
  ['x{a=~"1|2", b=""}', 'a=must b=never *=may'],
  ['x{a!="", b=~".*"}', 'a=must b=may *=may'],
  ['sum(x{a="1"})', 'a=never b=never *=never'],
  ['sum by (a) (x{a="1"})', 'a=must:1 b=never *=never'],
  ['sum by (a, b) (x{a="1"})', 'a=must:1 b=may *=never'],
  ['sum without (a) (x{b="1"})', 'a=never b=must:1 *=may'],
  ['sum by (a) (sum by (b) (x{a="1"}))', 'a=never b=never *=never'],
  ['topk(3, x{a="1"})', 'a=must:1 b=may *=may'],
  ['count_values("a", x)', 'a=must b=never *=never'],
  ['vector(0)', 'a=never b=never *=never'],
  ['x{a="1"} or vector(0)', 'a=may b=may *=may'],
  ['sum(x) or vector(0)', 'a=never b=never *=never'],
  ['x{a="1"} or y{a="1", b="2"}', 'a=must:1 b=may *=may'],
  ['x{a="1"} or y{a="2"}', 'a=must b=may *=may'],
  ['x and on (a) y{a="1"}', 'a=must:1 b=may *=may'],
  ['x{a="1"} unless y', 'a=must:1 b=may *=may'],
  ['x * y{a="1"}', 'a=must:1 b=may *=may'],
  ['x * on (a) y{a="1", b="2"}', 'a=must:1 b=never *=never'],
  ['x{b="1"} / ignoring (b) y{a="1"}', 'a=must:1 b=never *=may'],
  ['x{a="1"} * on (c) group_left (b) y{b="2"}', 'a=must:1 b=must:2 *=may'],
  ['y{b="2"} * on (c) group_right (b) x{a="1"}', 'a=must:1 b=must:2 *=may'],
  ['x{b="1"} * on (a) group_left (b) sum by (a) (y)', 'a=may b=never *=may'],
  ['x{a="1"} * 2', 'a=must:1 b=may *=may'],
  ['2 > bool 1', 'a=never b=never *=never'],
  ['time() - x{a="1"}', 'a=must:1 b=may *=may'],
  ['absent(x{a="1", b=~"2"})', 'a=must:1 b=never *=never'],
  ['absent_over_time(x{a="1", a="2"}[5m])', 'a=never b=never *=never'],
  ['absent(sum(x{a="1"}))', 'a=never b=never *=never'],
  ['label_replace(vector(1), "a", "x", "", "")', 'a=must:x b=never *=never'],
  ['label_replace(x, "a", "", "b", ".*")', 'a=never b=may *=may'],
  ['label_replace(x{b="2"}, "a", "$1", "b", "(.*)")', 'a=must:2 b=must:2 *=may'],
  ['label_replace(x{a="1"}, "a", "y-$1", "b", "(c.*)")', 'a=must b=may *=may'],
  ['label_replace(x, "a", "$1", "b", "(c.*)")', 'a=may b=may *=may'],
  ['label_join(x, "a", "-", "b", "c")', 'a=must b=may *=may'],
  ['label_join(sum(x), "a", "", "b")', 'a=never b=never *=never'],
  ['histogram_quantile(0.9, sum by (a, le) (rate(x{a="1"}[5m])))', 'a=must:1 b=never *=never'],
  ['quantile_over_time(0.5, x{a="1"}[5m])', 'a=must:1 b=may *=may'],
  ['scalar(x{a="1"})', 'a=never b=never *=never'],
  ['info(sum by (a) (x))', 'a=may b=may *=may'],
])('%s', (text, expected) => {
  expect(known(text, 'a', 'b')).toBe(expected);
});

test.each([
  ['x', '__name__=must:x'],
  ['x > 0', '__name__=must:x'],
  ['x > bool 0', '__name__=never'],
  ['x + 1', '__name__=never'],
  ['-x', '__name__=never'],
  ['rate(x[5m])', '__name__=never'],
  ['last_over_time(x[5m])', '__name__=must:x'],
  ['sum without (a) (x)', '__name__=never'],
  ['x + on (__name__) y', '__name__=never'],
])('the metric name of %s', (text, expected) => {
  expect(known(text, '__name__').split(' ')[0]).toBe(expected);
});

test('every decision says why, and where', () => {
  const text = 'sum by (job) (x) * on (job) group_left (env) y{env="prod"}';
  const flow = labelFlow(parsePromql(text).root);
  const explain = (label: string): string => {
    const { presence, why, span } = labelFact(flow, label);
    return `${label} ${presence}: ${why} [${text.slice(span.start, span.end)}]`;
  };
  expect(['job', 'env', 'instance'].map(explain)).toMatchInlineSnapshot(`
    [
      "job may: the selector takes whatever labels the series have [x]",
      "env must: group_left takes it from the other side [*]",
      "instance never: sum by (job) removes other labels [by (job)]",
    ]
  `);
});
