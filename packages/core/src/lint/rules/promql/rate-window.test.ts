import { describe, expect, test } from 'vitest';
import { group, record, said } from '../../fixture.ts';

const lint = (expr: string): string => said('promql/rate-window', group(record('job:x', expr)));

test('a range with fewer than two scrapes is a warning, with fewer than four an info', () => {
  expect([lint('rate(x_total[20s])'), lint('sum(increase(x_total[45s]))')].join('\n')).toMatchInlineSnapshot(`
    "5:21-5:33 warning ⟦x_total[20s]⟧
      rate() over \`x_total[20s]\` spans 1.3 scrapes of 15s: it often holds fewer than the two samples that it needs, and is empty then.
      help: Use a range of at least 1m (four scrapes).
    5:29-5:41 info ⟦x_total[45s]⟧
      increase() over \`x_total[45s]\` spans 3 scrapes of 15s: one failed scrape leaves it fewer than two samples, and a gap in the result.
      help: Use a range of at least 1m (four scrapes)."
  `);
});

describe('nothing is said about', () => {
  test.each([
    ['four scrapes', 'rate(x_total[1m])'],
    ['two scrapes of a function that needs the last two samples', 'irate(x_total[30s])'],
    ['functions that need one sample', 'max_over_time(x[20s])'],
    ['subqueries', 'rate(x_total[20s:5s])'],
  ])('%s', (_, expr) => {
    expect(lint(expr)).toBe('');
  });
  test('recorded series, which are sampled at the interval of their group', () => {
    expect(said('promql/rate-window', group(record('x', 'y'), record('z', 'rate(x[20s])')))).toBe('');
  });
});
